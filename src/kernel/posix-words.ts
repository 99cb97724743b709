/** Why a text is not a list of words. */
export interface WordsFault {
  readonly reason: string;
}

/**
 * Splits a text like a POSIX shell would split it into words: quotes, double quotes and backslashes, and nothing else.
 * No shell is involved: `$`, `*`, `|` and `;` are letters.
 */
export function posixWords(text: string): readonly string[] | WordsFault {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"') {
      const quoted = character === "'" ? singleQuoted(text, at) : doubleQuoted(text, at);
      if (quoted === undefined) return { reason: `the ${character} at character ${at + 1} is never closed` };
      word = (word ?? "") + quoted.text;
      at = quoted.end;
    } else if (character === "\\") {
      at += 1;
      const escaped = text[at];
      if (escaped === undefined) return { reason: "it ends in a backslash" };
      if (escaped !== "\n") word = (word ?? "") + escaped;
    } else if (/[ \t\n\r]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Quoted {
  readonly text: string;
  /** Where the closing quote stands. */
  readonly end: number;
}

function singleQuoted(text: string, open: number): Quoted | undefined {
  const end = text.indexOf("'", open + 1);
  return end < 0 ? undefined : { text: text.slice(open + 1, end), end };
}

/** Inside double quotes a backslash escapes only what has a meaning there. */
function doubleQuoted(text: string, open: number): Quoted | undefined {
  let inner = "";
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') return { text: inner, end: at };
    const next = text[at + 1] ?? "";
    if (character === "\\" && next !== "" && '"\\$`\n'.includes(next)) {
      if (next !== "\n") inner += next;
      at += 1;
    } else inner += character;
  }
  return undefined;
}

/** One word as a POSIX shell reads it, quoted only where that is needed. */
export function quoteShell(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
