/** The command behind `--`: its own terminal, its own output, and ENDPOINT. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { tallyError } from "../../kernel/errors.ts";
import { onSignals } from "../on-signals.ts";

/** How it ended. */
export interface Ended {
  /** `ended with status 1`; undefined when all went well. */
  readonly failed: string | undefined;
  /** Somebody ended it, and us. */
  readonly stopped: 130 | 143 | undefined;
}

export interface CommandOptions {
  readonly words: readonly string[];
  readonly endpoint: string;
  /** Its standard output goes to our standard error: ours belongs to the result. */
  readonly asideOutput: boolean;
}

/** Runs it to its end. Throws `capture-start`. */
export async function runCommand({ asideOutput, endpoint, words }: CommandOptions): Promise<Ended> {
  const [command = "", ...args] = words;
  // The token is for the origin of an endpoint over HTTP, and for nobody else.
  const { TALLY_TOKEN: _, ...env } = process.env;
  const child = spawn(command, args, {
    stdio: ["inherit", asideOutput ? 2 : "inherit", "inherit"],
    env: { ...env, ENDPOINT: endpoint },
  });
  let stopped: Ended["stopped"];
  onSignals((code) => {
    stopped = code;
    // Ctrl-C reaches the whole group of a terminal by itself, SIGTERM only us.
    if (code === 143) child.kill("SIGTERM");
  });
  const failed = await new Promise<string | undefined>((resolve, reject) => {
    child.once("error", (cause) => reject(notStarted(command, cause)));
    child.once("exit", (status, signal) => resolve(howItEnded(status, signal)));
  });
  return { failed, stopped };
}

function howItEnded(status: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `was ended by ${signal} (${constants.signals[signal]})`;
  return status === 0 ? undefined : `ended with status ${status}`;
}

function notStarted(command: string, cause: Error): Error {
  const code = "code" in cause ? String(cause.code) : "";
  const reasons: Readonly<Record<string, string>> = { ENOENT: "there is no such program", EACCES: "it may not be run" };
  return tallyError("capture-start", { command, reason: reasons[code] ?? cause.message }, { cause });
}
