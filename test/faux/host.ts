/** Plays Tally: runs a connector, calls it, prints the ids of all processes that came of it, and waits to be killed. */
import { execFileSync } from "node:child_process";
import { workerEndpoint } from "../../src/endpoint/worker-endpoint.ts";

const [path = "", operation = "", record = "{}"] = process.argv.slice(2);
const python = process.env["TALLY_TEST_PYTHON"];
const endpoint = workerEndpoint({
  connector: path.endsWith(".py")
    ? { kind: "python", path, workers: 1, dtypes: "numpy", env: {}, ...(python && { interpreter: python }) }
    : { kind: "node", path, workers: 1, env: {} },
});
await endpoint.start();
void endpoint.call(operation, [record], { timeoutMs: 60_000 });
await new Promise((resolve) => setTimeout(resolve, 300));

/** The processes below this one. */
function descendants(pid: number): number[] {
  const lines = execFileSync("ps", ["-e", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  const children = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === pid && name !== "ps")
    .map(([child]) => Number(child));
  return children.flatMap((child) => [child, ...descendants(child)]);
}
process.stdout.write(JSON.stringify(descendants(process.pid)));
setInterval(() => {}, 1_000);
