/** `--watch`: runs the suite again when a file of the project changes or when the endpoint comes back. */
import type { ExitCode } from "../../kernel/errors.ts";
import { isTallyError } from "../../kernel/errors.ts";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { waitUntilReady } from "../../endpoint/wait-until-ready.ts";
import { watchFolder } from "../../serve/watch-folder.ts";
import type { Arguments } from "../arguments.ts";
import { showProblem } from "../show-problem.ts";
import { chooseTarget, readContract } from "../target.ts";

const probeEveryMs = 500;

/** Runs until Ctrl-C. A change during a run ends that run and starts the next. */
export async function watchSuite(
  args: Arguments,
  run: (signal: AbortSignal) => Promise<ExitCode>,
  stop: AbortSignal,
): Promise<ExitCode> {
  const changes = watchChanges(args);
  try {
    while (!stop.aborted) {
      const ended = new AbortController();
      const trigger = changes.next(AbortSignal.any([stop, ended.signal]));
      const running = new AbortController();
      const outcome = runShown(run, running.signal);
      const first = await Promise.race([outcome, trigger.then(() => undefined)]);
      if (first === undefined) running.abort(130);
      const exit = await outcome;
      if (stop.aborted) break;
      if (first !== undefined) {
        process.stderr.write(
          `\n${summary(exit)} · waiting for a change${exit === 3 ? ", or for the endpoint" : ""} (Ctrl-C ends)\n`,
        );
        const back = endpointComesBack(args, exit, AbortSignal.any([stop, ended.signal]));
        await Promise.race([trigger, back, aborted(stop)]);
      }
      ended.abort();
      if (process.stdout.isTTY && !stop.aborted) process.stdout.write("\u001bc");
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
  /** Resolves at the next change that matters. */
  readonly next: (signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

function watchChanges(args: Arguments): Changes {
  let wake = (): void => {};
  const watcher = watchFolder(readContract(args).root, () => wake());
  return {
    next: (signal) =>
      new Promise((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
    close: () => watcher.close(),
  };
}

/** Resolves when an endpoint that was away, or that goes away from now on, answers again. */
async function endpointComesBack(args: Arguments, exit: ExitCode, signal: AbortSignal): Promise<void> {
  const { address } = chooseTarget(readContract(args), args, process.env);
  if (address === undefined || !/^(https?:|unix:)/.test(address)) return aborted(signal);
  let away = exit === 3;
  while (!signal.aborted) {
    const up = await isUp(address);
    if (up && away) return;
    away ||= !up;
    await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
  }
}

async function isUp(address: string): Promise<boolean> {
  const endpoint = openEndpoint(address, { root: process.cwd(), concurrency: 1 });
  try {
    await waitUntilReady(endpoint, { waitMs: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await endpoint.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
