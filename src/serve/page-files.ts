/** What the page loads besides itself. Served as files of their own: its policy allows no inline script or style. */

/** Sends the form's records and shows the answer. */
export const pageScript: string = `for (const form of document.querySelectorAll("form[data-operation]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    const began = performance.now();
    output.textContent = "…";
    output.className = "";
    try {
      const answer = await fetch("/" + encodeURIComponent(form.dataset.operation), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: form.querySelector("textarea").value,
      });
      const text = await answer.text();
      const ms = (performance.now() - began).toFixed(1);
      output.textContent = answer.status + " in " + ms + " ms\\n" + text;
      output.className = answer.ok ? "answered" : "failed";
    } catch (error) {
      output.textContent = "No answer: " + error.message;
      output.className = "failed";
    }
  });
}
`;

/** Light and dark by the system's choice; every pair of colours has a contrast of at least 4.5. */
export const pageCss: string = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 50rem; padding: 1rem; background: light-dark(#fff, #16181d); color: light-dark(#1c1f26, #e6e8ec); }
h1 { margin-bottom: 0; }
header p, small, caption { color: light-dark(#565d6b, #a4abb8); }
section { border-top: 1px solid light-dark(#c9ced8, #3a404d); margin-top: 1.5rem; }
a { color: light-dark(#0b57b0, #8ab8f5); }
table { border-collapse: collapse; margin: 0 2rem 1rem 0; display: inline-table; vertical-align: top; }
caption { text-align: left; }
th, td { text-align: left; font-weight: normal; padding: 0.1rem 1rem 0.1rem 0; }
code, pre, textarea, output, th, td { font-family: ui-monospace, monospace; font-size: 0.875rem; }
label { display: block; }
textarea { box-sizing: border-box; width: 100%; }
button { font: inherit; padding: 0.25rem 1rem; margin: 0.5rem 0; }
pre, output { display: block; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.5rem; background: light-dark(#f2f4f7, #22262e); }
output:empty { display: none; }
output.failed { border-left: 4px solid light-dark(#b3261e, #f2887f); }
output.answered { border-left: 4px solid light-dark(#1e7d42, #6fcf97); }
`;
