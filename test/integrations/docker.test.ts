/** What `integrations/` says of images, done with a Docker daemon: the action's other branch, and the compose file. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { type Docker, sharedDocker, withoutDocker } from "../kit/docker.ts";
import { packImage, removePacked } from "../kit/packed-image.ts";
import { runAction, serving } from "./action.ts";
import { checkout, type Checkout } from "./checkout.ts";

const absent = withoutDocker();
if (absent !== undefined) process.stderr.write(`skipped test/integrations/docker: ${absent}\n`);
const image = "lengths-ml-test:1.0.0";

describe.skipIf(absent !== undefined)("with a Docker daemon", () => {
  const docker = sharedDocker();
  type Skip = Parameters<typeof docker>[0];
  afterAll(removePacked);

  /** A job with the suite's image in the daemon. */
  async function withImage(skip: Skip): Promise<{ job: Checkout; daemon: Docker; env: Record<string, string> }> {
    const daemon = docker(skip);
    const job = await checkout();
    const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
    const packed = packImage(job.research, platform, "--compression", "gzip");
    skip("reason" in packed, "reason" in packed ? packed.reason : "");
    const loaded = daemon.run("load", "-i", "tar" in packed ? packed.tar : "");
    expect(loaded.stdout).toContain(`Loaded image: ${image}`);
    return { job, daemon, env: { DOCKER_HOST: daemon.host } };
  }

  test(
    "the action runs an image beside the endpoint that it starts: green, red",
    { timeout: 180_000 },
    async ({ skip }) => {
      const { env, job } = await withImage(skip);
      const given = { ...serving(job), suite: image };
      const summary = join(job.root, "summary.md");
      writeFileSync(summary, "");
      const green = await runAction(job, given, { ...env, GITHUB_STEP_SUMMARY: summary });
      expect(green.exit, green.output).toBe(0);
      expect(green.output).toMatch(/ 2 passed/);
      expect(job.read("tally-report/junit.xml")).toContain('tests="2"');
      expect(readFileSync(summary, "utf8")).toContain("All 2 tests pass");
      expect(job.serves()).toBe(false);
      const { start = "" } = serving(job, "wrong");
      const red = await runAction(job, { ...given, start }, env);
      expect(red.exit, red.output).toBe(1);
      expect(red.output).toContain("process.length");
    },
  );

  test("a job that is cancelled leaves neither container nor endpoint", { timeout: 180_000 }, async ({ skip }) => {
    const { daemon, env, job } = await withImage(skip);
    // Whoever asks is told to wait, and so is known to wait: the first process of a container hears no signal before it listens.
    let asked = (): void => undefined;
    const waits = new Promise<void>((resolve) => (asked = resolve));
    const busy = createServer((_, response) => {
      asked();
      response.writeHead(503).end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void busy.close());
    await once(busy, "listening");
    const address = busy.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const stuck = { ...serving(job), suite: image, endpoint: url, ready: url };
    const isRunning = (): boolean => daemon.run("ps", "--quiet").stdout.trim() !== "";
    const { exit, output } = await runAction(job, stuck, env, (pid) => {
      void waits.then(() => process.kill(pid, "SIGINT"));
    });
    // The container is told to end, whatever the job was told.
    expect(exit, output).toBe(143);
    expect(isRunning()).toBe(false);
    expect(job.serves()).toBe(false);
  });

  test("compose runs the suite against the app that it builds", { timeout: 180_000 }, async ({ skip }) => {
    skip(spawnSync("docker-compose", ["version"]).error !== undefined, "no docker-compose on this machine");
    const { env, job } = await withImage(skip);
    const text = readFileSync(resolve("integrations/compose/compose.yaml"), "utf8");
    writeFileSync(join(job.root, "compose.yaml"), text.replace("sqli-ml-test:1.0.0", image));
    copyFileSync(join(job.root, "server.mjs"), join(job.root, "app.mjs"));
    const served = readFileSync(join(job.root, "app.mjs"), "utf8").replace('"127.0.0.1"', '"0.0.0.0"');
    writeFileSync(join(job.root, "app.mjs"), served.replace('writeFileSync("server.pid", String(process.pid));', ""));
    // The only image at hand that has a Node.
    const lines = [`FROM ${image}`, "COPY app.mjs /app.mjs", 'ENTRYPOINT ["/usr/bin/node", "/app.mjs", "8080"]'];
    writeFileSync(join(job.root, "Dockerfile"), `${lines.join("\n")}\n`);
    mkdirSync(join(job.root, "tally-report"));
    const compose = (...words: string[]) =>
      spawnSync("docker-compose", ["--project-name", "tally", ...words], {
        cwd: job.root,
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: job.root, REPORT_USER: "0", DOCKER_BUILDKIT: "0", ...env },
      });
    const up = compose("up", "--build", "--exit-code-from", "suite");
    compose("down", "--timeout", "1");
    expect(up.stdout + up.stderr).toMatch(/ 2 passed/);
    expect(up.status).toBe(0);
    expect(job.read("tally-report/junit.xml")).toContain('tests="2"');
  });
});
