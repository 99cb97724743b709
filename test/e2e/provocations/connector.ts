/** What a connector, Research's own code, can do wrong; each of these is one of test/faux/connectors, run as it is. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pandas, python } from "../../faux/local-connector.ts";
import type { Provocation } from "./provocation.ts";

const faux = (path: string): string => readFileSync(new URL(`../../faux/${path}`, import.meta.url), "utf8");
const withoutPython = python === undefined ? "no Python 3 on this machine" : undefined;

/** A contract that declares nothing, and cases of one operation. */
function model(
  connector: string,
  operation: string,
  queries: readonly string[],
  name = "faux",
): Readonly<Record<string, string>> {
  return {
    "tally.toml": `[model]\nname = "${name}"\n[connector]\n${connector}\n`,
    "cases/cases.jsonl": queries.map((query) => `${JSON.stringify({ operation, input: { query } })}\n`).join(""),
  };
}

interface Wrong {
  readonly operation?: string;
  readonly queries?: readonly string[];
  readonly args?: readonly string[];
}

/** One of the TypeScript connectors, asked so that it goes wrong. */
function node(fact: string, codes: Provocation["codes"], name: string, wrong: Wrong = {}): Provocation {
  const { operation = "process", queries = ["a"], args = [] } = wrong;
  return {
    fact,
    codes,
    files: { ...model('node = "connector.ts"', operation, queries), "connector.ts": faux(`connectors/${name}`) },
    args: ["test", "--reporter", "ndjson", ...args],
    exit: 4,
  };
}

/** One of the Python connectors. */
function py(
  fact: string,
  codes: Provocation["codes"],
  name: string,
  wrong: Wrong = {},
  interpreter = pandas ?? python,
): Provocation {
  const { operation = "process", queries = ["a"], args = [] } = wrong;
  const connector = `python = "connector.py"\ninterpreter = ${JSON.stringify(interpreter ?? "python3")}`;
  return {
    fact,
    codes,
    files: { ...model(connector, operation, queries, name.slice(0, -3)), "connector.py": faux(`connectors/${name}`) },
    args: ["test", "--reporter", "ndjson", ...args],
    exit: 4,
    skip: withoutPython,
    normal: (text) =>
      text.replaceAll(/ in \S*python\S*:/g, " in <python>:").replaceAll(/: \S*python[\d.]*\n/g, ": <python>\n"),
  };
}

export const connectorProvocations: readonly Provocation[] = [
  {
    fact: "a connector that is not there",
    codes: ["connector-missing"],
    files: model('node = "connector.ts"', "process", ["a"]),
    args: ["test", "--reporter", "ndjson"],
    exit: 2,
  },
  node("a connector that throws while it is imported", ["connector-import"], "throws-at-import.ts"),
  py("a Python connector that cannot be imported", ["connector-import"], "import_error.py"),
  node("a connector that is never ready", ["connector-start-timeout"], "never-ready.ts", { args: ["--wait", "500ms"] }),
  {
    ...py("an SDK of another Tally", ["connector-protocol"], "good.py", {}, "./fake-python"),
    arrange: ({ root }) => {
      const worker = fileURLToPath(new URL("../../faux/programs/speaks-seven.mjs", import.meta.url));
      writeFileSync(join(root, "fake-python"), `#!/bin/sh\nexec '${process.execPath}' '${worker}'\n`);
      chmodSync(join(root, "fake-python"), 0o755);
      return {};
    },
    skip: undefined,
  },
  {
    ...py("an interpreter that is not there", ["connector-interpreter"], "good.py", {}, "no-such-python"),
    skip: undefined,
  },
  {
    ...py("a virtual environment without the library of the connector", ["connector-import"], "good.py"),
    files: {
      ...model('python = "connector.py"', "process", ["a"]),
      "connector.py": `import pandas as pd\nfrom tallyml import Model\nmodel = Model("faux")\n`,
    },
    arrange: ({ root }) => {
      execFileSync(python ?? "python3", ["-m", "venv", "--without-pip", ".venv"], { cwd: root });
      return {};
    },
  },
  {
    ...py("an interpreter that is no Python", ["connector-import"], "good.py", {}, "/bin/true"),
    skip: process.platform === "win32" ? "there is no /bin/true" : undefined,
  },
  node("a connector that dies by SIGKILL at one record", ["connector-crashed"], "dies.ts", {
    queries: ["a", "kill", "b"],
  }),
  node("a connector that hangs at one record", ["connector-timeout"], "hangs.ts", {
    queries: ["a", "wait", "b"],
    args: ["--timeout", "500ms"],
  }),
  node("a connector that dies at every record", ["connector-crashed", "connector-restarts"], "dies.ts", {
    queries: ["exit", "exit", "exit", "exit", "exit", "exit"],
    args: ["--batch", "1"],
  }),
  node("a connector that writes into the worker's own stream", ["connector-frame"], "writes-frames.ts"),
  node("a connector that drops rows", ["connector-row-count"], "wrong-rows.ts", {
    operation: "drops",
    queries: ["a", "bad"],
  }),
  node("a connector that answers what cannot travel", ["connector-type"], "wrong-rows.ts", { operation: "values" }),
  {
    ...py("a connector that sorts its DataFrame", ["connector-row-order"], "shuffles.py", {
      queries: ["ccc", "a", "bb"],
    }),
    skip: pandas === undefined ? "no pandas on this machine" : undefined,
  },
  {
    ...node("Ctrl-C while a connector hangs", ["connector-cancelled"], "hangs.ts", { queries: ["wait"] }),
    arrange: () => ({ meanwhile: interrupted }),
    exit: 130,
    signal: 130,
  },
  {
    ...node("a contract and a connector of different models", ["contract-conflict"], "other-name.ts"),
    exit: 2,
  },
];

/** Ctrl-C once the call is on its way. */
export async function interrupted({
  child,
  says,
}: Parameters<NonNullable<Arrangement["meanwhile"]>>[0]): Promise<void> {
  await says(/"test-planned"/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
}
type Arrangement = Exclude<Awaited<ReturnType<NonNullable<Provocation["arrange"]>>>, void>;
