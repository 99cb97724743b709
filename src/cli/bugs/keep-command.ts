/** `tally keep ID`: writes a failure down as a regression case, with who found it, when and where. */
import { dirname, join, matchesGlob, relative, resolve, sep } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { findFailure } from "../../report/find-failure.ts";
import { visible } from "../../report/plain-text.ts";
import { quoteShell } from "../../kernel/posix-words.ts";
import { AnswerPolicy } from "../../suite/reference/answer-policy.ts";
import { answersFile, loadAnswers } from "../../suite/reference/reference-answers.ts";
import type { Arguments } from "../arguments.ts";
import { isDelivered } from "../state-folder.ts";
import { appendCases, type PlacedCase } from "./append-cases.ts";
import { keptCases } from "./kept-case.ts";
import { failurePlaces, localContract } from "./replay-command.ts";

export async function runKeep(args: Arguments): Promise<ExitCode> {
  const [id = ""] = args.positionals;
  const local = localContract(args);
  const found = await findFailure(id, failurePlaces(args, local));
  const contract = local ?? found.contract;
  if (contract === undefined)
    throw tallyError("keep-nothing", {
      id,
      why: "there is no contract here, and the report is of a Tally that wrote none",
    });
  const failure = { ...found, contract: found.contract ?? contract };
  const cases = keptCases(failure, {
    expect: args.text("expect"),
    exchange: args.number("exchange", 1),
    name: args.text("name"),
    bug: args.text("bug"),
    by: args.text("by"),
    link: args.text("link"),
    reference: recordedAnswers(local),
  });
  const file = tableFor(args, local);
  const placed = await appendCases(cases, { file, contract, isNamed: args.text("name") !== undefined });
  const inSuite = local !== undefined && isInSuite(file, local);
  const isOurs = local !== undefined && !isDelivered(local.root, args);
  const kept = { file, placed, bug: args.text("bug"), inSuite, isOurs };
  process.stdout.write(args.flag("json") ? jsonText(kept) : plainText(kept));
  return 0;
}

/** What the suite here has recorded; looked at only when it is asked for. */
function recordedAnswers(local: Contract | undefined): (operation: string, input: string) => string | undefined {
  if (local === undefined) return () => undefined;
  let answers: ReturnType<typeof loadAnswers> | undefined;
  return (operation, input) => {
    const policy = new AnswerPolicy(local.operations, process.env["TALLY_SENSITIVE_KEY"]);
    answers ??= loadAnswers(answersFile(local.root), policy);
    return answers.get(operation, input);
  };
}

/** A suite that was delivered is left as it came: its bugs are written here, to be sent back. */
function tableFor(args: Arguments, local: Contract | undefined): string {
  const to = args.text("to");
  if (to !== undefined) return resolve(to);
  const own = resolve("regressions.jsonl");
  if (local === undefined) return own;
  if (!isDelivered(local.root, args)) return join(local.root, "cases", "regressions.jsonl");
  if (!relative(local.root, own).startsWith("..")) throw tallyError("out-in-suite", { path: shownPath(own) });
  return own;
}

function isInSuite(file: string, { root, suite }: Contract): boolean {
  const path = relative(root, file).split(sep).join("/");
  return suite.cases.some((pattern) => matchesGlob(path, pattern));
}

interface Kept {
  readonly file: string;
  readonly placed: readonly PlacedCase[];
  readonly bug: string | undefined;
  readonly inSuite: boolean;
  /** There is a suite here that is worked on. */
  readonly isOurs: boolean;
}

function plainText({ bug, file, inSuite, isOurs, placed }: Kept): string {
  const shown = shownPath(file);
  const lines = placed.map(({ isOld, line, name }) => {
    const about = `${visible(`${shown}:${line}`)}  ${visible(name)}${bug === undefined ? "" : `  ${visible(bug)}`}`;
    return isOld ? ` · already kept  ${about}` : ` ✓ kept  ${about}`;
  });
  const [first] = placed;
  const place = placed.length === 1 && first ? `${shown}:${first.line}` : shown;
  const run = `   run it   tally test ${quoteShell(place)}`;
  const elsewhere = isOurs
    ? "is not among [suite] cases, so that tally test does not run it"
    : "is not among the cases of a suite here: send it to whoever has the suite";
  lines.push(inSuite ? run : `   ${visible(shown)} ${elsewhere}`);
  return `${lines.join("\n")}\n`;
}

function jsonText({ file, inSuite, placed }: Kept): string {
  const cases = placed.map(({ isOld, line, name }) => ({ name, line, kept: isOld ? "before" : "now" }));
  return `${JSON.stringify({ v: 1, file: shownPath(file), inSuite, folder: shownPath(dirname(file)), cases }, undefined, 2)}\n`;
}
