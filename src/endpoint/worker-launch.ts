import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { findInterpreter } from "../connector/python-interpreter.ts";
import type { LogLine } from "../connector/program-log.ts";
import type { WorkerLaunch } from "../connector/worker-process.ts";
import { wireOperations } from "../connector/worker-protocol.ts";
import type { ConnectorSource, Contract } from "../contract/contract.ts";
import { compileCacheFolder } from "../kernel/compile-cache.ts";
import { tallyError } from "../kernel/errors.ts";
import { ownProgram, packageRoot } from "../kernel/own-package.ts";
import { shownPath } from "../kernel/shown-path.ts";

/** A connector that Tally runs itself. */
export type LocalConnector = Exclude<ConnectorSource, { kind: "endpoint" }>;

/** How to start a connector's worker. */
export interface WorkerOptions {
  readonly connector: LocalConnector;
  /** Its operations, and the name of its model; without one nothing is declared. */
  readonly contract?: Contract | undefined;
  /** Where it is started; the contract's folder, or the current one. */
  readonly cwd?: string | undefined;
  /** How long loading may take; 30 s. */
  readonly startTimeoutMs?: number | undefined;
  /** How much a worker may grow before it is replaced; 2 GiB. */
  readonly maxGrowthBytes?: number | undefined;
  readonly onLog?: ((line: LogLine) => void) | undefined;
}

const defaultStartTimeoutMs = 30_000;

/** How to start the worker of a connector. Throws a TallyError when there is no connector or nothing to run it with. */
export function workerLaunch(options: WorkerOptions): WorkerLaunch {
  const { connector, contract } = options;
  if (!existsSync(connector.path)) throw tallyError("connector-missing", { path: shownPath(connector.path) });
  const cwd = options.cwd ?? contract?.root ?? process.cwd();
  return {
    ...(connector.kind === "python" ? pythonProgram(connector, cwd, "tallyml.worker") : nodeProgram(connector)),
    cwd,
    path: connector.path,
    model: contract?.model.name ?? null,
    dtypes: connector.kind === "python" ? connector.dtypes : "numpy",
    operations: wireOperations(contract),
    startTimeoutMs: options.startTimeoutMs ?? defaultStartTimeoutMs,
    maxGrowthBytes: options.maxGrowthBytes,
    onLog: options.onLog,
  };
}

type Program = Pick<WorkerLaunch, "command" | "args" | "env" | "interpreter">;

/** How to start a module of the Python SDK in the interpreter that a connector has or would have. */
export function pythonProgram(
  connector: Pick<Extract<LocalConnector, { kind: "python" }>, "interpreter" | "env">,
  root: string,
  module: string,
): Program {
  const env = { ...process.env, ...connector.env };
  const found = findInterpreter({ configured: connector.interpreter, root, env });
  const ours = fileURLToPath(new URL("python", packageRoot()));
  const own = env["PYTHONPATH"];
  return {
    command: found.command,
    args: [...found.args, "-u", "-m", module],
    // The SDK that ships with this Tally comes before one that is installed there.
    env: { ...env, PYTHONPATH: own ? `${ours}${delimiter}${own}` : ours },
    interpreter: shownPath(found.path),
  };
}

function nodeProgram(connector: Extract<LocalConnector, { kind: "node" }>): Program {
  return {
    command: process.execPath,
    args: [
      "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
      fileURLToPath(ownProgram("node-worker", "connector/node-worker.ts")),
    ],
    env: { ...process.env, ...connector.env, NODE_COMPILE_CACHE: compileCacheFolder(process.env) },
    interpreter: `node ${process.versions.node}`,
  };
}
