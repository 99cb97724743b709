/** All failures: what they have in common first, then the worst in full, then the rest as a table. */
import { type Failure, headlineOf, worstFirst } from "../failure-groups.ts";
import { type FailureGroup, groupFailures } from "../failure-signature.ts";
import type { Clue } from "../../verdict/run-event.ts";
import { groupDigits, plural } from "../plain-text.ts";
import { replayLine } from "../shell-line.ts";
import { anchorOf, shortSign, titleOf } from "./anchors.ts";
import { type ArticleOptions, failureArticle } from "./failure-article.ts";
import { type Html, markup } from "./html-template.ts";

/** Failures in full, rows of the table below them, and rows of the table of causes: the page stays readable. */
const maxArticles = 200;
/** Characters of all of them: wide records make long pages. */
const maxText = 6_000_000;
const maxRows = 5000;
const maxGroups = 30;

export interface FailureSection {
  readonly section: Html | undefined;
  /** The failures that are shown in full, in the order of the page. */
  readonly shown: readonly Failure[];
  /** All that have a place on the page. */
  readonly placed: readonly Failure[];
}

export function failureSection(
  failures: readonly Failure[],
  options: ArticleOptions & { readonly clues: readonly Clue[] },
  events: string | undefined,
): FailureSection {
  if (failures.length === 0) return { section: undefined, shown: [], placed: [] };
  const ordered = worstFirst(failures);
  const articles: Html[] = [];
  let room = maxText;
  for (const failure of ordered.slice(0, maxArticles)) {
    if (room <= 0) break;
    const article = failureArticle(failure, options);
    room -= article.text.length;
    articles.push(article);
  }
  const shown = ordered.slice(0, articles.length);
  const rest = ordered.slice(articles.length);
  const section = markup`<section id="failures">
    <h2>Failures <span class="none">worst first</span></h2>
    ${groupTable(groupFailures(failures, options.clues), failures.length, new Set(shown))} ${articles}
    ${rest.length > 0 && restTable(rest, events)}
  </section>`;
  return { section, shown, placed: ordered.slice(0, articles.length + maxRows) };
}

/** What failures have in common likely has one cause; it is shown when that saves reading. */
function groupTable(groups: readonly FailureGroup[], count: number, shown: ReadonlySet<Failure>): Html | undefined {
  if (groups.length === count || count < 4) return undefined;
  return markup`<div class="groups">
    <h3>What the failures have in common</h3>
    <table>
      <thead>
        <tr>
          <th scope="col" class="number">tests</th>
          <th scope="col">how they fail</th>
          <th scope="col">for instance</th>
        </tr>
      </thead>
      <tbody>
        ${groups.slice(0, maxGroups).map((group) => groupRow(group, shown))}
      </tbody>
    </table>
    </div>
    ${groups.length > maxGroups && markup`<p class="none">… ${plural(groups.length - maxGroups, "more kind")}</p>`}`;
}

function groupRow({ evidence, failures, title }: FailureGroup, shown: ReadonlySet<Failure>): Html {
  const example = failures.find((failure) => shown.has(failure));
  return markup`<tr>
    <td class="number" data-label="${failures.length === 1 ? "test" : "tests"}"><b>${groupDigits(failures.length)}</b></td>
    <td>${title}${evidence !== undefined && markup`<br /><span class="none">${evidence}</span>`}</td>
    <td>${example !== undefined && markup`<a href="#${anchorOf(example)}">${titleOf(example.plan)}</a>`}</td>
  </tr>`;
}

function restTable(rest: readonly Failure[], events: string | undefined): Html {
  const more = rest.length - maxRows;
  const where = events === undefined ? "the run’s events" : markup`<a href="${events}">${events}</a>`;
  return markup`<h3 id="more-failures">${plural(rest.length, "more failure")}</h3>
    <p class="none">In full in ${where}; run any of them again with its id.</p>
    <table class="rest">
      <thead>
        <tr>
          <th scope="col">id</th>
          <th scope="col">test</th>
          <th scope="col">what</th>
        </tr>
      </thead>
      <tbody>
        ${rest.slice(0, maxRows).map(
          (failure) =>
            markup`<tr id="${anchorOf(failure)}">
              <td><code title="${replayLine(failure.judged.failure ?? "")}">${failure.judged.failure}</code></td>
              <td>${shortSign(failure.judged.verdict)} ${failure.plan.id}</td>
              <td>${headlineOf(failure).slice(0, 200)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${more > 0 && markup`<p class="none">… ${groupDigits(more)} more</p>`}`;
}
