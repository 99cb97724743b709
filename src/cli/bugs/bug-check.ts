/** `tally bug check`: runs the bugs of the suite on the reference and on the candidates, and says of each who must act. */
import { existsSync } from "node:fs";
import type { Contract } from "../../contract/contract.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { clip, displayWidth, visible } from "../../report/plain-text.ts";
import { type Paint, paintWith } from "../../report/terminal/paint.ts";
import { answersFile } from "../../suite/reference/reference-answers.ts";
import { strongestExit } from "../../verdict/exit-code.ts";
import type { MatrixResult } from "../../verdict/fold-matrix.ts";
import type { Arguments } from "../arguments.ts";
import { onSignals } from "../on-signals.ts";
import { matrixProgress } from "../run/matrix-command.ts";
import { planRun } from "../run/run-plan.ts";
import { wantsColour } from "../run/run-reports.ts";
import { runSides } from "../run/run-sides.ts";
import { readSides, refuseStart, type Side } from "../run/sides.ts";
import { showProblem } from "../show-problem.ts";
import { stateFolder } from "../state-folder.ts";
import { chooseTarget, readContract } from "../target.ts";
import {
  type BugHistory,
  bugSigns,
  type BugVerdict,
  fixedWhen,
  historyEnd,
  readBugHistory,
  verdictOf,
  worse,
} from "./bug-history.ts";
import { recordedVerdicts } from "./recorded-verdict.ts";
import { type Bug, pickBugs, suiteBugs } from "./suite-bugs.ts";
import { type Act, type Conclusion, type SideVerdict, whoActs } from "./who-acts.ts";

/** Ends with 0 when every bug is fixed on every side. */
export async function runBugCheck(args: Arguments, ids: readonly string[]): Promise<ExitCode> {
  const stopping = new AbortController();
  onSignals((code) => stopping.abort(code));
  const contract = readContract(args);
  const sides = checkedSides(args, contract);
  refuseStart(sides, args);
  const { bugs, problems } = await suiteBugs(contract, args);
  const picked = pickBugs(bugs, ids);
  for (const problem of problems) process.stderr.write(showProblem(problem, wantsColour(args, process.stderr)));
  if (picked.length === 0) {
    process.stdout.write(args.flag("json") ? '{"v":1,"sides":[],"bugs":[],"exit":0}\n' : "no bugs to check\n");
    return strongestExit(problems.map(({ exit }) => exit));
  }
  const ran = await runSides(sides, {
    args,
    contract,
    plan: {
      ...(await planRun(args, contract)),
      selection: { paths: [], tags: [], bugs: picked.map(({ bug }) => bug) },
      gatherCheck: 0,
    },
    accepted: new Map(),
    signal: stopping.signal,
    progress: matrixProgress(args),
    out: undefined,
  });
  const state = stateFolder(contract.root, args);
  const history = await readBugHistory(state, picked);
  const recorded = sides.length > 1 ? undefined : recordedVerdicts(contract, picked);
  const checked = picked.map((bug) => checkBug(bug, ran.result, sides, recorded?.get(bug.bug)));
  const exit = strongestExit([
    ran.exit,
    ...checked.map(({ conclusion }) => exits[conclusion.act]),
    ...problems.map((problem) => problem.exit),
  ]);
  const end = historyEnd(state);
  const report = { checked, sides, result: ran.result, history, end, suite: contract.model?.version };
  const paint = paintWith(wantsColour(args, process.stdout));
  process.stdout.write(args.flag("json") ? jsonText(report, exit) : `${plainLines(report, paint).join("\n")}\n`);
  return exit;
}

/** What is not known is no bug; the run says why it is not, else a test was left out. */
const exits: Readonly<Record<Act, ExitCode>> = { nobody: 0, candidate: 1, reference: 1, specification: 1, unknown: 6 };

/**
 * Those that were named; else the connector and the endpoint that a run would ask. One alone is enough where the reference's answers were
 * delivered. Throws `bug-sides`.
 */
function checkedSides(args: Arguments, contract: Contract): readonly Side[] {
  const words = args.isTyped("endpoint") ? args.list("endpoint") : [];
  const own: Side = { name: "reference", target: { address: undefined, role: "reference" } };
  const asked = chooseTarget(contract, args, process.env);
  const implied =
    words.length > 0 ? withName(words) : asked.address === undefined ? [] : [`candidate=${asked.address}`];
  const named = readSides(implied, contract);
  if (named.some(({ name }) => name === recordedSide))
    throw tallyError("side-name", { word: `${recordedSide}=…`, reason: "the name stands for the delivered answers" });
  const hasReference = named.some(({ target }) => target.role === "reference");
  const sides = named.length < 2 && !hasReference && contract.connector ? [own, ...named] : named;
  const isRecorded = contract.connector === undefined && existsSync(answersFile(contract.root));
  if (sides.length < (isRecorded ? 1 : 2)) throw tallyError("bug-sides", { found: sides.map(({ name }) => name) });
  return sides;
}

/** One alone needs no name: it stands beside the connector. */
function withName(words: readonly string[]): readonly string[] {
  const [only = ""] = words;
  return words.length === 1 && /^[a-z]+:/.test(only) && !only.includes("=") ? [`candidate=${only}`] : words;
}

interface CheckedBug {
  readonly bug: Bug;
  readonly verdicts: readonly SideVerdict[];
  readonly conclusion: Conclusion;
}

