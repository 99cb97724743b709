/** The fields of one exchange side by side: expected | reference | candidate, differences by symbol, word and colour. */
import { deltaText, isNumberText, numberText, toleranceText } from "../number-text.ts";
import { type FieldRow, kindText } from "../field-rows.ts";
import { clip, clipPair, nearDifference, plural, sharedEnds, visible, visiblePair } from "../plain-text.ts";
import { type Html, markup, type HtmlValue } from "./html-template.ts";

/** Characters of one value shown at most. */
const maxValue = 1200;
/** Fields that agree are folded away when there are more beside one that does not. */
const maxAgreeing = 6;

export interface GridOptions {
  readonly side: "candidate" | "answer";
  /** Whether a reference is to be expected. */
  readonly compared: boolean;
  /** Whether the reference's answer is known; a field that is not in it was then not answered. */
  readonly recorded: boolean;
  readonly label: string;
}

interface Columns {
  readonly expected: boolean;
  readonly reference: boolean;
  readonly alone: boolean;
  readonly delta: boolean;
}

/** All fields of an exchange. */
export function fieldGrid(rows: readonly FieldRow[], options: GridOptions): Html {
  const columns = {
    expected: rows.some((row) => row.expected !== undefined),
    reference: options.compared,
    alone: rows.some((row) => row.alone !== undefined),
    delta: rows.some((row) => row.delta !== undefined || row.mismatch !== undefined),
  };
  const agreeing = rows.filter((row) => row.state === "same");
  if (agreeing.length <= maxAgreeing || agreeing.length === rows.length) return grid(rows, columns, options);
  const others = rows.filter((row) => row.state !== "same");
  return markup`${grid(others, columns, options)}
    <details class="more agreeing">
      <summary>${plural(agreeing.length, "field")} that agree</summary>
      ${grid(agreeing, { ...columns, expected: false, alone: false, delta: false }, options)}
    </details>`;
}

function grid(rows: readonly FieldRow[], columns: Columns, options: GridOptions): Html {
  return markup`<table class="fields">
    <caption class="unseen">
      ${options.label}
    </caption>
    <thead>
      <tr>
        <th scope="col"><span class="unseen">state</span></th>
        <th scope="col">field</th>
        ${columns.expected && markup`<th scope="col">expected</th>`}${columns.reference && markup`<th scope="col">reference</th>`}
        <th scope="col">${options.side}</th>
        ${columns.alone && markup`<th scope="col">alone</th>`} ${columns.delta && markup`<th scope="col">delta</th>`}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => gridRow(row, columns, options))}
    </tbody>
  </table>`;
}

const states: Readonly<Record<FieldRow["state"], { readonly sign: string; readonly word: string }>> = {
  mismatch: { sign: "✗", word: "mismatch" },
  differs: { sign: "≠", word: "differs" },
  close: { sign: "≈", word: "rounding" },
  same: { sign: "=", word: "agrees" },
};

function gridRow(row: FieldRow, columns: Columns, { side, recorded }: GridOptions): Html {
  const state = row.reference === undefined && row.state === "same" ? undefined : states[row.state];
  const shown = shownValues(row);
  return markup`<tr class="${row.state}">
      <td class="sign">
        ${state !== undefined && markup`<span title="${state.word}">${state.sign}<span class="unseen"> ${state.word}</span></span>`}
      </td>
      <th scope="row">${row.path === "" ? markup`<i>record</i>` : row.path}</th>
      ${columns.expected && cell("expected", shown.expected, "–")}${columns.reference && cell("reference", shown.reference, recorded ? "–" : "not recorded")}
      ${cell(side, shown.candidate, row.mismatch?.kind === "missing" ? "missing" : "–")}${columns.alone && cell("alone", shown.alone, "–")}
      ${columns.delta && markup`<td data-label="delta" class="delta">${deltaCell(row)}</td>`}
    </tr>
    ${
      row.mismatch?.hint !== undefined &&
      markup`<tr class="hint">
        <td></td>
        <td colspan="6">${row.mismatch.hint}</td>
      </tr>`
    }`;
}

function cell(label: string, value: HtmlValue, absent: string): Html {
  const none = value === undefined || absent === value;
  return markup`<td data-label="${label}"${none && markup` class="absent"`}>
    ${none ? markup`<span class="none">${absent}</span>` : markup`<code>${value}</code>`}
  </td>`;
}

interface ShownValues {
  readonly expected: HtmlValue;
  readonly reference: HtmlValue;
  readonly candidate: HtmlValue;
  readonly alone: HtmlValue;
}

/** Values with the characters marked in which the candidate parts from what it is held against. */
function shownValues(row: FieldRow): ShownValues {
  const wanted = row.expected ?? row.reference;
  const plain = (text: string | undefined) =>
    text === undefined ? undefined : clip(valueText(text.slice(0, 2 * maxValue)), maxValue);
  if (wanted === undefined || row.candidate === undefined || row.state === "same") {
    return {
      expected: plain(row.expected),
      reference: plain(row.reference),
      candidate: plain(row.candidate),
      alone: plain(row.alone),
    };
  }
  const [one, other] = pairText(...nearDifference(wanted, row.candidate, 2 * maxValue));
  const marked = markDifference(one, other);
  return {
    expected: row.expected === undefined ? undefined : marked.wanted,
    reference: row.expected === undefined ? marked.wanted : plain(row.reference),
    candidate: marked.got,
    alone: plain(row.alone),
  };
}

function valueText(text: string): string {
  return isNumberText(text) ? numberText(text) : visible(text);
}

function pairText(wanted: string, got: string): readonly [string, string] {
  if (isNumberText(wanted) || isNumberText(got)) return clipPair(valueText(wanted), valueText(got), maxValue);
  const [one, other] = visiblePair(wanted, got);
  return clipPair(one, other, maxValue);
}

/** Values of which no part means anything. */
const word = /^(?:true|false|null)$/;

/** Marks what stands between the characters that both share at their start and at their end. */
function markDifference(wanted: string, got: string): { readonly wanted: HtmlValue; readonly got: HtmlValue } {
  const { start, end } = word.test(wanted) || word.test(got) ? { start: 0, end: 0 } : sharedEnds(wanted, got);
  const mark = (text: string): Html => {
    const chars = Array.from(text);
    const middle = chars.slice(start, chars.length - end).join("");
    const marked = middle === "" ? "" : markup`<mark>${middle}</mark>`;
    return markup`${chars.slice(0, start).join("")}${marked}${chars.slice(chars.length - end).join("")}`;
  };
  return { wanted: mark(wanted), got: mark(got) };
}

function deltaCell(row: FieldRow): Html {
  const { delta, mismatch } = row;
  if (delta === undefined) {
    return mismatch === undefined || mismatch.kind === "value"
      ? markup``
      : markup`<span class="kind">${kindText(mismatch.kind)}</span>`;
  }
  const allowed = mismatch?.tolerance === undefined ? undefined : toleranceText(mismatch.tolerance);
  return markup`${deltaText(delta)}${allowed !== undefined && markup`<br /><span class="none">allowed: ${allowed}</span>`}`;
}
