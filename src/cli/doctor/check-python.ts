/** The interpreter of a Python connector: found, new enough, and which `tallyml` it has. */
import { execFile } from "node:child_process";
import { findInterpreter, type Interpreter } from "../../connector/python-interpreter.ts";
import type { ConnectorSource } from "../../contract/contract.ts";
import { problem } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { attempt, type Check, failed, ok } from "./check.ts";

/** What python/pyproject.toml asks for. */
const oldest = [3, 9] as const;
const timeoutMs = 20_000;

const question = `
import json, sys
try:
    from importlib.metadata import version
    sdk = version("tallyml")
except Exception:
    sdk = None
print(json.dumps({"python": list(sys.version_info[:3]), "sdk": sdk}))
`;

/** Two findings: the interpreter, and the SDK. */
export async function checkPython(
  connector: Pick<Extract<ConnectorSource, { kind: "python" }>, "env" | "interpreter">,
  root: string,
): Promise<Check[]> {
  let sdk: string | undefined;
  const env = { ...process.env, ...connector.env };
  const interpreter = await attempt("interpreter", async () => {
    const found = findInterpreter({ configured: connector.interpreter, root, env });
    const path = shownPath(found.path);
    const said = await ask(found, root, env);
    if (said === undefined)
      return failed("interpreter", problem("connector-interpreter", { tried: `${path}, which does not run` }));
    const version = said.python.join(".");
    const [major = 0, minor = 0] = said.python;
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
      return failed("interpreter", problem("python-old", { path, version, oldest: oldest.join(".") }));
    sdk = said.sdk ?? "";
    return ok("interpreter", `${path}, Python ${version} (from ${found.source})`);
  });
  if (sdk === undefined) return [interpreter];
  const own = tallyVersion();
  if (sdk === "" || sdk === own) return [interpreter, ok("sdk", `tallyml ${own}, which comes with this Tally`)];
  const said = `tallyml ${sdk} is installed there; a run uses ${own}, which comes with this Tally`;
  return [interpreter, { name: "sdk", status: "note", said }];
}

interface Said {
  readonly python: readonly number[];
  readonly sdk: string | null;
}

/** Undefined when the program does not answer as a Python does. */
function ask({ args, command }: Interpreter, cwd: string, env: NodeJS.ProcessEnv): Promise<Said | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args, "-c", question], { cwd, env, timeout: timeoutMs }, (error, stdout) => {
      resolve(error === null ? readSaid(stdout) : undefined);
    });
  });
}

function readSaid(text: string): Said | undefined {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== "object" || said === null || !("python" in said) || !Array.isArray(said.python))
      return undefined;
    const sdk = "sdk" in said && typeof said.sdk === "string" ? said.sdk : null;
    return { python: said.python.map(Number), sdk };
  } catch {
    return undefined;
  }
}
