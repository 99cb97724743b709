/**
 * A matrix as a page. Comes in: the folded matrix, its fields, the folders of the sides' own reports. Goes out: index.html and its
 * style, readable without scripts and under the same content policy as the report of a run.
 */
import { join } from "node:path";
import {
  isAccepted,
  isQuiet,
  isStaleEntry,
  type MatrixCell,
  type MatrixResult,
  type MatrixRow,
  type MatrixSide,
} from "../../verdict/fold-matrix.ts";
import { markName, refuseForeignPage } from "../foreign-page.ts";
import { type Html, markup } from "../html/html-template.ts";
import { markSvg } from "../html/images.ts";
import { pageHead } from "../html/page-head.ts";
import { styleSheet } from "../html/style.ts";
import { openWhole } from "../output-file.ts";
import { duration, plural } from "../plain-text.ts";
import { replayLine } from "../shell-line.ts";
import type { MatrixField, MatrixFields } from "./matrix-fields.ts";
import {
  baselineOf,
  conclusionOf,
  countsOf,
  failureIds,
  noteOf,
  sideHeadline,
  signOf,
  wordOf,
} from "./matrix-words.ts";

/** What the page adds to the style of reports. */
const matrixStyle = `
.matrix { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shade); border-collapse: separate; border-spacing: 0; overflow-wrap: anywhere; }
.matrix-scroll { overflow-x: auto; } .matrix thead th { white-space: normal; } .matrix .cell { text-align: center; white-space: nowrap; } .matrix tr.parts > * { background: var(--bad-wash); }
.matrix th[scope="rowgroup"] { font-weight: 600; padding-top: 0.9rem; } .matrix tbody th[scope="row"] { min-width: 12rem; }
.matrix .word { font-size: 0.82rem; } .values th[scope="row"] { padding-left: 1.6rem; } .values .wrong > * { background: var(--bad-wash); } .values code { white-space: pre-wrap; }
.values th[scope="rowgroup"] { font-weight: 600; }
`;

/** Failures shown in full; the table above has them all. */
const maxShown = 100;
const maxFields = 60;
const maxValue = 1200;

/** Makes sure before anything is run that the page can be written. */
export function openMatrixPage(
  folder: string,
): (result: MatrixResult, fields: MatrixFields, reports: readonly string[]) => void {
  refuseForeignPage(folder);
  const index = openWhole(join(folder, "index.html"));
  return (result, fields, reports) => {
    for (const [name, text] of [
      ["style.css", styleSheet + matrixStyle],
      [markName, markSvg],
    ] as const) {
      const file = openWhole(join(folder, name));
      file.write(text);
      file.close();
    }
    index.write(matrixPage(result, fields, reports));
    index.close();
  };
}

