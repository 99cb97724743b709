/**
 * Which suite this is: SHA-256 over lines `sha256(content)␠␠path`, sorted bytewise, of its files and of what its contract
 * says under the path `tally.toml` (spec §8). Comments, the connector and named endpoints do not count, so a delivered suite has
 * the digest that it had at home.
 */
import { createHash } from "node:crypto";

/** `tables` is the canonical text of the contract's delivered tables; gives `sha256:` and 64 hex digits. */
export function suiteDigest(tables: string, files: ReadonlyMap<string, Uint8Array>): string {
  const contents = [...files, ["tally.toml", Buffer.from(tables)] as const];
  const lines = contents.map(([path, content]) => Buffer.from(`${sha256(content)}  ${path}\n`));
  return digestOf(Buffer.concat(lines.toSorted((a, b) => Buffer.compare(a, b))));
}

/** As images and suites are named: `sha256:` and 64 hex digits. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${sha256(content)}`;
}

/** Lower-case hex. */
export function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
