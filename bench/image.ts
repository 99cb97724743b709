/** What it costs to run from inside an image: the same Node and the same suite, entered by chroot and started where they lie. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { unpackImage } from "../test/kit/container.ts";
import { type Program, runProgram, startServer, tally } from "./kit/processes.ts";
import { type Options, type Section, Skipped, type Target } from "./kit/report.ts";
import { digits, interleaved, shown } from "./kit/statistics.ts";

/** What a container runtime puts into a root, done once for all runs. */
const mounts = `
mkdir -p "$1/proc" "$1/dev" "$1/etc"
[ -e "$1/etc/hosts" ] || printf '127.0.0.1 localhost\\n' >"$1/etc/hosts"
mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev"
for device in null zero random urandom; do touch "$1/dev/$device" && mount --bind "/dev/$device" "$1/dev/$device"; done
mount -o remount,bind,ro "$1"
echo ready
read -r _`;

const toml = `[model]
name = "lengths"
[operations.process]
input = { text = "string" }
output = { length = "int" }
`;
const one = `{"operation":"process","name":"one","input":{"text":"a"},"expect":{"length":1}}\n`;
const thousand = `import { expect, operation, test } from "tallyml";
const process = operation("process");
for (let i = 0; i < 1000; i += 1)
  test(\`length \${i}\`, async () => { expect(await process({ text: "x".repeat(i) })).toTally({ length: i }); });
`;
const server = `import { createServer } from "node:http";
createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk)).on("end", () => {
    const records = request.method === "POST" ? JSON.parse(body).map(({ text }) => ({ length: text.length })) : {};
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(records));
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
`;

export async function run({ quick }: Options): Promise<readonly Section[]> {
  for (const tool of ["zstd", "skopeo", "unshare", "nsenter"])
    if (spawnSync(tool, ["--version"]).error) throw new Skipped(`no ${tool} on this machine`);
  if (userInfo().uid !== 0) throw new Skipped("images are entered by root alone here");
  const folder = mkdtempSync(join(tmpdir(), "tally-bench-image-"));
  try {
    return [await insideAndOutside(folder, quick ? 5 : 15)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function insideAndOutside(folder: string, rounds: number): Promise<Section> {
  writeFileSync(join(folder, "server.mjs"), server);
  const small = await unpacked(folder, "small", { "cases/process.jsonl": one });
  const large = await unpacked(folder, "large", { "tests/thousand.test.ts": thousand });
  const endpoint = await startServer((port) => ({
    command: process.execPath,
    args: [join(folder, "server.mjs"), String(port)],
  }));
  const entered = await Promise.all([small, large].map(hold));
  try {
    const [inSmall, inLarge] = entered.map(({ pid }) => ["--target", String(pid), "--mount"]);
    const env = { ENDPOINT: endpoint.url, PATH: "/usr/bin" };
    const program = ["/usr/bin/node", "/app/tally.mjs", "--quiet"];
    const inside = (root: string, at: readonly string[] = []): Program => ({
      command: "nsenter",
      args: [...at, "/usr/sbin/chroot", "--userspec=65532:65532", root, ...program],
      cwd: "/",
      env,
    });
    const outside = (root: string, at: readonly string[] = []): Program => ({
      command: "nsenter",
      args: [...at, join(root, "usr/bin/node"), join(root, "app/tally.mjs"), "--quiet"],
      cwd: "/",
      // Whoever has no home has no compile cache either.
      env: { ...env, XDG_CACHE_HOME: "/dev/null" },
    });
    const ms = (made: Program) => async (): Promise<number> => (await runProgram(made)).ms;
    const spreads = await interleaved(rounds, {
      oneOutside: ms(outside(small, inSmall)),
      oneInside: ms(inside(small, inSmall)),
      allOutside: ms(outside(large, inLarge)),
      allInside: ms(inside(large, inLarge)),
    });
    const ratio = (a: keyof typeof spreads, b: keyof typeof spreads): number =>
      (spreads[a]?.median ?? 0) / (spreads[b]?.median ?? 1);
    const single = ratio("oneInside", "oneOutside");
    const thousandfold = ratio("allInside", "allOutside");
    const targets: Target[] = [
      { what: "one test, inside / outside", measured: single, target: 1.5, bound: "most" },
      { what: "1,000 tests, inside / outside", measured: thousandfold, target: 1.2, bound: "most" },
    ];
    return {
      title: "Inside an image",
      method: `Whole processes, in ms: median (min–max) of ${rounds}, interleaved. The image's own Node and tally.mjs, started where they lie and entered by chroot as user 65532 with a root that cannot be written; neither has a compile cache.`,
      columns: ["run", "outside", "inside", "×"],
      rows: [
        ["one test", shown(spreads["oneOutside"]!), shown(spreads["oneInside"]!), digits(single)],
        ["1,000 tests", shown(spreads["allOutside"]!), shown(spreads["allInside"]!), digits(thousandfold)],
      ],
      targets,
    };
  } finally {
    for (const { end } of entered) end();
    await endpoint.stop();
  }
}

/** Packs a suite of these files and gives the root of its image. */
async function unpacked(folder: string, name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const at = join(folder, name);
  for (const [path, text] of Object.entries({ "tally.toml": toml, ...files })) {
    mkdirSync(join(at, path, ".."), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  const tar = join(folder, `${name}.tar`);
  const pack = { command: process.execPath, args: [tally, "pack", "--format", "image", "--out", tar], cwd: at };
  await runProgram(pack).catch((error: unknown) => {
    throw new Skipped(`no image was packed: ${String(error).split("\n").at(-2)}`);
  });
  return unpackImage(tar).root;
}

interface Held {
  readonly pid: number;
  readonly end: () => void;
}

/** A mount namespace in which the root is as a container runtime makes it, held open by a shell. */
function hold(root: string): Promise<Held> {
  const child = spawn("unshare", ["--mount", "bash", "-ec", mounts, "bash", root], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the namespace of ${root} ended with ${code}`)));
    child.stdout.once("data", () => resolve({ pid: child.pid ?? 0, end: () => void child.kill() }));
  });
}
