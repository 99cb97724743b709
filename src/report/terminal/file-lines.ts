/** One line per test file, written in the order of the plan as soon as all tests of the file are judged. */
import { stripVTControlCharacters } from "node:util";
import type { TestJudged, TestPlanned, Verdict } from "../../verdict/run-event.ts";
import { clip, displayWidth, groupDigits, padTo, visible } from "../plain-text.ts";
import type { Paint } from "./paint.ts";
import type { ProgressState } from "./progress-line.ts";

export interface FileLines {
  plan(event: TestPlanned): void;
  /** Lines that can be written now. */
  judge(event: TestJudged): string[];
  /** Lines of files whose tests were not all judged. */
  rest(): string[];
  state(id: string): ProgressState;
}

interface FileState {
  readonly name: string;
  readonly tests: Map<string, { readonly plan: TestPlanned; judged?: TestJudged }>;
  judged: number;
  /** Tests that were judged when the line was written; a file may grow afterwards. */
  written: number;
}

export interface FileLineOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** A line per test below its file. */
  readonly verbose: boolean;
}

export function fileLines(options: FileLineOptions): FileLines {
  const files = new Map<string, FileState>();
  const fileOf = new Map<string, FileState>();
  let [planned, judged, failed] = [0, 0, 0];

  const plan = (event: TestPlanned): void => {
    let file = files.get(event.file);
    if (file === undefined) {
      file = { name: event.file, tests: new Map(), judged: 0, written: 0 };
      files.set(event.file, file);
    }
    file.tests.set(event.id, { plan: event });
    fileOf.set(event.id, file);
    planned += 1;
  };
  const write = (file: FileState): string[] => {
    file.written = file.judged;
    return linesOf(file, options, widthOf(files.values()));
  };
  const ready = (): string[] => {
    const lines: string[] = [];
    for (const file of files.values()) {
      if (file.judged < file.tests.size) break;
      if (file.written < file.judged) lines.push(...write(file));
    }
    return lines;
  };
  return {
    plan,
    judge: (event) => {
      judged += 1;
      if (event.verdict === "fail" || event.verdict === "error") failed += 1;
      const file = fileOf.get(event.id);
      const test = file?.tests.get(event.id);
      if (file === undefined || test === undefined) return [];
      if (test.judged === undefined) file.judged += 1;
      test.judged = event;
      return ready();
    },
    rest: () => [...files.values()].filter((file) => file.written < file.tests.size).flatMap(write),
    state: (id) => ({ planned, judged, failed, current: fileOf.get(id)?.name ?? "" }),
  };
}

function widthOf(files: Iterable<FileState>): number {
  let width = 30;
  for (const { name } of files) width = Math.max(width, displayWidth(visible(name)));
  return Math.min(width, 46);
}

function linesOf(file: FileState, { paint, columns, verbose }: FileLineOptions, width: number): string[] {
  const tests = [...file.tests.values()];
  const count = (verdict: Verdict) => tests.filter((test) => test.judged?.verdict === verdict).length;
  const notes: string[] = [];
  const note = (number: number, word: string, ink: "red" | "yellow") => {
    if (number > 0) notes.push(paint(ink, `${groupDigits(number)} ${word}`));
  };
  const [fail, error] = [count("fail"), count("error")];
  note(fail, "failed", "red");
  note(error, error === 1 ? "error" : "errors", "red");
  note(count("skip"), "skipped", "yellow");
  note(count("known"), "known", "yellow");
  note(tests.length - file.judged, "not judged", "yellow");
  const mark =
    fail + error > 0 ? paint("red", "✗") : file.judged < tests.length ? paint("yellow", "…") : paint("green", "✓");
  const name = padTo(clip(visible(file.name), width), width);
  const counted = ` ${mark} ${name}  ${padTo(groupDigits(tests.length), 5, "right")}`;
  const noted = notes.join(", ");
  const fits = displayWidth(stripVTControlCharacters(`${counted}  ${noted}`)) <= columns;
  const lines = fits ? [`${counted}  ${noted}`.trimEnd()] : [counted, `     ${noted}`];
  return verbose ? [...lines, ...tests.map((test) => testLine(test, paint, columns))] : lines;
}

const marks: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✗", error: "!", skip: "○", known: "~" };

function testLine({ plan, judged }: { plan: TestPlanned; judged?: TestJudged }, paint: Paint, columns: number): string {
  const name = plan.id.startsWith(`${plan.file} > `) ? plan.id.slice(plan.file.length + 3) : plan.id;
  const note =
    judged?.verdict === "skip" || judged?.verdict === "known"
      ? `  (${visible(judged.note ?? judged.reason ?? "")})`
      : "";
  const ink =
    judged?.verdict === "pass" ? "green" : judged?.verdict === "skip" || judged?.verdict === "known" ? "yellow" : "red";
  return `   ${judged === undefined ? "…" : paint(ink, marks[judged.verdict])} ${clip(visible(name) + note, columns - 5)}`;
}
