import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { project } from "../kit/project.ts";

const shells = ["bash", "zsh", "fish", "powershell"] as const;

async function script(shell: string): Promise<string> {
  return (await project({}).tally(["completion", shell])).stdout;
}

function has(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

test.skipIf(!has("bash"))("bash offers verbs, then the flags, values and arguments of the verb", async () => {
  const source = await script("bash");
  const offered = (...words: string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const ask = `${source}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _tally; printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stderr, stdout } = spawnSync("bash", ["-c", ask], { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim().split("\n");
  };
  expect(offered("tally", "")).toEqual(Object.keys(commands));
  expect(offered("tally", "re")).toEqual(["report", "replay"]);
  expect(offered("tally", "test", "--t")).toEqual(["--tag", "--timeout", "--test-timeout"]);
  expect(offered("tally", "test", "--color", "a")).toEqual(["auto", "always"]);
  expect(offered("tally", "test", "--out", "")).toEqual([""]);
  expect(offered("tally", "completion", "")).toEqual([...shells]);
  expect(offered("tally", "explain", "endpoint-unr")).toEqual(["endpoint-unreachable"]);
});

/** Whether a shell that is here takes the script; a shell that is not here cannot say. */
const checks: Readonly<Record<(typeof shells)[number], (source: string) => ReturnType<typeof spawnSync>>> = {
  bash: (source) => spawnSync("bash", ["-n"], { input: source }),
  zsh: (source) => spawnSync("zsh", ["-n"], { input: source }),
  fish: (source) => {
    const { root, write } = project({});
    write({ "tally.fish": source });
    // From standard input fish reads nothing with --no-execute.
    return spawnSync("fish", ["--no-execute", `${root}/tally.fish`]);
  },
  powershell: (source) => spawnSync("pwsh", ["-NoProfile", "-Command", "-"], { input: source }),
};

test.for(shells)("%s can read its script, and every verb and flag is in it", async (shell, context) => {
  const source = await script(shell);
  for (const [verb, { options }] of Object.entries(commands)) {
    expect(source).toContain(verb);
    for (const name of options) expect(source).toContain(shell === "fish" ? `-l ${name}` : `--${name}`);
  }
  const program = shell === "powershell" ? "pwsh" : shell;
  if (!has(program)) context.skip(`no ${program} on this machine`);
  expect(checks[shell](source).status).toBe(0);
});
