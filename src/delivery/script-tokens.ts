/**
 * The words and texts of a JavaScript or TypeScript source, without its comments: as much of a lexer as it takes to find imports. What a
 * slash is (a division, or the begin of a regular expression) is decided by what stands before it; one that ends on no line is a division.
 */

export interface ScriptToken {
  readonly kind: "word" | "text" | "mark";
  /** Of a text what is between its quotes, as it is written. */
  readonly value: string;
  /** Where it begins. */
  readonly at: number;
}

/** Words behind which an expression begins, and so a regular expression may. */
const beforeExpression = new Set(
  "return typeof case in of delete void throw new else do instanceof await yield default".split(" "),
);

const conditional = new Set(["if", "while", "for", "with"]);

const patterns = {
  space: /\s+/y,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|^#![^\n]*/y,
  word: /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy,
  number: /\d[\w.]*/y,
  text: /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/y,
  expression: /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y,
} as const;

export function scriptTokens(source: string): ScriptToken[] {
  return new Lexer(source).read();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: ScriptToken[] = [];
  /** For each template that is open, how many braces are in its `${`. */
  readonly #templates: number[] = [];
  /** For each parenthesis that is open, whether it holds a condition, behind which a statement begins. */
  readonly #parentheses: boolean[] = [];
  #isBehindCondition = false;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): ScriptToken[] {
    while (this.#at < this.#source.length) this.#next();
    return this.#tokens;
  }

  #next(): void {
    const begin = this.#at;
    if (this.#take("space") || this.#take("comment")) return;
    if (this.#take("word")) return this.#add("word", begin);
    if (this.#take("text")) return this.#addText(begin);
    if (this.#take("number")) return this.#add("mark", begin);
    if (this.#source[begin] === "`") {
      this.#at += 1;
      return this.#template(begin);
    }
    if (this.#source[begin] === "/" && this.#mayBegin() && this.#take("expression")) return this.#add("mark", begin);
    this.#at += 1;
    this.#mark(this.#source[begin] ?? "", begin);
  }

  #take(name: keyof typeof patterns): boolean {
    const pattern = patterns[name];
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found === null || found[0] === "") return false;
    this.#at += found[0].length;
    return true;
  }

  #add(kind: ScriptToken["kind"], begin: number): void {
    this.#tokens.push({ kind, value: this.#source.slice(begin, this.#at), at: begin });
  }

  #addText(begin: number): void {
    const whole = this.#source.slice(begin, this.#at);
    const isClosed = whole.length > 1 && whole.at(-1) === whole[0];
    this.#tokens.push({ kind: "text", value: whole.slice(1, isClosed ? -1 : undefined), at: begin });
  }

  /** The brace that closes `${` leads back into its template. */
  #mark(mark: string, begin: number): void {
    if (mark === "(") this.#parentheses.push(conditional.has(this.#tokens.at(-1)?.value ?? ""));
    if (mark === ")") this.#isBehindCondition = this.#parentheses.pop() ?? false;
    const open = this.#templates.at(-1);
    if (open !== undefined && mark === "{") this.#templates[this.#templates.length - 1] = open + 1;
    if (open !== undefined && mark === "}") {
      if (open === 0) {
        this.#templates.pop();
        return this.#template(begin);
      }
      this.#templates[this.#templates.length - 1] = open - 1;
    }
    this.#add("mark", begin);
  }

  /** Up to the end of a template, or to its next `${`. One without any is a text. */
  #template(begin: number): void {
    const from = this.#at;
    for (; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at];
      if (character === "\\") this.#at += 1;
      else if (character === "`" || (character === "$" && this.#source[this.#at + 1] === "{")) break;
    }
    const value = this.#source.slice(from, this.#at);
    const isEnd = this.#source[this.#at] !== "$";
    this.#at += isEnd ? 1 : 2;
    const isWhole = isEnd && this.#source[begin] === "`";
    this.#tokens.push({ kind: isWhole ? "text" : "mark", value: isWhole ? value : "`", at: begin });
    if (!isEnd) this.#templates.push(0);
  }

  /** Whether a slash here may begin a regular expression. */
  #mayBegin(): boolean {
    const before = this.#tokens.at(-1);
    if (before === undefined) return true;
    if (before.kind === "word") return beforeExpression.has(before.value);
    if (before.value === ")") return this.#isBehindCondition;
    return before.kind === "mark" && !/^[\]`\d]/.test(before.value);
  }
}
