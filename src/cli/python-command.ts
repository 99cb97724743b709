/** `tally python`: which interpreter a connector runs with and which `tallyml` it has; `--install` puts this one there. */
import { spawn } from "node:child_process";
import { findContract, loadContract } from "../contract/load-contract.ts";
import { pythonProgram } from "../endpoint/worker-launch.ts";
import { type ExitCode, tallyError } from "../kernel/errors.ts";
import { tallyVersion } from "../kernel/own-package.ts";
import type { Arguments } from "./arguments.ts";
import { checkPython } from "./doctor/check-python.ts";
import { showProblem } from "./show-problem.ts";

export async function runPython(args: Arguments): Promise<ExitCode> {
  const file = findContract(process.cwd(), args.text("config"));
  const contract = file === undefined ? undefined : loadContract(file, tallyVersion());
  const root = contract?.root ?? process.cwd();
  const connector = contract?.connector?.kind === "python" ? contract.connector : { env: {} };
  if (args.flag("install")) return install(pythonProgram(connector, root, "tallyml.install"), root);
  const checks = await checkPython(connector, root);
  for (const { name, problem, said } of checks) {
    if (problem) process.stderr.write(showProblem(problem, false));
    else process.stdout.write(`${name.padEnd(12)} ${said}\n`);
  }
  return checks.find(({ problem }) => problem)?.problem?.exit ?? 0;
}

/** What pip says goes where it would go without Tally. */
async function install(
  { args, command, env, interpreter }: ReturnType<typeof pythonProgram>,
  cwd: string,
): Promise<ExitCode> {
  const installer = spawn(command, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise<string | number | null>((resolve) => {
    installer.once("error", (error) => resolve(error.message));
    installer.once("exit", (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) throw tallyError("python-install", { python: interpreter, status: String(status) });
  return 0;
}
