/**
 * The one script of the report: a search and filters over what is on the page already. It makes its own controls, so a page
 * whose script is refused (Jenkins) shows none that do nothing. It writes no markup and no style, and asks nobody.
 */

export const scriptName = "report.js";

export const script = `"use strict";
(() => {
  const main = document.getElementById("main");
  const rows = [...document.querySelectorAll("article.failure, table.tests tbody tr, table.rest tbody tr")];
  if (main === null || rows.length < 2) return;
  const verdictOf = (row) => {
    if (row.classList.contains("failure")) return row.classList.contains("error") ? "error" : "fail";
    const sign = row.querySelector(".sign");
    return ["fail", "error", "skip", "known", "open"].find((kind) => sign?.classList.contains(kind)) ?? "pass";
  };
  const entries = rows.map((row) => {
    const file = row.closest("details.file")?.querySelector("summary .path")?.textContent ?? "";
    return { row, verdict: verdictOf(row), text: (file + " " + row.textContent).toLowerCase() };
  });
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const search = make("input", { type: "search", id: "find", placeholder: "words of a test, a field, a value", autocomplete: "off" });
  const said = make("output", { for: "find" });
  const words = { fail: "failed", error: "errors", pass: "passed", skip: "skipped", known: "known", open: "not judged" };
  const boxes = Object.keys(words)
    .filter((kind) => entries.some(({ verdict }) => verdict === kind))
    .map((kind) => make("input", { type: "checkbox", value: kind, checked: "" }));
  const choices = boxes.map((box) => make("label", {}, box, " ", words[box.value]));
  const form = make("form", { class: "find", role: "search" }, make("label", { for: "find" }, "Find"), search, ...choices, said);
  const files = [...document.querySelectorAll("details.file")];
  const opened = new Set(files.filter((file) => file.open));
  const show = () => {
    const asked = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const all = asked.length === 0 && kinds.size === boxes.length;
    let count = 0;
    for (const { row, text, verdict } of entries) {
      const fits = kinds.has(verdict) && asked.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits && !row.classList.contains("failure")) count += 1;
    }
    for (const file of files) {
      const some = file.querySelector("tbody tr:not([hidden])") !== null;
      file.hidden = !some;
      file.open = all ? opened.has(file) : some;
    }
    said.textContent = all ? "" : count === 1 ? "1 test" : count + " tests";
  };
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(show, 80); };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || document.activeElement === search) return;
    event.preventDefault();
    search.focus();
  });
  const before = document.getElementById("failures") ?? document.getElementById("tests");
  before?.before(form);
})();
`;
