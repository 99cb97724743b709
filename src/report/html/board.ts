/** The progress board of a port: every output field with the share of records that agree with the reference. */
import type { BoardField, OperationOutline } from "../../verdict/run-event.ts";
import type { Failure } from "../failure-groups.ts";
import { percent } from "../number-text.ts";
import { groupDigits, plural } from "../plain-text.ts";
import { anchorOf } from "./anchors.ts";
import { barName } from "./images.ts";
import { type Html, markup } from "./html-template.ts";

/** Tests that wait for an operation, listed at most. */
export const maxWaiting = 200;
/** Characters of a field's description: the whole of it is in the contract. */
const maxNote = 160;

export function boardSection(
  board: readonly BoardField[],
  operations: readonly OperationOutline[],
  waiting: readonly Failure[],
): Html | undefined {
  if (board.length === 0 && waiting.length === 0) return undefined;
  const groups = Map.groupBy(board, ({ operation }) => operation);
  const done = board.filter(
    ({ agree, compared, implemented }) => implemented && compared > 0 && agree === compared,
  ).length;
  const agreeing = `${done} of ${plural(board.length, "field")} ${done === 1 ? "agrees" : "agree"}`;
  return markup`<section id="progress">
    <h2>Progress ${board.length > 0 && markup`<span class="none">${agreeing} everywhere</span>`}</h2>
    ${
      board.length > 0 &&
      markup`<table class="board">
        <caption class="unseen">
          Fields whose values agree with the reference, over all inputs of the suite
        </caption>
        <thead>
          <tr>
            <th scope="col">operation</th>
            <th scope="col">field</th>
            <th scope="col">agrees</th>
            <th scope="col" class="number">records</th>
            <th scope="col" class="number">share</th>
          </tr>
        </thead>
        ${[...groups].map(([name, fields]) => operationRows(name, fields, operations))}
      </table>`
    }
    ${
      waiting.length > 0 &&
      markup`<details class="more">
        <summary>
          ${plural(waiting.length, "test waits", "tests wait")} for an operation that is not implemented yet
        </summary>
        <ul class="plain">
          ${waiting.slice(0, maxWaiting).map((failure) => markup`<li id="${anchorOf(failure)}">${failure.plan.id}${failure.judged.note !== undefined && markup` <span class="none">${failure.judged.note}</span>`}</li>`)}
        </ul>
        ${waiting.length > maxWaiting && markup`<p class="none">… ${groupDigits(waiting.length - maxWaiting)} more</p>`}
      </details>`
    }
  </section>`;
}

function operationRows(name: string, fields: readonly BoardField[], operations: readonly OperationOutline[]): Html {
  const outline = operations.find((operation) => operation.name === name);
  return markup`<tbody>
    ${fields.map((field, at) => {
      const about = outline?.fields.find((declared) => declared.name === field.field);
      const note = [about?.type, about?.unit, about?.doc]
        .filter((part) => part !== undefined)
        .join(" · ")
        .slice(0, maxNote);
      return markup`<tr>
        ${at === 0 && markup`<th scope="rowgroup" rowspan="${fields.length}">${name}${outline?.after !== undefined && markup`<br /><span class="none">after ${outline.after}</span>`}</th>`}
        <th scope="row">${field.field}${note !== "" && markup`<br /><span class="none">${note}</span>`}</th>
        ${shareCells(field)}
      </tr>`;
    })}
  </tbody>`;
}

function shareCells({ agree, compared, implemented }: BoardField): Html {
  if (!implemented) return markup`<td colspan="3" class="missing">not implemented yet</td>`;
  if (compared === 0) return markup`<td colspan="3" class="none">nothing compared</td>`;
  const share = percent(agree, compared);
  return markup`<td><img src="${barName(share)}" width="160" height="10" alt="" /></td>
    <td class="number">${groupDigits(agree)} of ${groupDigits(compared)}</td>
    <td class="number">
      ${share} %
      <span class="sign ${share === 100 ? "pass" : "fail"}" aria-hidden="true">${share === 100 ? "✓" : "✗"}</span>
    </td>`;
}
