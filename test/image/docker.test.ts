/** The image under Docker itself: loaded from the file, run as the guides say, against real endpoints. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { sharedDocker, withoutDocker } from "../kit/docker.ts";
import { freePort } from "../kit/free-port.ts";
import { packImage, removePacked } from "../kit/packed-image.ts";

const absent = withoutDocker();
const example = resolve("examples/sqli");
const image = "sqli-ml-test:1.0.0";
const hostNetwork = ["run", "--rm", "--network", "host"];
const strict = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

/** Both platforms in one file, as `tally pack` makes it, for Dockers of before zstd too. */
const packed =
  absent === undefined
    ? packImage(example, "linux/amd64", "--platform", "linux/arm64", "--compression", "gzip")
    : undefined;
const why = absent ?? (packed && "reason" in packed ? packed.reason : undefined);
if (why !== undefined) process.stderr.write(`skipped test/image/docker: ${why}\n`);

/** Starts one of the example's servers; gives its port. */
async function serve(program: string): Promise<number> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [join(example, "production", program), String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.stdout) await once(child.stdout, "data");
  return port;
}

describe.skipIf(why !== undefined)("under Docker", () => {
  const daemon = sharedDocker();
  afterAll(removePacked);

  test("docker load takes the file, and names the image as it was said", { timeout: 120_000 }, ({ skip }) => {
    const { run } = daemon(skip);
    const loaded = run("load", "-i", packed && "tar" in packed ? packed.tar : "");
    expect(loaded.stderr).toBe("");
    expect(loaded.stdout).toContain(`Loaded image: ${image}`);
    const [inspected] = JSON.parse(run("image", "inspect", image).stdout);
    expect(inspected.Config.User).toBe("65532:65532");
    expect(inspected.Config.Labels["org.opencontainers.image.version"]).toBe("1.0.0");
    expect(inspected.RootFS.Layers).toHaveLength(3);
    const version = run(...hostNetwork, ...strict, image, "--version");
    expect(version.stdout).toMatch(/^tally \d+\.\d+\.\d+\n$/);
  });

  test("is green and red as everywhere", { timeout: 120_000 }, async ({ skip }) => {
    const { run } = daemon(skip);
    const right = await serve("server.mjs");
    const wrong = await serve("server-first-attempt.mjs");
    const at = (port: number, ...args: string[]) =>
      run(...hostNetwork, ...strict, "-e", `ENDPOINT=http://127.0.0.1:${port}`, image, ...args);
    const green = at(right, "--quiet");
    expect(`${green.status} ${green.stderr}`).toBe("0 ");
    expect(green.stdout).toMatch(/ 374 passed in /);
    const red = at(wrong, "-k", '"(null)" has 1');
    expect(red.stdout).toContain("process.null_values");
    expect(red.status).toBe(1);
  });

  test(
    "leaves its reports in a folder that is mounted, as the user of the host",
    { timeout: 120_000 },
    async ({ skip }) => {
      const { run } = daemon(skip);
      const port = await serve("server.mjs");
      const out = mkdtempSync(join(tmpdir(), "tally-out-"));
      onTestFinished(() => rmSync(out, { recursive: true, force: true }));
      chownSync(out, 1234, 1234);
      const mount = ["-v", `${out}:/out`];
      const address = ["-e", `ENDPOINT=http://127.0.0.1:${port}`];
      const refusedRun = run(...hostNetwork, ...strict, ...mount, ...address, image);
      expect(refusedRun.stderr).toMatch(/^error\[out-mounted\]: /);
      expect(refusedRun.status).toBe(2);
      const ran = run(...hostNetwork, ...strict, ...mount, ...address, "--user", "1234:1234", image, "--quiet");
      expect(`${ran.status} ${ran.stderr}`).toBe("0 ");
      expect(readdirSync(out)).toEqual(expect.arrayContaining(["events.ndjson", "index.html", "junit.xml"]));
      expect(readFileSync(join(out, "junit.xml"), "utf8")).toMatch(/<testsuites [^>]*tests="374"/);
    },
  );

  test("explains localhost where the network is its own", { timeout: 60_000 }, ({ skip }) => {
    const { run } = daemon(skip);
    const alone = run("run", "--rm", "--network", "none", "-e", "ENDPOINT=http://localhost:8080", image, "--quiet");
    expect(alone.stdout.replaceAll(/\s+/g, " ")).toContain("add --network host to docker run");
    expect(alone.status).toBe(3);
  });

  test("a suite of what docker save writes is the same suite", { timeout: 120_000 }, ({ skip }) => {
    const { run } = daemon(skip);
    const out = mkdtempSync(join(tmpdir(), "tally-save-"));
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    expect(run("save", "-o", join(out, "saved.tar"), image).stderr).toBe("");
    const words = [resolve("bin/tally.js"), "list", "--json", "--suite", join(out, "saved.tar")];
    const env = { ...process.env, XDG_CACHE_HOME: out };
    const listed = spawnSync(process.execPath, words, { encoding: "utf8", env });
    expect(listed.stderr).toBe("");
    expect(JSON.parse(listed.stdout).tests).toHaveLength(374);
  });
});
