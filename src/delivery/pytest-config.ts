/**
 * pytest's configuration of a suite, which decides what its files are to pytest: it travels. Comes in: the files beside tally.toml. Goes
 * out: the one that pytest would take, with nothing but pytest's own part, for the others may say what is nobody else's business.
 */
import { parse, stringify } from "smol-toml";
import type { SuiteSource } from "./suite-source.ts";

export interface PytestConfig {
  /** From the suite's folder. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Folders that its `pythonpath` adds. */
  readonly pythonPath: readonly string[];
}

/** In the order in which pytest looks; the first that has a part for it counts. */
const files: readonly { readonly path: string; readonly part: (text: string) => string | undefined }[] = [
  ...["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"].map((path) => ({
    path,
    part: (text: string) => text,
  })),
  { path: "pyproject.toml", part: tomlPart },
  { path: "tox.ini", part: (text) => iniPart(text, "pytest") },
  { path: "setup.cfg", part: (text) => iniPart(text, "tool:pytest") },
];

/** Undefined where there is none. */
export function pytestConfig(source: SuiteSource): PytestConfig | undefined {
  for (const { part, path } of files) {
    const bytes = source.read(path);
    const text = bytes && part(Buffer.from(bytes).toString("utf8"));
    if (text !== undefined) return { path, content: Buffer.from(text), pythonPath: pythonPath(text) };
  }
  return undefined;
}

/** Whether a file of this name may say something to pytest. */
export const pytestConfigNames: readonly string[] = files.map(({ path }) => path);

function tomlPart(text: string): string | undefined {
  try {
    const tool = tableAt(parse(text, { integersAsBigInt: "asNeeded" }), "tool");
    const pytest = tool && tableAt(tool, "pytest");
    return pytest === undefined ? undefined : `${stringify({ tool: { pytest } })}\n`;
  } catch {
    // pytest says what is wrong with it.
    return text;
  }
}

function tableAt(table: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> | undefined {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** The lines of one section. */
function iniPart(text: string, section: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const begin = lines.findIndex((line) => line.trim() === `[${section}]`);
  if (begin === -1) return undefined;
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith("["));
  const part = length === -1 ? lines.slice(begin) : lines.slice(begin, begin + 1 + length);
  return `${part.join("\n").trimEnd()}\n`;
}

/** `pythonpath = src lib`, over one line or several, or a list of TOML. */
function pythonPath(text: string): string[] {
  const value = /^pythonpath\s*=\s*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]+)*)/m.exec(text)?.[1] ?? "";
  return value.split(/[\s,[\]"']+/).filter((folder) => folder !== "" && !folder.startsWith("/"));
}
