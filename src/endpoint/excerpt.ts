/**
 * What an endpoint sent, shortened and made fit for a terminal, JUnit or HTML: no control character, escape sequence
 * or direction mark gets through.
 */

const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The first `limit` characters with everything unprintable escaped (`\n`, `\x1b`, `\u{202e}`). */
export function excerpt(sent: string | Uint8Array, limit = 200): string {
  // Four bytes are the longest character in UTF-8: never decode 64 MiB to show 200 characters.
  const text = typeof sent === "string" ? sent.slice(0, limit * 2) : decoder.decode(sent.subarray(0, limit * 4));
  const characters = Array.from(text).slice(0, limit).join("");
  return characters.trim().replace(unprintable, escapeCharacter);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
