/** What a benchmark says: tables, and how far each target was met. */
import { digits } from "./statistics.ts";

export interface Target {
  readonly what: string;
  /** Ours divided by theirs, or what else the target is stated in. */
  readonly measured: number;
  readonly target: number;
  /** `most`: smaller is better. */
  readonly bound: "least" | "most";
}

export interface Section {
  readonly title: string;
  /** What was measured, and how, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly targets: readonly Target[];
  readonly notes?: readonly string[];
}

export interface Options {
  /** Fewer rounds and shorter ones: three minutes for all instead of twelve. */
  readonly quick: boolean;
}

/** One file of bench/. */
export interface Benchmark {
  readonly run: (options: Options) => Promise<readonly Section[]>;
}

/** A benchmark that cannot run here; said in its place. */
export class Skipped extends Error {}

export function sectionMarkdown(section: Section): string {
  const lines = [
    `### ${section.title}`,
    "",
    section.method,
    "",
    `| ${section.columns.join(" | ")} |`,
    `|${section.columns.map((_, i) => (i === 0 ? "---" : "--:")).join("|")}|`,
    ...section.rows.map((row) => `| ${row.join(" | ")} |`),
  ];
  if (section.targets.length > 0) {
    lines.push("", "| target | wanted | measured | |", "|---|--:|--:|---|");
    for (const { bound, measured, target, what } of section.targets) {
      const isMet = bound === "most" ? measured <= target : measured >= target;
      lines.push(
        `| ${what} | ${bound === "most" ? "≤" : "≥"} ${digits(target)} | ${digits(measured)} | ${isMet ? "met" : "**missed**"} |`,
      );
    }
  }
  for (const note of section.notes ?? []) lines.push("", note);
  return lines.join("\n");
}
