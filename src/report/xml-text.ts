/** Text in XML 1.0: what the standard forbids is shown as its code, what has a meaning is escaped. */

const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** The text without characters that XML 1.0 forbids: `\u001b` stands for the escape character. */
export function xmlChars(text: string): string {
  return text.replace(forbidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text between tags. */
export function xmlText(text: string): string {
  return xmlChars(text)
    .replace(/[&<>]/g, (char) => escapes[char] ?? char)
    .replaceAll("\r", "&#13;");
}

/** Text between tags, cut to so many bytes of UTF-8 as it is written. */
export function xmlTextWithin(text: string, bytes: number): string {
  const whole = xmlText(text);
  if (Buffer.byteLength(whole) <= bytes) return whole;
  let kept = "";
  let used = Buffer.byteLength("…");
  for (const char of text) {
    const written = xmlText(char);
    used += Buffer.byteLength(written);
    if (used > bytes) break;
    kept += written;
  }
  return `${kept}…`;
}

/** Text between the quotes of an attribute; line breaks and tabs survive as references. */
export function xmlAttribute(text: string): string {
  return xmlChars(text)
    .replace(/[&<>"']/g, (char) => escapes[char] ?? char)
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** An element's start with its attributes; those that are undefined are left out. */
export function xmlStart(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) start += ` ${key}="${xmlAttribute(value)}"`;
  }
  return start;
}
