/** `--watch`: runs the suite again when a file of the project changes or when the endpoint comes back. */
import { relative, resolve, sep } from "node:path";
import type { ExitCode } from "../../kernel/errors.ts";
import { isTallyError } from "../../kernel/errors.ts";
import { visible } from "../../report/plain-text.ts";
import { WatchBoard } from "../../report/terminal/watch-board.ts";
import { watchFolder } from "../../serve/watch-folder.ts";
import type { Arguments } from "../arguments.ts";
import { showProblem } from "../show-problem.ts";
import { endpointComesBack } from "./endpoint-comes-back.ts";
import { chooseTarget, readContract } from "../target.ts";

/** Runs until Ctrl-C. A change during a run ends that run and starts the next. */
export async function watchSuite(
  args: Arguments,
  run: (signal: AbortSignal, board: WatchBoard) => Promise<ExitCode>,
  stop: AbortSignal,
): Promise<ExitCode> {
  const changes = watchChanges(args);
  const board = new WatchBoard();
  try {
    while (!stop.aborted) {
      const ended = new AbortController();
      const trigger = changes.next(AbortSignal.any([stop, ended.signal]));
      const running = new AbortController();
      const outcome = runShown((signal) => run(signal, board), running.signal);
      let why = await Promise.race([outcome.then(() => undefined), trigger]);
      if (why !== undefined) running.abort(130);
      const exit = await outcome;
      if (stop.aborted) break;
      if (why === undefined) {
        process.stderr.write(
          `\n${summary(exit)} · waiting for a change${exit === 3 ? ", or for the endpoint" : ""} (Ctrl-C ends)\n`,
        );
        const signal = AbortSignal.any([stop, ended.signal]);
        const address = awaited(args);
        const onAway = (): void => void process.stderr.write("the endpoint went away · waiting for it\n");
        const back = address && endpointComesBack({ address, isAway: exit === 3, onAway, signal });
        why = await Promise.race([trigger, ...(back ? [back.then(() => "the endpoint is back")] : []), aborted(stop)]);
      }
      ended.abort();
      if (stop.aborted) break;
      if (process.stdout.isTTY) process.stdout.write("\u001b[H\u001b[2J");
      process.stderr.write(`\n── ${visible(why ?? "")}\n\n`);
    }
  } finally {
    changes.close();
  }
  return stop.reason === 143 ? 143 : 130;
}

/** A broken contract or connector is shown and waited out, like a red test. */
async function runShown(run: (signal: AbortSignal) => Promise<ExitCode>, signal: AbortSignal): Promise<ExitCode> {
  try {
    return await run(signal);
  } catch (error) {
    if (!isTallyError(error)) throw error;
    process.stderr.write(showProblem(error.problem, process.stderr.isTTY));
    return error.problem.exit;
  }
}

function summary(exit: ExitCode): string {
  return exit === 0 ? "all agree" : `exit ${exit}`;
}

interface Changes {
  /** Resolves at the next change that matters, to what it is; at the signal to nothing. */
  readonly next: (signal: AbortSignal) => Promise<string | undefined>;
  readonly close: () => void;
}

function watchChanges(args: Arguments): Changes {
  let wake: (why: string) => void = () => {};
  const { root } = readContract(args);
  const own = writtenByUs(args).map((path) => relative(root, resolve(path)));
  const isOther = (file: string): boolean =>
    file.endsWith(".log") || own.some((path) => file === path || file.startsWith(`${path}${sep}`));
  const watcher = watchFolder(root, (file) => wake(`${file} changed`), isOther);
  return {
    next: (signal) =>
      new Promise((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", () => resolve(undefined), { once: true });
      }),
    close: () => watcher.close(),
  };
}

/** Reports in the watched folder: a run would wake the next one, without end. */
function writtenByUs(args: Arguments): string[] {
  const files = args
    .list("reporter")
    .flatMap((word) => (word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : []));
  return [...files, ...[args.text("out"), args.text("attest")].filter((path) => path !== undefined)];
}

/** What the suite is run against, where it can go away and come back by itself. */
function awaited(args: Arguments): string | undefined {
  const { address } = chooseTarget(readContract(args), args, process.env);
  return address !== undefined && /^(https?:|unix:)/.test(address) ? address : undefined;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
