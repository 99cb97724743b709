/** An image on a base of somebody else's, entered: another Node, in another place than ours, in layers of every form. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesBase, pushBase, runtimeBase } from "../kit/base-image.ts";
import { enter, type Entering, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { packImage, removePacked } from "../kit/packed-image.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Ran } from "../kit/project.ts";
import { type Registry, startRegistry, withoutRegistry } from "../kit/registry.ts";
import { withoutRuntime } from "../kit/runtime.ts";

const example = resolve("examples/sqli");
const architecture = process.arch === "arm64" ? "arm64" : "amd64";
const reason = withoutRuntime ?? withoutRegistry ?? withoutContainers;
if (reason !== undefined) process.stderr.write(`skipped test/image/base: ${reason}\n`);

describe.skipIf(reason !== undefined)("an image on another base", () => {
  let registry: Registry;
  let image: UnpackedImage;
  const run = (entering: Entering = {}): Promise<Ran> =>
    enter(image, { env: { ENDPOINT: "http://localhost:8080" }, ...entering });

  beforeAll(async () => {
    registry = await startRegistry();
    await pushBase(`${registry.host}/base/node:24`, [
      {
        architecture,
        // Its own Node takes the place of ours; of ours only the libraries are left.
        layers: [
          runtimeBase(`linux/${architecture}`),
          filesBase([
            { path: "usr/bin/.wh.node" },
            { path: "usr/local/bin/node", content: readFileSync(process.execPath), mode: 0o755 },
          ]),
          filesBase([{ path: "etc/base-release", content: "a base\n" }], "none"),
        ],
        config: {
          Env: ["PATH=/usr/local/bin:/usr/bin", `NODE_VERSION=${process.versions.node}`, "FROM_BASE=yes"],
          Entrypoint: ["docker-entrypoint.sh"],
          WorkingDir: "/home/node",
        },
      },
    ]);
    const words = ["--base", `${registry.host}/base/node:24`, "--plain-http"];
    const packed = packImage(example, `linux/${architecture}`, ...words);
    if ("reason" in packed) throw new Error(packed.reason);
    image = unpackImage(packed.tar);
  }, 180_000);
  afterAll(async () => {
    image?.[Symbol.dispose]();
    removePacked();
    await registry?.stop();
  });

  test("runs in the base's own Node, as nobody, with the base's environment", async () => {
    expect(image.settings.Entrypoint[0]).toBe("/usr/local/bin/node");
    const script = `console.log(JSON.stringify([process.execPath, process.version, process.getuid(), process.env.FROM_BASE, process.cwd(), require("fs").readFileSync("/etc/base-release", "utf8")]))`;
    const { stdout, stderr } = await run({ entrypoint: [...image.settings.Entrypoint.slice(0, 1), "-e", script] });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(["/usr/local/bin/node", process.version, 65532, "yes", "/out", "a base\n"]);
  });

  test("is green against what is right", async () => {
    const server = `${process.execPath} ${example}/production/server.mjs 8080`;
    const { exit, stderr, stdout } = await run({ server, args: ["--quiet"] });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ 374 passed in /);
    expect(exit).toBe(0);
  });

  test("is red against what is wrong", async () => {
    const server = `${process.execPath} ${example}/production/server-first-attempt.mjs 8080`;
    const { exit, stdout } = await run({ server, args: ["-k", `"(null)" has 1`] });
    expect(stdout).toContain("process.null_values");
    expect(stdout).toContain("1 failed");
    expect(exit).toBe(1);
  });

  test("runs pytest files in the Python of the base", { timeout: 180_000 }, async () => {
    const reference = `${registry.host}/base/python:1`;
    const layers = (["node", "python"] as const).map((which) => runtimeBase(`linux/${architecture}`, which));
    await pushBase(reference, [{ architecture, layers, config: { Env: ["PATH=/usr/bin"] } }]);
    const { root } = project({
      "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
      "tests/test_length.py": `def test_length(process):
    assert process({"text": "tea"})["length"] == 3
`,
      "server.mjs": `import { createServer } from "node:http";
const answer = ({ text }) => ({ length: text.length, half: 0, label: null });
createServer(async (request, response) => {
  const body = (await Array.fromAsync(request)).join("");
  response.setHeader("content-type", "application/json");
  if (request.method !== "POST") return response.end("{}");
  response.end(JSON.stringify([JSON.parse(body)].flat().map(answer)));
}).listen(8080);
`,
    });
    const packed = packImage(root, `linux/${architecture}`, "--python", "--base", reference, "--plain-http");
    if ("reason" in packed) throw new Error(packed.reason);
    using onPython = unpackImage(packed.tar);
    const server = `${process.execPath} ${root}/server.mjs`;
    const { exit, stderr, stdout } = await enter(onPython, { server, env: { ENDPOINT: "http://localhost:8080" } });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ 1 passed in /);
    expect(exit).toBe(0);
  });
});
