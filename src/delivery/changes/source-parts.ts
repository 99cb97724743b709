/** A test file → its parts: each test with its source, as far as its name is written out. Comes in: text. Nothing is run. */

export interface SourcePart {
  /** Of its first character, from 1. */
  readonly line: number;
  /** Empty for what is no test of a plain name. */
  readonly name: string;
  readonly text: string;
}

/** Where a test may begin, or what its file's tests share: at the start of a line. */
const scriptParts =
  /^[ \t]*(?:test|it)(?:\.\w+)*[ \t]*[<(`]|^[ \t]*(?:describe|beforeEach|afterEach|beforeAll|afterAll)\b|^[A-Za-z]/gm;
const pythonParts =
  /(?:^[ \t]*@[^\n]*\n)*^[ \t]*(?:async[ \t]+)?def[ \t]+test_\w+|^(?:import|from|def|async|class|@|[A-Za-z_]\w*[ \t]*=)/gm;
const literal = String.raw`(["'\`])((?:\\.|(?!\1)[^\\\n])+)\1`;
const scriptName = new RegExp(String.raw`^\s*(?:test|it)(?:\.\w+)*\s*\(\s*${literal}`);
/** Of `test.each(rows)("name", …)`. */
const rowsName = new RegExp(String.raw`^\s*(?:test|it)(?:\.\w+)*\.(?:each|for)\b[^]*?\)\s*\(\s*${literal}`);
/** Anywhere: also in a loop, or in a function that makes tests. */
const anyTest = /(?<![\w.$])(?:test|it)(?:\.\w+)*\s*[<(`]/g;

/** The parts of a file in its order; what stands before the first test has no name. */
export function readParts(
  path: string,
  text: string,
): { readonly parts: readonly SourcePart[]; readonly makesNames: boolean } {
  const isPython = path.endsWith(".py");
  const begins = [0, ...[...text.matchAll(isPython ? pythonParts : scriptParts)].map(({ index }) => index)];
  let line = 1;
  const parts = begins.map((at, i): SourcePart => {
    const part = text.slice(at, begins[i + 1]);
    const from = line + (/^\s*/.exec(part)?.[0].split("\n").length ?? 1) - 1;
    line += part.split("\n").length - 1;
    const name = isPython ? pythonName(part) : (rowsName.exec(part) ?? scriptName.exec(part))?.[2];
    return { line: from, name: name ?? "", text: part };
  });
  return { parts, makesNames: isPython ? /\bparametrize\b|\bparams\s*=/.test(text) : makesNames(text, parts) };
}

function makesNames(text: string, parts: readonly SourcePart[]): boolean {
  const written = parts.filter(({ name, text: own }) => name !== "" && !rowsName.test(own) && !name.includes("${"));
  return [...text.matchAll(anyTest)].length > written.length;
}

function pythonName(part: string): string | undefined {
  return /^[ \t]*(?:async[ \t]+)?def[ \t]+(test_\w+)/m.exec(part)?.[1];
}

/** White space says nothing, except that it is there. */
export function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
