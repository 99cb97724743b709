/** What a job of Development's build has: a packed suite, a program to test, and the steps of a file of `integrations/`. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { expect, onTestFinished } from "vitest";
import { isAlive, until } from "../faux/local-connector.ts";
import { freePort } from "../kit/free-port.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

const suite = {
  "tally.toml": contract,
  "connector.ts": "throw new Error('this never leaves');\n",
  "tests/drinks.test.ts": `import { expect, operation, test } from "tallyml";
const process = operation("process");
for (const text of ["green tea", "milk"]) test(text, async () => {
  expect(await process({ text })).toTally({ length: text.length });
});
`,
};

/** A server that says which process it is; with `wrong` it answers one too many, with `child` a child of its own listens. */
const server = `import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
const [port, how] = process.argv.slice(2);
if (how === "child") spawn(process.execPath, [process.argv[1], port], { stdio: "inherit" });
else {
  writeFileSync("server.pid", String(process.pid));
  createServer(async (request, response) => {
    if (request.method === "GET") return response.writeHead(request.url === "/health" ? 200 : 404).end();
    const records = JSON.parse(Buffer.concat(await request.toArray()));
    response.end(JSON.stringify(records.map(({ text }) => ({ length: text.length + (how === "wrong" ? 1 : 0), half: 0, label: null }))));
  }).listen(Number(port), "127.0.0.1", () => console.log("model loaded"));
}
`;

export interface Step {
  readonly exit: number | null;
  readonly output: string;
}

export interface Checkout {
  readonly root: string;
  /** Research's own folder, which the suite was packed in. */
  readonly research: string;
  readonly port: number;
  readonly url: string;
  readonly read: (path: string) => string;
  /** Runs a script as the tool does, to its end; `when` is called as soon as the server is up, with the step's process. */
  readonly run: (
    shell: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
    when?: (pid: number) => void,
  ) => Promise<Step>;
  /** Whether the server that was started is still there. Fails where none was. */
  readonly serves: () => boolean;
}

/** Makes a folder with `suite.tgz`, `server.mjs` and nothing else; it is removed when the test ends. */
export async function checkout(): Promise<Checkout> {
  const research = project(suite);
  const { root } = project({ "server.mjs": server });
  const packed = await research.tally(["pack", "--format", "bundle", "--out", join(root, "suite.tgz")]);
  expect(packed.exit, packed.stderr).toBe(0);
  const port = await freePort();
  return {
    root,
    research: research.root,
    port,
    url: `http://127.0.0.1:${port}`,
    read: (path) => readFileSync(join(root, path), "utf8"),
    run: ([command, ...args], env, when) => {
      const child = spawn(command, args, { cwd: root, env: { ...plainEnvironment(), RUNNER_TEMP: root, ...env } });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      onTestFinished(() => void child.kill("SIGKILL"));
      const { pid } = child;
      if (when !== undefined && pid !== undefined)
        void until(() => existsSync(join(root, "server.pid")), 20_000).then(() => when(pid));
      return new Promise((done) => child.on("close", (exit) => done({ exit, output })));
    },
    serves: () => isAlive(Number(readFileSync(join(root, "server.pid"), "utf8"))),
  };
}

/** As on a machine of a build, with Node 24 first. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { HOME, LANG, PATH } = process.env;
  return { HOME, LANG, PATH: [dirname(process.execPath), PATH].join(delimiter) };
}

/** A file of `integrations/`. */
export function integration(path: string): string {
  return readFileSync(join(resolve(import.meta.dirname, "../../integrations"), path), "utf8");
}

/** What is below these keys. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (Object(inner) === inner ? Reflect.get(Object(inner), key) : undefined),
    value,
  );
}
