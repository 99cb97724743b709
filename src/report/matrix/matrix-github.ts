/** A matrix on GitHub Actions. Comes in: the folded matrix. Goes out: annotations that name the sides, and a table in the summary of the step. */
import { isQuiet, type MatrixCell, type MatrixResult, type MatrixRow } from "../../verdict/fold-matrix.ts";
import type { TestJudged } from "../../verdict/run-event.ts";
import { type AnnotatedFailure, annotations, closeEars } from "../github-annotations.ts";
import { appendSummary, cell, html } from "../github-summary.ts";
import { groupDigits, visible } from "../plain-text.ts";
import type { ReporterOptions } from "../reporter.ts";
import { conclusionOf, countsOf, sideHeadline, signOf } from "./matrix-words.ts";

/** Tests of the table. */
const maxRows = 100;
const maxHeadline = 200;

/** Opened before anything is printed, called when everything is. */
export function matrixOnGithub(options: ReporterOptions): (result: MatrixResult, exit: number) => void {
  const open = closeEars(options.out);
  return (result, exit) => {
    const { rows, sides } = result;
    const names = sides.map(({ name }) => name);
    const problems = sides.flatMap(({ name, problem }) => (problem ? [{ problem, side: name }] : []));
    const strict = sides.some(({ started }) => started?.strict === true);
    const failures = rows.flatMap((row) => failuresOfRow(row, names));
    open(annotations(failures, problems, { folder: options.sourceFolder ?? "", strict }));
    if (options.summary !== undefined) appendSummary(options.summary, (room) => matrixSummary(result, exit, room));
  };
}

/** One for each way of failing: sides that fail in the same fields share an id. */
function failuresOfRow({ cells, plan }: MatrixRow, names: readonly string[]): AnnotatedFailure[] {
  const found = cells.flatMap((one, i) => (one?.judged && isFailing(one) ? [{ judged: one.judged, i }] : []));
  return [...Map.groupBy(found, ({ judged }) => wayOf(judged)).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const failure = { plan, judged: first.judged, exchanges: [], logs: [] };
    return [{ failure, sides: same.map(({ i }) => names[i] ?? "") }];
  });
}

function isFailing({ verdict }: MatrixCell): boolean {
  return verdict === "fail" || verdict === "error";
}

function wayOf({ failure, failures, mismatches, reason }: TestJudged): string {
  return JSON.stringify([failure, reason, mismatches.map(({ candidate }) => candidate), failures[0]?.message]);
}

/** Markdown of at most so many bytes. */
function matrixSummary(result: MatrixResult, exit: number, room: number): string {
  const { rows, sides } = result;
  const suite = sides.find(({ started }) => started !== undefined)?.started?.suite;
  const said = conclusionOf(result);
  const head = [
    `### ${exit === 0 ? "✅" : "❌"} ${html(visible(suite?.name ?? "tally"))}: ${html(said.slice(0, 1).toUpperCase() + said.slice(1))}`,
    "",
    ...sides.map((side) => {
      const [endpoint] = side.started?.endpoints ?? [];
      const why = side.problem === undefined ? "" : ` · ${html(side.problem.code)}`;
      return `- **${html(side.name)}** ${html(countsOf(side))} <code>${html(visible(endpoint?.url ?? ""))}</code>${why}`;
    }),
    "",
  ];
  const loud = rows.filter((row) => !isQuiet(row));
  if (loud.length === 0) return `${head.join("\n")}\n`;
  const table = [
    `| test | ${sides.map(({ name }) => cell(name)).join(" | ")} | |`,
    `|---|${":-:|".repeat(sides.length)}---|`,
  ];
  let left = room - Buffer.byteLength([...head, ...table].join("\n")) - 200;
  let shown = 0;
  for (const row of loud.slice(0, maxRows)) {
    const line = rowLine(row);
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    table.push(line);
    shown += 1;
  }
  const more = shown < loud.length ? ["", `… and ${groupDigits(loud.length - shown)} more.`] : [];
  return left < 0 && shown === 0 ? "" : `${[...head, ...table, ...more, ""].join("\n")}\n`;
}

function rowLine(row: MatrixRow): string {
  const signs = row.cells.map(signOf).join(" | ");
  const worst = row.cells.find((one) => one !== undefined && isFailing(one)) ?? row.cells.find((one) => one?.judged);
  const headline = worst === undefined ? "" : cell(sideHeadline(row, worst).slice(0, maxHeadline));
  return `| <code>${cell(row.plan.id)}</code> | ${signs} | ${headline} |`;
}