interface CheckReport {
  readonly checked: readonly CheckedBug[];
  readonly sides: readonly Side[];
  readonly result: MatrixResult;
  readonly history: BugHistory;
  readonly end: ReturnType<typeof historyEnd>;
  /** Version of the suite. */
  readonly suite: string | undefined;
}

/** Where it cannot be asked: what it answered when the suite was delivered. */
const recordedSide = "recorded";

/** The reference is the connector, else the side that was named first. */
function referenceOf(sides: readonly Side[]): number {
  return Math.max(
    0,
    sides.findIndex(({ target }) => target.role === "reference"),
  );
}

function checkBug(
  bug: Bug,
  { rows }: MatrixResult,
  sides: readonly Side[],
  recorded: BugVerdict | undefined,
): CheckedBug {
  const ids = new Set(bug.tests.map(({ id }) => id));
  const own = rows.filter(({ plan }) => ids.has(plan.id));
  const judged = sides.map(({ name }, i): SideVerdict => {
    const of = own.map(({ cells }) => verdictOf(cells[i]?.verdict));
    return { name, verdict: of.length === 0 ? "open" : of.reduce(worse) };
  });
  const verdicts =
    recorded === undefined ? judged : [{ name: recordedSide, verdict: recorded, isRecorded: true }, ...judged];
  const at = recorded === undefined ? referenceOf(sides) : 0;
  const [reference] = verdicts.slice(at);
  if (reference === undefined) throw tallyError("internal", { what: "a check without sides" });
  return {
    bug,
    verdicts,
    conclusion: whoActs(
      reference,
      verdicts.filter((_, i) => i !== at),
    ),
  };
}

function plainLines({ checked, end, history, result, sides, suite }: CheckReport, paint: Paint): string[] {
  const columns = Math.max(40, process.stdout.columns ?? 80);
  const names = (checked[0]?.verdicts ?? sides).map(({ name }) => clip(visible(name), 12));
  const room = Math.max(16, columns - names.reduce((sum, name) => sum + displayWidth(name) + 2, 0) - 1);
  const lines = [`${" ".repeat(room + 1)}${names.map((name) => `  ${name}`).join("")}`];
  for (const { bug, conclusion, verdicts } of checked) {
    const title = clip(` ${visible(bug.bug)}  ${visible(bug.tests[0]?.name ?? "")}`, room);
    const signs = verdicts.map(({ verdict }, i) => {
      const ink = verdict === "pass" ? "green" : verdict === "fail" ? "red" : "yellow";
      return `  ${paint(ink, bugSigns[verdict])}${" ".repeat(displayWidth(names[i] ?? "") - 1)}`;
    });
    lines.push(`${title}${" ".repeat(Math.max(0, room + 1 - displayWidth(title)))}${signs.join("")}`.trimEnd());
    lines.push(
      clip(`   ${visible(conclusion.text)}${visible(fixedText(bug, conclusion, { history, suite }))}`, columns),
    );
  }
  const isHistoryTold = checked.some(({ bug, conclusion }) => fixedText(bug, conclusion, { history, suite }) !== "");
  if (end !== undefined && isHistoryTold) lines.push(paint("dim", ` ${end.text}`));
  const open = checked.filter(({ conclusion }) => conclusion.act !== "nobody").length;
  for (const { name, problem } of result.sides)
    if (problem)
      lines.push(
        ` ${visible(name)}: error[${problem.code}]: ${visible(problem.message)}`,
        `   hint: ${visible(problem.hint)}`,
      );
  return [...lines, "", ` ${open === 0 ? "all fixed" : `${open} of ${checked.length} open`}`];
}

/**
 * `(production in 1.4.1)`: where it began to pass, as far as the runs that are kept know; else that the suite it was found with is not
 * this one.
 */
function fixedText(
  { bug, tests }: Bug,
  { act }: Conclusion,
  { history, suite }: Pick<CheckReport, "history" | "suite">,
): string {
  if (act !== "nobody") return "";
  const fixed = (history.get(bug)?.states ?? []).flatMap(({ endpoint, fixed: one }) =>
    one === undefined ? [] : [`${endpoint} ${fixedWhen(one)}`],
  );
  if (fixed.length > 0) return ` (${fixed.join(", ")})`;
  const found = tests.map(({ row }) => row?.found?.suite?.split(" ")[0]).find((version) => version !== undefined);
  if (suite === undefined || found === undefined || found === suite || found.startsWith("sha256:")) return "";
  return ` (found with suite ${found}, right in ${suite})`;
}

function jsonText({ checked, end, history, result, sides }: CheckReport, exit: ExitCode): string {
  const isRecorded = checked[0]?.verdicts[0]?.name === recordedSide;
  const told = {
    v: 1,
    reference: isRecorded ? recordedSide : sides[referenceOf(sides)]?.name,
    sides: result.sides.map(({ ended, name, problem, started }) => ({
      name,
      url: started?.endpoints[0]?.url,
      run: started?.run,
      exit: ended?.exit,
      problem,
    })),
    bugs: checked.map(({ bug, conclusion, verdicts }) => ({
      bug: bug.bug,
      act: conclusion.act,
      who: conclusion.who,
      text: conclusion.text,
      verdicts: Object.fromEntries(verdicts.map(({ name, verdict }) => [name, verdict])),
      tests: bug.tests.map(({ id }) => id),
      last: history.get(bug.bug)?.states ?? [],
    })),
    ...(end && { cut: { runs: end.runs } }),
    exit,
  };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}
