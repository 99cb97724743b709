/**
 * Starts the processes that test files run in. One may be started before anything is known of the run: its own start
 * takes as long as loading the command and reading the contract, and both can happen at once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { signalGroup, startWatchdog } from "../connector/child-program.ts";
import { compileCacheFolder } from "../kernel/compile-cache.ts";
import { programWords } from "../kernel/own-package.ts";

const passedOn = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "CI",
  "XDG_CACHE_HOME",
  "NODE_EXTRA_CA_CERTS",
  "SystemRoot",
];

let spare: ChildProcess | undefined;
/** What the spare process is fenced in by. */
let spareFence = "";

/**
 * Starts the process of the first test file ahead of time; `endSpare` ends it if no file has needed it. `fence` are the flags
 * of a delivered suite.
 */
export function startSpare(fence: readonly string[] = []): void {
  spareFence = fence.join(" ");
  spare = startProcess(fence);
  // A process that could not be started is found out when it is taken.
  spare.once("error", () => {});
}

/** A process for one test file: the spare one if it is there, alive and fenced alike. It changes to the suite's folder itself. */
export function takeSuiteProcess(fence: readonly string[]): ChildProcess {
  if (fence.join(" ") !== spareFence) endSpare();
  const taken = spare;
  spare = undefined;
  const isAlive = taken?.pid !== undefined && taken.exitCode === null && taken.signalCode === null;
  return taken !== undefined && isAlive ? taken : startProcess(fence);
}

/** Ends the spare process when no test file needed it. */
export function endSpare(): void {
  if (spare) endSuiteProcess(spare);
  spare = undefined;
}

/**
 * In a group of its own: Ctrl-C at a terminal goes to Tally alone, which then ends the run in order, and what tests start
 * ends with them. A loop without an await never hears that Tally is gone; the watchdog ends it.
 */
function startProcess(fence: readonly string[]): ChildProcess {
  const words = [...flags(), ...fence, ...programWords("suite-child", "suite/child/suite-child.ts")];
  const child = spawn(process.execPath, words, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
    detached: process.platform !== "win32",
    env: childEnvironment(process.env),
  });
  const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid);
  child.once("exit", () => {
    endSuiteProcess(child);
    watchdog?.end();
  });
  return child;
}

/** Ends the process of a test file and whatever its tests have started. */
export function endSuiteProcess(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
}

function flags(): string[] {
  return [
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    "--disable-warning=ExperimentalWarning",
    // A thousand tests wait for their answers at the same time: a young generation of 1 MB would copy them again and again.
    "--min-semi-space-size=16",
  ];
}

/** An allow-list: a suite is code of another team and has no business with tokens and keys in the environment. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  // tinyrainbow colours diffs even into a pipe; NODE_COMPILE_CACHE also serves the child's own first file.
  return { ...kept, NO_COLOR: "1", NODE_COMPILE_CACHE: compileCacheFolder(env) };
}
