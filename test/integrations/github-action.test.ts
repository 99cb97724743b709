/** The action of GitHub: its file, and its step run by bash as a runner does, against a real server and a packed suite. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { until } from "../faux/local-connector.ts";
import { action, folder, inputs, runAction, serving, steps } from "./action.ts";
import { at, checkout, integration } from "./checkout.ts";

test("it is a composite action that uses every input it has, and no other", () => {
  expect(at(action, "runs", "using")).toBe("composite");
  const used = [...integration("github/action.yml").matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
  expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
  for (const [name, input] of Object.entries(inputs)) {
    expect(at(input, "description"), name).toMatch(/^[A-Z].*\.$/);
    expect(at(input, "required") === true, name).toBe(at(input, "default") === undefined);
  }
  for (const step of steps) {
    const kind = at(step, "run") === undefined ? "uses" : "run";
    expect(Object.keys(Object(step)).filter((key) => !["if", "env", "with", "shell", kind].includes(key))).toEqual([]);
    if (kind === "run") expect(at(step, "shell")).toBe("bash");
    else expect(at(step, "uses")).toMatch(/^actions\/[a-z-]+@v\d+$/);
  }
});

test("the guide gives it inputs that it has, and all that it must have", () => {
  const page = readFileSync(resolve(folder, "../../docs/guide/in-the-build.md"), "utf8");
  const workflows = [...page.matchAll(/^```yaml [^\n]*\n([^]*?)^```$/gm)].map(([, text = ""]): unknown => parse(text));
  const used = workflows.flatMap((workflow) => [].concat(Object(at(workflow, "jobs", "tally", "steps"))));
  const given = used
    .filter((step) => at(step, "uses") === "./integrations/github")
    .map((step) => Object(at(step, "with")));
  expect(given).toHaveLength(1);
  for (const words of given) {
    expect(Object.keys(words).filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
    expect(Object.keys(inputs).filter((name) => at(inputs, name, "required") === true && !(name in words))).toEqual([]);
  }
});

test("green: the endpoint is started, judged, stopped, and the report says all of it", async () => {
  const job = await checkout();
  const { exit, output } = await runAction(job, serving(job), { GITHUB_STEP_SUMMARY: join(job.root, "summary.md") });
  expect(exit, output).toBe(0);
  expect(output).toMatch(/ 2 passed/);
  expect(job.read("tally-report/junit.xml")).toContain('tests="2"');
  expect(job.read("tally-report/events.ndjson")).toContain('"model loaded"');
  expect(job.read("summary.md")).toContain("lengths-ml-test");
  expect(job.serves()).toBe(false);
});

test("red: the exit code is Tally's, and the report is there", async () => {
  const job = await checkout();
  const { exit, output } = await runAction(job, { ...serving(job, "wrong"), out: "reports/of tally", args: " \n" });
  expect(exit, output).toBe(1);
  expect(output).toContain("::error ");
  expect(job.read("reports/of tally/junit.xml")).toContain('failures="2"');
  expect(job.serves()).toBe(false);
});

test("args are split as a shell splits them; a quote without its other half is said", async () => {
  const job = await checkout();
  const one = await runAction(job, { ...serving(job), args: `-k "green tea"\n--quiet --max-time 1m` });
  expect(one.exit, one.output).toBe(0);
  expect(one.output).toMatch(/ 1 passed/);
  const half = await runAction(job, { ...serving(job), args: `-k "green tea` });
  expect(half.exit, half.output).toBe(2);
  expect(half.output).toContain(
    `::error title=Tally::The input 'args' has a quote without its other half: -k "green tea`,
  );
});

test("an endpoint that does not come is 3, as soon as wait is over", async () => {
  const job = await checkout();
  const { exit, output } = await runAction(job, { suite: "suite.tgz", endpoint: job.url, wait: "300ms" });
  expect(exit, output).toBe(3);
  expect(output).toContain("::error title=endpoint-not-ready::");
  expect(existsSync(join(job.root, "tally-report/junit.xml"))).toBe(true);
});

test("a job that is cancelled leaves nothing running, and a report", async () => {
  const job = await checkout();
  // Nothing answers at this address, so it waits.
  const stuck = { ...serving(job, "child"), endpoint: "http://127.0.0.1:9", ready: "http://127.0.0.1:9" };
  const { exit, output } = await runAction(job, stuck, {}, (pid) => process.kill(pid, "SIGINT"));
  expect(exit, output).toBe(130);
  expect(await until(() => !job.serves(), 3_000)).toBe(true);
  expect(existsSync(join(job.root, "tally-report/junit.xml"))).toBe(true);
});

test("for an image, bash can read what it does", () => {
  expect(execFileSync("bash", ["-n", join(folder, "run.sh")], { encoding: "utf8" })).toBe("");
});

const docker = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;

test.skipIf(docker)("without Docker an image is Docker's own exit code, and the endpoint is stopped", async () => {
  const job = await checkout();
  const { exit, output } = await runAction(job, { ...serving(job), suite: "registry.example/suite:1.0.0" });
  // 127 without the program, 125 without the daemon.
  expect([125, 127], output).toContain(exit);
  expect(output).toMatch(/docker/i);
  expect(existsSync(join(job.root, "server.pid")) && job.serves()).toBe(false);
});
