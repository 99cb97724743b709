/**
 * Who we are for a registry, from where Docker and Podman keep it: `auths` of config.json and auth.json, and the helpers
 * that `credHelpers` and `credsStore` name. Nothing is asked of anybody, and nothing is written.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { parseTable, stringAt, type Table, tableAt, tableOf } from "../json-table.ts";

export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** Given for a token of a registry's own service. */
  | { readonly kind: "identity"; readonly token: string };

const helperDeadlineMs = 20_000;
/** What Docker Hub is called in these files. */
const dockerHub = "https://index.docker.io/v1/";

/** Of the first file that knows the registry; undefined when none does. Throws `registry-credentials`. */
export function findCredentials(registry: string, env: NodeJS.ProcessEnv): Credentials | undefined {
  for (const file of credentialFiles(env)) {
    if (!existsSync(file)) continue;
    const found = readFrom(file, registry, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The files that are looked into, first come first served. */
export function credentialFiles(env: NodeJS.ProcessEnv): string[] {
  const { DOCKER_CONFIG: docker, REGISTRY_AUTH_FILE: stated, XDG_RUNTIME_DIR: runtime } = env;
  const home = env["HOME"] ?? homedir();
  return [
    ...(stated ? [stated] : []),
    join(docker || join(home, ".docker"), "config.json"),
    ...(runtime ? [join(runtime, "containers/auth.json")] : []),
    join(home, ".config/containers/auth.json"),
  ];
}

function readFrom(file: string, registry: string, env: NodeJS.ProcessEnv): Credentials | undefined {
  const config = readConfig(file);
  const helper = stringAt(tableAt(config, "credHelpers"), registry) ?? stringAt(config, "credsStore");
  const auths = tableAt(config, "auths");
  const names =
    registry === "docker.io" ? [dockerHub, "docker.io"] : [registry, `https://${registry}`, `http://${registry}`];
  if (helper !== undefined) {
    const found = askHelper(helper, names[0] ?? registry, { file, env });
    if (found !== undefined) return found;
  }
  const entry = Object.entries(auths).find(
    ([key]) => names.includes(key.replace(/(?<!v1)\/$/, "")) || names.includes(key),
  );
  if (entry === undefined) return undefined;
  const stored = tableOf(entry[1]);
  const identity = stringAt(stored, "identitytoken");
  if (identity !== undefined) return { kind: "identity", token: identity };
  const pair = Buffer.from(stringAt(stored, "auth") ?? "", "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon !== -1) return { kind: "password", user: pair.slice(0, colon), password: pair.slice(colon + 1) };
  const user = stringAt(stored, "username");
  const password = stringAt(stored, "password");
  return user === undefined || password === undefined ? undefined : { kind: "password", user, password };
}

interface Asking {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A helper says no with a word on stdout and a status; then the registry is asked without. */
function askHelper(helper: string, server: string, { env, file }: Asking): Credentials | undefined {
  const fail = (reason: string): never => {
    throw tallyError("registry-credentials", { file, reason });
  };
  // The name becomes a part of a program's name.
  if (!/^[\w.-]+$/.test(helper)) return fail(`"${helper}" is no name of a credential helper`);
  const program = `docker-credential-${helper}`;
  const ran = spawnSync(program, ["get"], { input: server, env, timeout: helperDeadlineMs, maxBuffer: 1024 * 1024 });
  if (ran.error && "code" in ran.error && ran.error.code === "ENOENT") return fail(`there is no ${program} in PATH`);
  if (ran.error) return fail(`${program} did not answer (${ran.error.message})`);
  if (ran.status !== 0) return undefined;
  const answer = parseTable(ran.stdout.toString("utf8")) ?? fail(`${program} answered no JSON`);
  const user = stringAt(answer, "Username") ?? "";
  const secret = stringAt(answer, "Secret") ?? "";
  return user === "<token>" ? { kind: "identity", token: secret } : { kind: "password", user, password: secret };
}

function readConfig(file: string): Table {
  const fail = (reason: string): never => {
    throw tallyError("registry-credentials", { file, reason });
  };
  return parseTable(readText(file, fail)) ?? fail("it is no JSON object");
}

function readText(file: string, fail: (reason: string) => never): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return fail(error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}
