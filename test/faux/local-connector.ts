/** The broken connectors of test/faux/connectors, as endpoints. */
import { existsSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { LogLine } from "../../src/connector/program-log.ts";
import type { Contract } from "../../src/contract/contract.ts";
import type { CallOutcome, Endpoint } from "../../src/endpoint/endpoint.ts";
import { workerEndpoint } from "../../src/endpoint/worker-endpoint.ts";

/** Any Python, and one with pandas; undefined where there is none. */
export const python = findPython("import sys");
export const pandas = findPython("import pandas");

function findPython(code: string): string | undefined {
  const candidates = [process.env["TALLY_TEST_PYTHON"], "/tmp/tallyvenv/bin/python", "python3"];
  return candidates.find(
    (each) => each !== undefined && spawnSync(each, ["-c", code], { stdio: "ignore" }).status === 0,
  );
}

export interface LocalOptions {
  readonly contract?: Contract;
  readonly workers?: number;
  readonly cwd?: string;
  readonly startTimeoutMs?: number;
  readonly interpreter?: string;
  readonly maxGrowthBytes?: number;
  readonly log?: LogLine[];
}

/** The path of one of the connectors. */
export function connectorPath(name: string): string {
  return fileURLToPath(new URL(`connectors/${name}`, import.meta.url));
}

/** An endpoint for one of the connectors; closed when the test ends. */
export function local(name: string, options: LocalOptions = {}): Endpoint {
  const path = existsSync(name) ? name : connectorPath(name);
  const { workers = 1, log, ...rest } = options;
  const endpoint = workerEndpoint({
    ...rest,
    connector: name.endsWith(".py")
      ? {
          kind: "python",
          path,
          workers,
          dtypes: "numpy",
          env: {},
          interpreter: options.interpreter ?? pandas ?? python ?? "python3",
        }
      : { kind: "node", path, workers, env: {} },
    onLog: (line) => log?.push(line),
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** An outcome without its milliseconds. */
export function timeless(outcome: CallOutcome): Omit<CallOutcome, "ms"> {
  const { ms: _, ...rest } = outcome;
  return rest;
}

/** Whether a process is still there; one that has ended and that nobody has asked about (a zombie) is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Waits until something is so. */
export async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
