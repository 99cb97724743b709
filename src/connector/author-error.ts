import { packageRoot } from "../kernel/own-package.ts";

/** What was thrown, in the words of the protocol: the class and the message. */
export function describeThrown(thrown: unknown): { readonly error: string; readonly message: string } {
  if (thrown instanceof Error) return { error: thrown.name, message: thrown.message };
  return { error: "Thrown", message: String(thrown) };
}

/** The stack of what the author's code threw, without Node's frames and ours. */
export function authorStack(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return "";
  const root = packageRoot().href;
  const isForeign = (line: string): boolean =>
    /^\s+at /.test(line) &&
    (line.includes("node:internal/") ||
      line.includes("(<anonymous>)") ||
      line.includes(`${root}dist/`) ||
      line.includes(`${root}src/`));
  return thrown.stack
    .split("\n")
    .filter((line) => !isForeign(line))
    .join("\n");
}
