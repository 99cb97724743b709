/** The program of --start: started, waited for, and stopped with everything it started itself. */
import { type Program, startProgram } from "../connector/child-program.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { waitUntilReady } from "../endpoint/wait-until-ready.ts";
import { tallyError } from "../kernel/errors.ts";
import { posixWords } from "../kernel/posix-words.ts";

export interface StartOptions {
  readonly command: string | undefined;
  readonly ready: string | undefined;
  readonly waitMs: number | undefined;
  readonly log: (line: string) => void;
}

const defaultWaitMs = 30_000;

/** Starts the program, if there is one, and waits until the endpoint is ready; the result ends it. */
export async function startAndWait(
  endpoint: Endpoint,
  { command, log, ready, waitMs }: StartOptions,
): Promise<() => Promise<void>> {
  if (command === undefined) {
    if (waitMs !== undefined && waitMs > 0) await waitUntilReady(endpoint, { ready, waitMs });
    return async () => {};
  }
  const program = startWords(command, log);
  const died = new AbortController();
  void program.ended.then(({ how }) => died.abort(tallyError("start-failed", { command, how })));
  try {
    await waitUntilReady(endpoint, { ready, waitMs: waitMs ?? defaultWaitMs, signal: died.signal });
  } catch (error) {
    await program.end();
    throw error;
  }
  return async () => {
    await program.end();
  };
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
  });
}
