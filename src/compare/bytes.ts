const foreign = /[^A-Za-z0-9+/]/u;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Whether a text is base64 as RFC 4648 §4 writes it: padded, no line breaks, unused bits zero. Such texts are equal
 * exactly when their bytes are, so bytes are compared without being decoded.
 */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = paddingOf(text);
  const body = padding === 0 ? text : text.slice(0, -padding);
  if (foreign.test(body)) return false;
  const unused = padding === 2 ? 0b1111 : padding === 1 ? 0b11 : 0;
  return (sextet(body.at(-1)) & unused) === 0;
}

/** Why a text is not base64, for people, without repeating it. */
export function whyNotBase64(text: string): string {
  if (/\s/u.test(text)) return "base64 with white space in it: write it on one line";
  if (/[-_]/u.test(text) && /^[\w-]*={0,2}$/u.test(text)) return "base64url: bytes use + and /, not - and _";
  if (/^[A-Za-z0-9+/]*$/u.test(text) && text.length % 4 !== 1 && text.length % 4 !== 0)
    return "base64 without its = padding";
  if (/^[A-Za-z0-9+/]+={1,2}$/u.test(text) && text.length % 4 === 0)
    return "base64 whose unused last bits are not zero";
  return "not base64";
}

/** In which way two base64 texts part, in bytes. */
export function bytesApart(reference: string, candidate: string): string {
  const lengths = [bytesIn(reference), bytesIn(candidate)] as const;
  const first = firstByteApart(reference, candidate);
  const sizes = lengths[0] === lengths[1] ? `${lengths[0]} bytes each` : `${lengths[0]} and ${lengths[1]} bytes`;
  return `${sizes}; the first that differs is at offset ${Math.min(first, ...lengths)}`;
}

function bytesIn(text: string): number {
  return (text.length / 4) * 3 - paddingOf(text);
}

function paddingOf(text: string): number {
  return text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
}

function firstByteApart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const bits = sextet(a[at]) ^ sextet(b[at]);
  // Character n carries bits 6n to 6n+5: its highest differing bit tells the byte.
  const leading = Math.clz32(bits) - 26;
  return Math.floor((at * 6 + Math.max(0, leading)) / 8);
}

function sextet(character: string | undefined): number {
  return Math.max(0, alphabet.indexOf(character ?? "A"));
}
