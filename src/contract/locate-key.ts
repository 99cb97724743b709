/**
 * Where a key stands in a TOML text that is known to parse: the parser itself gives no positions. Only runs when there
 * is something to complain about.
 */

/** The place of a key: offsets of its name and of its value (for a table header: the header). */
export interface KeyPlace {
  readonly at: number;
  readonly value: number;
}

type Path = readonly (string | number)[];

interface Scan {
  readonly text: string;
  at: number;
  readonly places: Map<string, KeyPlace>;
  /** Elements seen of each array of tables. */
  readonly counts: Map<string, number>;
}

/** The place of `path`, or of the nearest table around it that is written down. */
export function locateKey(text: string, path: Path): KeyPlace | undefined {
  const scan: Scan = { text, at: 0, places: new Map(), counts: new Map() };
  let table: Path = [];
  for (skipBlank(scan); scan.at < text.length; skipBlank(scan)) {
    const before = scan.at;
    if (text[scan.at] === "[") table = readHeader(scan);
    else readPair(scan, table);
    if (scan.at === before) scan.at++; // cannot happen in a text that parses; never loop
  }
  for (let length = path.length; length > 0; length--) {
    const place = scan.places.get(keyOf(path.slice(0, length)));
    if (place) return place;
  }
  return undefined;
}

/** Line and column of an offset, from 1; columns count code units. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function note(scan: Scan, path: Path, at: number, value: number): void {
  const key = keyOf(path);
  if (!scan.places.has(key)) scan.places.set(key, { at, value });
}

/** `[a.b]` or `[[a.b]]`; gives the path that the following pairs belong to. */
function readHeader(scan: Scan): Path {
  const start = scan.at;
  const many = scan.text.startsWith("[[", start);
  scan.at += many ? 2 : 1;
  let table: Path = [];
  const parts = readKey(scan);
  parts.forEach((part, index) => {
    table = [...table, part.name];
    note(scan, table, part.at, start);
    const count = scan.counts.get(keyOf(table));
    if (many && index === parts.length - 1) {
      scan.counts.set(keyOf(table), (count ?? 0) + 1);
      table = [...table, count ?? 0];
      note(scan, table, part.at, start);
    } else if (count !== undefined) {
      table = [...table, count - 1];
    }
  });
  while (scan.text[scan.at] === "]") scan.at++;
  return table;
}

/** `a.b = value`. */
function readPair(scan: Scan, table: Path): void {
  const parts = readKey(scan);
  if (scan.text[scan.at] === "=") scan.at++;
  skipBlank(scan);
  const path = [...table];
  for (const part of parts) {
    path.push(part.name);
    note(scan, path, part.at, scan.at);
  }
  readValue(scan, path);
}

function readKey(scan: Scan): { name: string; at: number }[] {
  const parts: { name: string; at: number }[] = [];
  for (;;) {
    skipSpace(scan);
    const at = scan.at;
    const quote = scan.text[at];
    if (quote === '"' || quote === "'") {
      skipText(scan);
      const inner = scan.text.slice(at + 1, scan.at - 1);
      parts.push({ name: quote === '"' ? unescape(inner) : inner, at });
    } else {
      while (/[A-Za-z0-9_-]/.test(scan.text[scan.at] ?? "")) scan.at++;
      parts.push({ name: scan.text.slice(at, scan.at), at });
    }
    skipSpace(scan);
    if (scan.text[scan.at] !== ".") return parts;
    scan.at++;
  }
}

function readValue(scan: Scan, path: Path): void {
  const first = scan.text[scan.at];
  if (first === '"' || first === "'") {
    skipText(scan);
  } else if (first === "{" || first === "[") {
    const close = first === "{" ? "}" : "]";
    scan.at++;
    for (let index = 0; ; index++) {
      skipBlank(scan);
      if (scan.text[scan.at] === ",") scan.at++;
      skipBlank(scan);
      if (scan.at >= scan.text.length) return;
      if (scan.text[scan.at] === close) break;
      if (first === "{") readPair(scan, path);
      else {
        note(scan, [...path, index], scan.at, scan.at);
        readValue(scan, [...path, index]);
      }
    }
    scan.at++;
  } else {
    while (scan.at < scan.text.length && !/[,\]}\n#]/.test(scan.text[scan.at] ?? "")) scan.at++;
  }
}

/** A string of any of the four kinds. */
function skipText(scan: Scan): void {
  const quote = scan.text[scan.at] ?? "";
  const triple = quote.repeat(3);
  const end = scan.text.startsWith(triple, scan.at) ? triple : quote;
  scan.at += end.length;
  while (scan.at < scan.text.length && !scan.text.startsWith(end, scan.at)) {
    scan.at += quote === '"' && scan.text[scan.at] === "\\" ? 2 : 1;
  }
  scan.at += end.length;
  // Up to two quotes may stand right before the closing three.
  while (end.length === 3 && scan.text[scan.at] === quote) scan.at++;
}

function unescape(inner: string): string {
  if (!inner.includes("\\")) return inner;
  const short: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b" };
  return inner.replaceAll(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))/g,
    (_, four?: string, eight?: string, two?: string, one?: string) => {
      const hex = four ?? eight ?? two;
      return hex === undefined ? (short[one ?? ""] ?? one ?? "") : String.fromCodePoint(Number.parseInt(hex, 16));
    },
  );
}

function skipSpace(scan: Scan): void {
  while (scan.text[scan.at] === " " || scan.text[scan.at] === "\t") scan.at++;
}

/** White space, line ends, comments and a byte order mark. */
function skipBlank(scan: Scan): void {
  for (;;) {
    const char = scan.text[scan.at];
    if (char === "#") while (scan.at < scan.text.length && scan.text[scan.at] !== "\n") scan.at++;
    else if (char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\ufeff") scan.at++;
    else return;
  }
}
