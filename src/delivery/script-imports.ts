/**
 * What a script of a suite needs: other files by a relative path, and packages of npm by name. Read from its words, so that a comment or
 * a text that talks of an import is none. The same for JavaScript and TypeScript, for modules and CommonJS.
 */
import { isBuiltin } from "node:module";
import { type ScriptToken, scriptTokens } from "./script-tokens.ts";

export interface ScriptImports {
  /** Of static imports, `export … from`, `import("…")` and `require("…")`, with where each stands; not those of types alone. */
  readonly imports: readonly Import[];
  /** Of imports of types alone: a file that travels for whoever reads it, and nothing that has to be there. */
  readonly types: readonly Import[];
  /** Files beside it that it reads: `new URL("./words.json", import.meta.url)`. */
  readonly files: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** 1 is the first. */
  readonly line: number;
}

export function scriptImports(source: string): ScriptImports {
  // Most files of a suite import next to nothing, and their length is in texts.
  const tokens = scriptTokens(source);
  const found: Record<keyof ScriptImports, Import[]> = { imports: [], types: [], files: [] };
  for (const [i, token] of tokens.entries()) {
    const use = token.kind === "word" && tokens[i - 1]?.value !== "." ? useAt(tokens, i) : undefined;
    if (use === undefined) continue;
    const line = source.slice(0, use.token.at).split("\n").length;
    found[use.kind].push({ specifier: use.token.value, line });
  }
  return found;
}

interface Use {
  readonly kind: keyof ScriptImports;
  readonly token: ScriptToken;
}

function useAt(tokens: readonly ScriptToken[], i: number): Use | undefined {
  switch (tokens[i]?.value) {
    case "import":
      return called(tokens, i) ?? bare(tokens, i) ?? fromClause(tokens, i);
    case "export":
      return fromClause(tokens, i);
    case "require":
      return called(tokens, i);
    case "URL":
      return besideIt(tokens, i);
    default:
      return undefined;
  }
}

/** `import("…")`, `require("…")`. */
function called(tokens: readonly ScriptToken[], i: number): Use | undefined {
  const [open, text, close] = tokens.slice(i + 1, i + 4);
  if (open?.value !== "(" || open.kind !== "mark" || text?.kind !== "text") return undefined;
  if (close?.value !== ")" && close?.value !== ",") return undefined;
  return { kind: isTypeQuery(tokens, i) ? "types" : "imports", token: text };
}

/** `import("…").Name` is a type; a promise has but three members. */
function isTypeQuery(tokens: readonly ScriptToken[], i: number): boolean {
  const [dot, member] = tokens.slice(i + 4, i + 6);
  return dot?.value === "." && !["then", "catch", "finally"].includes(member?.value ?? "");
}

/** `import "…"`. */
function bare(tokens: readonly ScriptToken[], i: number): Use | undefined {
  const text = tokens[i + 1];
  return text?.kind === "text" ? { kind: "imports", token: text } : undefined;
}

/** `import … from "…"`, `export … from "…"`: up to `from` there are names, braces, commas and stars, and nothing else. */
function fromClause(tokens: readonly ScriptToken[], i: number): Use | undefined {
  for (let at = i + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    const text = tokens[at + 1];
    if (token?.kind === "word" && token.value === "from" && text?.kind === "text" && at > i + 1)
      return { kind: isOfTypes(tokens, i, at) ? "types" : "imports", token: text };
    const isPart = token?.kind === "word" || token?.kind === "text" || /^[{},*]$/.test(token?.value ?? "");
    if (!isPart) return undefined;
  }
  return undefined;
}

/** `import type …`, unless `type` is itself what is imported. */
function isOfTypes(tokens: readonly ScriptToken[], i: number, from: number): boolean {
  return tokens[i + 1]?.value === "type" && from > i + 2 && tokens[i + 2]?.value !== ",";
}

/** `new URL("./…", import.meta.url)`. */
function besideIt(tokens: readonly ScriptToken[], i: number): Use | undefined {
  const text = tokens[i + 2];
  const rest = tokens.slice(i + 3, i + 9).map(({ value }) => value);
  const isBeside = tokens[i - 1]?.value === "new" && tokens[i + 1]?.value === "(" && text?.kind === "text";
  return isBeside && rest.join(" ").startsWith(", import . meta . url") ? { kind: "files", token: text } : undefined;
}

export function isRelative(specifier: string): boolean {
  return /^\.{1,2}\//.test(specifier);
}

/** `lodash/fp.js` → `lodash`; undefined for what is no package of npm. `tallyml` is the running Tally, and none. */
export function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  const name = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0];
  return name === "tallyml" ? undefined : name;
}
