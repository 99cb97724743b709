/** Failures that the baseline accepts: how each fails, why that is accepted, by whom and until when. */
import type { TestResult } from "../../verdict/fold-run.ts";
import { headlineOf } from "../failure-groups.ts";
import { groupDigits, plural } from "../plain-text.ts";
import { shortSign } from "./anchors.ts";
import { type Html, markup } from "./html-template.ts";

const maxRows = 1000;

export function knownSection(tests: readonly TestResult[]): Html | undefined {
  const known = tests.flatMap(({ judged, ...test }) => (judged?.verdict === "known" ? [{ ...test, judged }] : []));
  if (known.length === 0) return undefined;
  const more = known.length - maxRows;
  return markup`<section id="known">
    <h2>Known <span class="none">${plural(known.length, "failure")} accepted in the baseline</span></h2>
    <table class="rest">
      <thead>
        <tr>
          <th scope="col"><span class="unseen">verdict</span></th>
          <th scope="col">test</th>
          <th scope="col">what</th>
          <th scope="col">why it is accepted</th>
        </tr>
      </thead>
      <tbody>
        ${known.slice(0, maxRows).map(
          (test) =>
            markup`<tr>
              <td>${shortSign("known")}</td>
              <td>${test.plan.id}</td>
              <td>${headlineOf(test).slice(0, 200)}</td>
              <td>${test.judged.note}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${more > 0 && markup`<p class="none">… ${groupDigits(more)} more</p>`}
  </section>`;
}
