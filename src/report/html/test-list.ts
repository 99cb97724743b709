/** All tests of the run by file, folded. */
import type { TestResult } from "../../verdict/fold-run.ts";
import { percent } from "../number-text.ts";
import { duration, groupDigits, plural } from "../plain-text.ts";
import { anchorOf, shortSign, titleOf } from "./anchors.ts";
import { barName } from "./images.ts";
import { type Html, markup } from "./html-template.ts";

/** Rows of tests in all; then files show what did not pass, and then only their counts. */
const maxRows = 10_000;

/** `linked`: tests that have an anchor further up. */
export function testList(tests: readonly TestResult[], linked: ReadonlySet<string>): Html | undefined {
  if (tests.length === 0) return undefined;
  let left = maxRows;
  const files = [...Map.groupBy(tests, ({ plan }) => plan.file)].map(([file, members]) => {
    const notable = members.filter(({ judged }) => judged?.verdict !== "pass");
    const shown = (members.length <= left ? members : notable).slice(0, left);
    left -= shown.length;
    return fileDetails(file, members, shown, linked);
  });
  return markup`<section id="tests">
    <h2>All tests <span class="none">${plural(files.length, "file")}</span></h2>
    ${files}
  </section>`;
}

/** Share of tests that passed, as the bar beside a file's name shows it. */
export function passShare(members: readonly TestResult[]): number {
  return percent(members.filter(({ judged }) => judged?.verdict === "pass").length, members.length);
}

function fileDetails(
  file: string,
  members: readonly TestResult[],
  shown: readonly TestResult[],
  linked: ReadonlySet<string>,
): Html {
  const count = (...verdicts: readonly (string | undefined)[]) =>
    members.filter(({ judged }) => verdicts.includes(judged?.verdict)).length;
  const failed = count("fail", "error");
  const others = [
    failed > 0 ? `${groupDigits(failed)} not passed` : undefined,
    count("skip") > 0 ? `${groupDigits(count("skip"))} skipped` : undefined,
    count("known") > 0 ? `${groupDigits(count("known"))} known` : undefined,
    count(undefined) > 0 ? `${groupDigits(count(undefined))} not judged` : undefined,
  ].filter((part) => part !== undefined);
  const verdict = failed > 0 ? "fail" : count(undefined) > 0 ? undefined : "pass";
  return markup`<details class="file">
    <summary>
      ${shortSign(verdict)} <span class="path">${file}</span>
      <img
        src="${barName(passShare(members))}"
        width="80"
        height="8"
        alt="${count("pass")} of ${members.length} passed"
      />
      <span class="none">${plural(members.length, "test")}${others.length > 0 && `, ${others.join(", ")}`}</span>
    </summary>
    <table class="tests">
      <thead class="unseen">
        <tr>
          <th scope="col">verdict</th>
          <th scope="col">test</th>
          <th scope="col">time</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((test) => testRow(test, linked))}
      </tbody>
    </table>
    ${shown.length < members.length && markup`<p class="none">… ${groupDigits(members.length - shown.length)} more</p>`}
  </details>`;
}

function testRow(test: TestResult, linked: ReadonlySet<string>): Html {
  const { plan, judged } = test;
  const anchor = anchorOf(test);
  const name = titleOf(plan);
  const note = judged?.verdict === "pass" ? judged.note : (judged?.note ?? judged?.reason);
  const title = linked.has(anchor) ? markup`<a href="#${anchor}">${name}</a>` : markup`${name}`;
  return markup`<tr${!linked.has(anchor) && markup` id="${anchor}"`}><td>${shortSign(judged?.verdict)}</td><td>${title}${note !== undefined && markup` <span class="none">${note}</span>`}${(judged?.nearTies ?? 0) > 0 && markup` <span class="tag">near-tie</span>`}</td><td class="number none">${judged !== undefined && duration(judged.ms)}</td></tr>
`;
}
