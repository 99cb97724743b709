import type { Contract } from "../contract/contract.ts";
import { exampleRecord, inputFields } from "../contract/example-record.ts";
import type { ServedDescription, ServedOperation } from "./describe-server.ts";

/** The page a browser gets at `/`: the operations, a form to try each, and the line to do the same in a shell. */
export function pageHtml(description: ServedDescription, origin: string, contract: Contract | undefined): string {
  const name = description.name ?? "local endpoint";
  const facts = [description.version && `version ${description.version}`, description.runtime].filter(Boolean);
  const sections = Object.entries(description.operations).map(([operation, about]) =>
    operationSection(operation, about, { origin, example: exampleOf(contract, operation) }),
  );
  const openapi = contract ? ', <a href="/openapi.json">OpenAPI</a>' : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)} · Tally</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<header>
<h1>${escapeHtml(name)}</h1>
<p>${facts.map((fact) => escapeHtml(String(fact))).join(" · ")}</p>
</header>
<main>
<p>A batch of records in, a batch of records of the same length and order out.
<code>POST /{operation}</code> with a JSON array; <a href="/health">health</a>${openapi}.</p>
${sections.join("\n") || "<p>The endpoint does not say which operations it has. Try one with curl.</p>"}
</main>
</body>
</html>
`;
}

function exampleOf(contract: Contract | undefined, name: string): string {
  const operations = contract?.operations;
  const operation = operations && Object.hasOwn(operations, name) ? operations[name] : undefined;
  return JSON.stringify([contract && operation ? exampleRecord(inputFields(contract, operation)) : {}]);
}

function operationSection(
  name: string,
  about: ServedOperation,
  { origin, example }: { readonly origin: string; readonly example: string },
): string {
  const id = escapeHtml(encodeURIComponent(name));
  const url = `${origin}/${encodeURIComponent(name)}`;
  const curl = `curl -H 'content-type: application/json' -d '${example.replaceAll("'", "'\\''")}' ${url}`;
  return `<section aria-labelledby="name-${id}">
<h2 id="name-${id}">${escapeHtml(name)}${about.after === undefined ? "" : ` <small>after ${escapeHtml(about.after)}</small>`}</h2>
${about.doc === undefined ? "" : `<p>${escapeHtml(about.doc)}</p>`}
${typeTable("Input", about.input)}${typeTable("Output", about.output)}
<form data-operation="${escapeHtml(name)}">
<label for="records-${id}">Records</label>
<textarea id="records-${id}" rows="4" spellcheck="false">${escapeHtml(example)}</textarea>
<button type="submit">Ask ${escapeHtml(name)}</button>
<output for="records-${id}" aria-live="polite"></output>
</form>
<pre tabindex="0" aria-label="The same in a shell">${escapeHtml(curl)}</pre>
</section>`;
}

function typeTable(caption: string, types: ServedOperation["input"]): string {
  if (types === undefined) return "";
  const rows = Object.entries(types).map(
    ([field, type]) => `<tr><th scope="row">${escapeHtml(field)}</th><td>${escapeHtml(type)}</td></tr>`,
  );
  return `<table><caption>${caption}</caption>${rows.join("")}</table>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
