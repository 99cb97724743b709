/** `tally diff-suite`: what a version of a suite asks that another did not. */
import { type Change, changeKinds } from "../../delivery/changes/change.ts";
import { diffSuites } from "../../delivery/changes/diff-suites.ts";
import { outlineSuite, type SuiteOutline } from "../../delivery/changes/suite-outline.ts";
import type { ExitCode } from "../../kernel/errors.ts";
import { groupDigits, visible, wrapText } from "../../report/plain-text.ts";
import { paintWith } from "../../report/terminal/paint.ts";
import { quoteShell } from "../../kernel/posix-words.ts";
import type { Arguments } from "../arguments.ts";
import { wantsColour } from "../run/run-reports.ts";
import { readContract } from "../target.ts";
import { loadNames, onlyRead } from "./load-names.ts";
import { otherVersion } from "./other-version.ts";

const columns = 80;
/** Changes of one area that are shown; JSON has all. */
const maxShown = 200;

interface Compared {
  readonly names: readonly [string, string];
  readonly before: SuiteOutline;
  readonly after: SuiteOutline;
  readonly changes: readonly Change[];
  /** Files whose tests may have names that reading does not tell, and that were only read. */
  readonly onlyRead: readonly string[];
  /** Why they were only read. */
  readonly why: string;
}

export async function runDiffSuite(args: Arguments): Promise<ExitCode> {
  const [first = "", second] = args.positionals;
  const here = () => readContract(args);
  const load = args.choice("load", ["auto", "always", "never"]) ?? "auto";
  const one = await otherVersion(first, here, args, true);
  const other =
    second === undefined
      ? { outline: await outlineSuite(here()), isOwn: true }
      : await otherVersion(second, here, args, true);
  const read = { before: one.outline, after: other.outline };
  // Whoever packed a suite is not trusted with more than a look into it, unless that is asked for.
  const isLoaded = load === "always" || (load === "auto" && one.isOwn && other.isOwn);
  const versions = isLoaded ? await loadNames(read) : read;
  const compared = {
    names: [first, second ?? "here"] as const,
    ...versions,
    changes: diffSuites(versions.before, versions.after),
    onlyRead: onlyRead(versions),
    why: isLoaded
      ? "not loaded in both versions"
      : load === "never"
        ? "--load never"
        : "a suite from elsewhere is loaded only with --load always",
  };
  process.stdout.write(
    args.flag("json")
      ? jsonOf(compared)
      : args.flag("markdown")
        ? markdownOf(compared)
        : textOf(compared, wantsColour(args, process.stdout)),
  );
  return 0;
}

/** What is not known of the names of tests, and how it would be. */
function readNote({ onlyRead: files, why }: Compared): string | undefined {
  if (files.length === 0) return undefined;
  const shown = files.slice(0, 3).map(visible).join(", ");
  const more = files.length > 3 ? ` and ${groupDigits(files.length - 3)} more` : "";
  return `names made as a file runs are not seen in ${shown}${more} (${why})`;
}

function jsonOf({ after, before, changes, names, onlyRead: files }: Compared): string {
  const side = ({ contract, digest }: SuiteOutline, ref: string) => ({
    ref,
    name: contract.suite.name,
    version: contract.model.version,
    digest,
  });
  const told = { v: 1, before: side(before, names[0]), after: side(after, names[1]), changes, onlyRead: files };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}

const inks = { added: "green", tightened: "red", changed: "yellow", loosened: "cyan", removed: "dim" } as const;

function textOf(compared: Compared, colour: boolean): string {
  const { after, before, changes, names } = compared;
  const paint = paintWith(colour);
  const lines = [
    ` ${visible(after.contract.suite.name)}  ${names.map(visible).join(" → ")}`,
    ` ${digests(before, after)}`,
    "",
  ];
  for (const area of ["operations", "tests", "cases"] as const) {
    const all = changes.filter((change) => change.area === area);
    if (all.length === 0) continue;
    lines.push(` ${paint("bold", area)}`);
    for (const { at, kind, what } of all.slice(0, maxShown)) {
      const [head = "", ...rest] = wrapText(visible(what === undefined ? at : `${at}: ${what}`), columns - 14);
      lines.push(`   ${paint(inks[kind], kind.padEnd(9))}  ${head}`, ...rest.map((line) => `${" ".repeat(14)}${line}`));
    }
    if (all.length > maxShown) lines.push(`   … ${groupDigits(all.length - maxShown)} more (--json has all)`);
    lines.push("");
  }
  lines.push(` ${summary(compared)}`);
  const note = readNote(compared);
  if (note !== undefined) lines.push(...wrapText(note, columns - 1).map((line) => ` ${paint("dim", line)}`));
  if (changes.length > 0 && names[1] === "here")
    lines.push(` run what changed: tally test --changed-since ${visible(quoteShell(names[0]))}`);
  return `${lines.join("\n")}\n`;
}

function digests(before: SuiteOutline, after: SuiteOutline): string {
  const short = ({ digest }: SuiteOutline): string => digest.slice(0, 19);
  return before.digest === after.digest ? `${short(after)} on both sides` : `${short(before)} → ${short(after)}`;
}

function summary({ after, before, changes }: Compared): string {
  const counts = changeKinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${groupDigits(count)} ${kind}`];
  });
  if (counts.length > 0) return counts.join(", ");
  return before.digest === after.digest
    ? "the same suite"
    : "nothing is asked otherwise: reference answers, documentation or notes of cases differ";
}

function markdownOf(compared: Compared): string {
  const { after, before, changes, names } = compared;
  const code = (text: string): string => `\`${visible(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
  const rows = changes
    .slice(0, maxShown * 3)
    .map(({ at, kind, what }) => `| ${kind} | ${code(at)} | ${what === undefined ? "" : code(what)} |`);
  const table = rows.length === 0 ? [] : ["", "| | what | how |", "|---|---|---|", ...rows];
  const more = changes.length > rows.length ? ["", `… ${groupDigits(changes.length - rows.length)} more.`] : [];
  const note = readNote(compared);
  const unseen = note === undefined ? [] : ["", code(note)];
  return `${[`### ${code(after.contract.suite.name)}: ${names.map(code).join(" → ")}`, "", `${summary(compared)} (${digests(before, after)})`, ...table, ...more, ...unseen].join("\n")}\n`;
}
