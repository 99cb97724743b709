/** What GitLab, Jenkins and Compose are given: read as they read it, and its shell lines run against a real server and a packed suite. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { at, checkout, type Checkout, integration, type Step } from "./checkout.ts";

const gitlab: unknown = parse(integration("gitlab/tally.gitlab-ci.yml"));
const jenkinsfile = integration("jenkins/Jenkinsfile");
const compose: unknown = parse(integration("compose/compose.yaml"));

test("GitLab: a hidden job that keeps JUnit and a link to the report, red or green", () => {
  expect(Object.keys(Object(gitlab))).toEqual([".tally"]);
  expect(Object.keys(Object(at(gitlab, ".tally"))).toSorted()).toEqual(["artifacts", "image", "script", "variables"]);
  const out = String(at(gitlab, ".tally", "variables", "TALLY_OUT"));
  expect(at(gitlab, ".tally", "artifacts")).toEqual({
    when: "always",
    expose_as: "Tally",
    paths: [`${out}/`],
    reports: { junit: `${out}/junit.xml` },
  });
});

test("GitLab: what the comment shows is a job that extends it", () => {
  const comment = integration("gitlab/tally.gitlab-ci.yml").match(/^# (include:[^]*?)\n#\n# More/m)?.[1] ?? "";
  const shown: unknown = parse(comment.replaceAll(/^# ?/gm, ""));
  expect(at(shown, "tally", "extends")).toBe(".tally");
  const known = new Set(Object.keys(Object(at(gitlab, ".tally", "variables"))));
  expect(Object.keys(Object(at(shown, "tally", "variables"))).filter((name) => !known.has(name))).toEqual([]);
});

/** As the shell executor of GitLab: the lines of the script one after the other, the first that fails ends it. */
function runGitlab(job: Checkout, variables: Readonly<Record<string, string>>): Promise<Step> {
  const script = [].concat(Object(at(gitlab, ".tally", "script"))).join("\n");
  const own = Object.entries(Object(at(gitlab, ".tally", "variables"))).map(([name, value]) => [name, String(value)]);
  return job.run(["bash", "-eo", "pipefail", "-c", script], {
    ...Object.fromEntries(own),
    GITLAB_CI: "true",
    ...variables,
  });
}

/** The step `sh` of the Jenkinsfile, and its environment. */
function runJenkins(job: Checkout, variables: Readonly<Record<string, string>>): Promise<Step> {
  const script = /sh '''([^]*?)'''/.exec(jenkinsfile)?.[1] ?? "exit 99";
  const environment = /environment \{([^]*?)\}/.exec(jenkinsfile)?.[1] ?? "";
  const own = [...environment.matchAll(/(\w+) = '(.*)'/g)].map(([, name = "", value = ""]) => [name, value]);
  return job.run(["sh", "-xec", script], { ...Object.fromEntries(own), ...variables });
}

test.each([
  ["GitLab", runGitlab],
  ["Jenkins", runJenkins],
] as const)(
  "%s: green and red, the endpoint started and stopped, the report where it is looked for",
  async (_, run) => {
    const job = await checkout();
    mkdirSync(join(job.root, "package"));
    writeFileSync(join(job.root, "package/own.txt"), "a folder of the project");
    const variables = { SUITE: "suite.tgz", ENDPOINT: job.url, TALLY_START: `node server.mjs ${job.port}` };
    const green = await run(job, variables);
    expect(green.exit, green.output).toBe(0);
    expect(green.output).toMatch(/ 2 passed/);
    expect(job.read("tally-report/junit.xml")).toContain('tests="2"');
    expect(job.serves()).toBe(false);
    const red = await run(job, { ...variables, TALLY_START: `${variables.TALLY_START} wrong` });
    expect(red.exit, red.output).toBe(1);
    expect(job.read("tally-report/junit.xml")).toContain('failures="2"');
    expect(job.read("tally-report/index.html")).toContain("<html");
    expect(job.serves()).toBe(false);
    expect(readdirSync(join(job.root, "package"))).toEqual(["own.txt"]);
    const missing = await run(job, { ...variables, SUITE: "not-there.tgz" });
    expect(missing.exit).not.toBe(0);
  },
);

test("Jenkins: an abort ends the endpoint", async () => {
  const job = await checkout();
  const variables = {
    SUITE: "suite.tgz",
    ENDPOINT: "http://127.0.0.1:9",
    TALLY_START: `node server.mjs ${job.port} child`,
  };
  const script = /sh '''([^]*?)'''/.exec(jenkinsfile)?.[1] ?? "exit 99";
  const ran = await job.run(["sh", "-xec", script], { ...variables, TALLY_OUT: "tally-report" }, (pid) =>
    process.kill(pid, "SIGTERM"),
  );
  expect(ran.exit, ran.output).toBe(143);
  expect(job.serves()).toBe(false);
});

test("Jenkins: brackets close, and the reports are those that the step writes", () => {
  const code = jenkinsfile.replaceAll(/'''[^]*?'''|'[^']*'|\/\/.*/g, "''");
  for (const [open, close] of ["{}", "[]", "()"].map((pair) => pair.split("")))
    expect(code.split(open ?? "").length, open).toBe(code.split(close ?? "").length);
  expect(jenkinsfile).toContain("testResults: 'tally-report/junit.xml'");
  expect(jenkinsfile).toContain("reportDir: 'tally-report', reportFiles: 'index.html'");
  expect(jenkinsfile).toContain("TALLY_OUT = 'tally-report'");
});

test("Compose: the suite waits for the app that is named in its address, as somebody who may do nothing", () => {
  const suite = at(compose, "services", "suite");
  expect(Object.keys(Object(at(compose, "services")))).toEqual(["app", "suite"]);
  expect(at(suite, "depends_on")).toEqual(["app"]);
  expect(new URL(String(at(suite, "environment", "ENDPOINT"))).hostname).toBe("app");
  expect(at(suite, "read_only")).toBe(true);
  expect(at(suite, "cap_drop")).toEqual(["ALL"]);
  expect(at(suite, "volumes")).toEqual(["./tally-report:/out"]);
  expect(join("/", String(at(suite, "user")))).toBe("/${REPORT_USER:-65532}");
});