function matrixPage(result: MatrixResult, fields: MatrixFields, reports: readonly string[]): string {
  const { rows, sides } = result;
  const suite = sides.find(({ started }) => started !== undefined)?.started?.suite;
  const open = rows.filter((row) => !isQuiet(row));
  const loud = [...open.filter((row) => !isAccepted(row)), ...open.filter(isAccepted)];
  const said = conclusionOf(result);
  const [first = "", rest] = said.split("; ");
  const title = `${first.slice(0, 1).toUpperCase()}${first.slice(1)}`;
  const page = markup`<!doctype html>
    <html lang="en">
      ${pageHead(`${title} · ${suite?.name ?? "Tally"}`)}
      <body>
        <a class="jump" href="#main">Skip to the report</a>
        <nav aria-label="Sections">
          <ul>
            <li><a href="#sides">Sides</a></li>
            ${loud.length > 0 && markup`<li><a href="#values">Where they part</a></li>`}
            <li><a href="#tests">All tests</a></li>
          </ul>
        </nav>
        <main id="main" tabindex="-1">
          <header class="hero ${outcomeOf(result)}">
            <p class="brand">
              <img src="${markName}" width="28" height="28" alt="" /> <b>${suite?.name ?? "Tally"}</b> ${suite?.version}
            </p>
            <h1>${title}</h1>
            <p class="when">${[...sides.map(({ name }) => name), ...(rest === undefined ? [] : [rest])].join(" · ")}</p>
          </header>
          <h2 id="sides">Sides</h2>
          ${sideList(sides, reports)}
          ${
            loud.length > 0 &&
            markup`<h2 id="values">Where they part</h2>
              ${loud.slice(0, maxShown).map((row) => article(row, sides, fields.get(row.plan.id) ?? []))}
              ${loud.length > maxShown && markup`<p class="none">${plural(loud.length - maxShown, "more test is", "more tests are")} in the table below only.</p>`}`
          }
          <h2 id="tests">All tests</h2>
          ${testTable(rows, sides)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function outcomeOf({ rows, sides }: MatrixResult): "good" | "bad" | "open" {
  if (sides.some(({ ended }) => ended === undefined || (ended.exit !== 0 && ended.exit !== 1))) return "open";
  return rows.length > 0 && sides.every(({ ended }) => ended?.exit === 0) ? "good" : "bad";
}

function sideList(sides: readonly MatrixSide[], reports: readonly string[]): Html {
  return markup`<dl class="facts">
      ${sides.map((side) => {
        const { ended, name, started } = side;
        const [endpoint] = started?.endpoints ?? [];
        const linked = reports.includes(name) ? markup`<a href="${name}/index.html">${name}</a>` : name;
        return markup`<div>
          <dt>${endpoint?.role ?? "not begun"}</dt>
          <dd>
            <b>${linked}</b> ${countsOf(side)}${ended && ` in ${duration(ended.ms)}`}<br />
            <code>${endpoint?.url}</code> ${endpoint?.version}
            ${baselineOf(side) && markup`<br />accepted failures: <code>${baselineOf(side)}</code>`}
          </dd>
        </div>`;
      })}
    </dl>
    ${sides.map(({ name, problem }) => problem && markup`<p class="notice"><b>${name}: error[${problem.code}]</b> ${problem.message} ${problem.hint}</p>`)}`;
}

function article(row: MatrixRow, sides: readonly MatrixSide[], fields: readonly MatrixField[]): Html {
  const ids = failureIds(row);
  const others = row.cells.flatMap((cell, i) => {
    const note = noteOf(cell);
    const isSaid =
      cell?.verdict === "pass" ||
      ((cell?.judged?.mismatches.length ?? 0) > 0 && note === undefined) ||
      (cell === undefined && (fields.length > 0 || isStaleEntry(row)));
    if (isSaid) return [];
    const headline = sideHeadline(row, cell);
    const said = note === undefined || headline.includes(note) ? headline : `${headline} · ${note}`;
    return [markup`<li><b>${sides[i]?.name}</b>: ${said}</li>`];
  });
  return markup`<article class="failure" id="${anchorOf(row)}">
    <p class="crumbs"><span class="path">${row.plan.file}${row.plan.line !== undefined && `:${row.plan.line}`}</span> ${row.plan.bug && markup`<span class="tag">${row.plan.bug}</span>`}</p>
    <h3>${row.plan.name}</h3>
    <p class="meta">${row.cells.map((cell, i) => markup`<span>${sides[i]?.name} ${verdictMark(cell)}</span>`)}</p>
    ${[...Map.groupBy(fields.slice(0, maxFields), ({ input, operation }) => `${operation} ${input ?? ""}`)].map(([, group]) => fieldTable(group, sides))}
    ${fields.length > maxFields && markup`<p class="none">${plural(fields.length - maxFields, "more field is", "more fields are")} off.</p>`}
    ${others.length > 0 && markup`<ul class="plain">${others}</ul>`}
    ${ids.length > 0 && markup`<div class="repro"><p class="none">Again, and as a case of the suite</p><pre class="copy">${ids.map((id) => `${replayLine(id)}\ntally keep ${id}`).join("\n")}</pre></div>`}
  </article>`;
}

function fieldTable(fields: readonly MatrixField[], sides: readonly MatrixSide[]): Html {
  const [first] = fields;
  return markup`<section class="stage">
    <h4>${first?.operation}</h4>
    ${first?.input !== undefined && markup`<pre class="input">${first.input.slice(0, maxValue)}</pre>`}
    <table class="values">
      <caption class="unseen">Fields that are off, with the value of every side</caption>
      <thead><tr><th scope="col">field</th><th scope="col">value</th><th scope="col"><span class="unseen">state</span></th></tr></thead>
      ${fields.map(
        ({ expected, path, values, wrong }) => markup`<tbody>
          <tr><th scope="rowgroup" colspan="3">${path === "" ? markup`<i>record</i>` : path}</th></tr>
          ${expected !== undefined && markup`<tr><th scope="row">expected</th><td><code>${expected.slice(0, maxValue)}</code></td><td></td></tr>`}
          ${sides.map(
            ({ name }, i) =>
              markup`<tr class="${wrong[i] === true ? "wrong" : "right"}"><th scope="row">${name}</th><td>${values[i] === undefined ? markup`<span class="none">not there</span>` : markup`<code>${values[i].slice(0, maxValue)}</code>`}</td><td>${wrong[i] === true && markup`<span class="sign fail">✗</span> <span class="word">mismatch</span>`}</td></tr>`,
          )}
        </tbody>`,
      )}
    </table>
  </section>`;
}

function testTable(rows: readonly MatrixRow[], sides: readonly MatrixSide[]): Html {
  return markup`<div class="matrix-scroll"><table class="matrix">
    <caption class="unseen">Every test with its verdict on every side</caption>
    <thead><tr><th scope="col">test</th>${sides.map(({ name }) => markup`<th scope="col" class="cell">${name}</th>`)}</tr></thead>
    ${[...Map.groupBy(rows, ({ plan }) => plan.file)].map(
      ([file, own]) => markup`<tbody>
        <tr><th scope="rowgroup" colspan="${sides.length + 1}"><span class="path">${file}</span></th></tr>
        ${own.map(
          (row) => markup`<tr class="${row.parts ? "parts" : "same"}">
            <th scope="row">${isQuiet(row) ? nameOf(row) : markup`<a href="#${anchorOf(row)}">${nameOf(row)}</a>`} ${row.plan.bug && markup`<span class="tag">${row.plan.bug}</span>`}</th>
            ${row.cells.map((cell) => markup`<td class="cell">${verdictMark(cell)}</td>`)}
          </tr>`,
        )}
      </tbody>`,
    )}
  </table></div>`;
}

function nameOf({ plan }: MatrixRow): string {
  return plan.id.startsWith(`${plan.file} > `) ? plan.id.slice(plan.file.length + 3) : plan.id;
}

function verdictMark(cell: MatrixCell | undefined): Html {
  return markup`<span class="sign ${cell?.verdict ?? "open"}">${signOf(cell)}</span> <span class="word">${wordOf(cell)}</span>`;
}

/** Ids hold anything; anchors do not. */
function anchorOf({ plan }: MatrixRow): string {
  return `t-${Buffer.from(plan.id).toString("base64url").slice(-120)}`;
}
