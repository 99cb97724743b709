/** The program of --start: started, waited for, and stopped with everything it started itself. */
import { type Program, startProgram } from "../../connector/child-program.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { readyAlready, waitUntilReady } from "../../endpoint/wait-until-ready.ts";
import { type Problem, type TallyError, tallyError } from "../../kernel/errors.ts";
import { posixWords } from "../../kernel/posix-words.ts";

export interface StartOptions {
  readonly command: string | undefined;
  readonly ready: string | undefined;
  readonly waitMs: number | undefined;
  readonly log: (line: string) => void;
  /** Ends the wait: Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface StartedProgram {
  /** What is wrong when the program has ended by itself: what answers may be something else. */
  readonly fault: () => Promise<Problem | undefined>;
  readonly stop: () => Promise<void>;
}

/** Without --start. */
export const nothingStarted: StartedProgram = { fault: async () => undefined, stop: async () => {} };

const defaultWaitMs = 30_000;
/** A program that falls over its last request takes this long to be gone. */
const endsSoonMs = 50;
/** Of what the program printed before it ended. */
const shownLines = 20;

/** Starts the program, if there is one, and waits until the endpoint is ready. Throws `endpoint-cancelled` at the signal. */
export async function startAndWait(
  endpoint: Endpoint,
  { command, log, ready, signal, waitMs }: StartOptions,
): Promise<StartedProgram> {
  if (command === undefined) {
    if (waitMs !== undefined && waitMs > 0)
      await unlessStopped(waitUntilReady(endpoint, { ready, waitMs, signal }), endpoint, signal);
    return nothingStarted;
  }
  const url = await readyAlready(endpoint, ready);
  if (url !== undefined) throw tallyError("start-already-up", { command, url });
  const program = startWords(command, log);
  const died = new AbortController();
  const failed = (how: string, before: "it answered" | "the run did"): TallyError =>
    tallyError("start-failed", { command, how, before }, { detail: program.log.lastLines(shownLines) });
  void program.ended.then(({ how }) => died.abort(failed(how, "it answered")));
  try {
    const ended = AbortSignal.any([died.signal, signal]);
    await unlessStopped(
      waitUntilReady(endpoint, { ready, waitMs: waitMs ?? defaultWaitMs, signal: ended }),
      endpoint,
      signal,
    );
  } catch (error) {
    await program.end();
    throw error;
  }
  const { child } = program;
  return {
    fault: async () => {
      await Promise.race([program.ended, new Promise((resolve) => setTimeout(resolve, endsSoonMs))]);
      if (child.exitCode === null && child.signalCode === null) return undefined;
      return failed((await program.ended).how, "the run did").problem;
    },
    stop: async () => void (await program.end()),
  };
}

/** A connector that is loading cannot be told to stop: whoever waits for it goes. */
function unlessStopped(wait: Promise<void>, { url }: Endpoint, signal: AbortSignal): Promise<void> {
  const { promise: stopped, reject } = Promise.withResolvers<void>();
  const stop = (): void => reject(tallyError("endpoint-cancelled", { url }));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([wait, stopped]);
}

function startWords(command: string, log: (line: string) => void): Program {
  const words = posixWords(command);
  if ("reason" in words)
    throw tallyError("flag-value", { flag: "--start", value: command, expected: `a command (${words.reason})` });
  const [first = "", ...args] = words;
  return startProgram({
    command: first,
    args,
    cwd: process.cwd(),
    env: process.env,
    pipes: [],
    onLog: ({ text }) => log(text),
    outlivesUs: true,
  });
}
