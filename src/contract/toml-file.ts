/** A TOML file as text and as tables; what is wrong with it is said with its line. */
import { readFileSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { tallyError } from "../kernel/errors.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import { decodeUtf8 } from "../kernel/read-json.ts";
import { shownPath } from "../kernel/shown-path.ts";
import type { Toml } from "./check-keys.ts";
import { frame } from "./faults.ts";
import { lineAndColumn } from "./locate-key.ts";

/** The text of a file that is to be TOML. Throws `contract-unreadable` and `contract-encoding`. */
export function readTomlText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const reason = { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "permission denied" };
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const args = { file: shownPath(file), reason: new Map(Object.entries(reason)).get(code) ?? code };
    throw tallyError("contract-unreadable", args, { cause });
  }
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) throw tallyError("contract-encoding", { at: shownPath(file), reason: "this is UTF-16" });
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    const reason = `${cause.what} (byte ${cause.byte + 1} of the file)`;
    throw tallyError("contract-encoding", { at: `${shownPath(file)}:${cause.line}`, reason }, { cause });
  }
}

/** The tables of a text. Throws `contract-syntax`. */
export function parseToml(source: string, file: string): Toml {
  try {
    return parse(source, { integersAsBigInt: "asNeeded" });
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const lines = source.split("\n");
    const line = Math.min(cause.line, lines.length);
    const offset = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + cause.column - 1;
    const reason = (cause.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
    const place = lineAndColumn(source, offset);
    const args = { at: `${shownPath(file)}:${place.line}`, column: place.column, reason };
    throw tallyError("contract-syntax", args, { cause, detail: frame(source, offset).join("\n") });
  }
}
