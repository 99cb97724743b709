import { readFileSync } from "node:fs";

/** One line of a file of vectors, as its test needs it. */
export function readVectors<Vector extends { readonly name: string }>(file: string): Vector[] {
  const text = readFileSync(new URL(`../../protocol/vectors/${file}.jsonl`, import.meta.url), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export interface Sent {
  readonly body?: string;
  readonly base64?: string;
}

/** The bytes of a body: text as UTF-8, everything else as base64. */
export function bytesOf({ body = "", base64 }: Sent): Buffer {
  return base64 === undefined ? Buffer.from(body, "utf8") : Buffer.from(base64, "base64");
}

export interface Then {
  readonly records?: readonly string[];
  readonly fault?: string;
  readonly notImplemented?: boolean;
  readonly notes?: readonly string[];
}
