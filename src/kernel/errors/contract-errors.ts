import { defineErrors } from "./define.ts";

/** The reference page of every key. */
const keysPage = "docs/reference/config.md";

function list(words: readonly string[]): string {
  return words.join(", ");
}

function meant(near: string | undefined): string {
  return near === undefined ? "." : `; did you mean ${near}?`;
}

/** `at` is `tally.toml:14`; `path` the key, such as `operations.process.output`. */
export interface Place {
  readonly at: string;
  readonly path: string;
}

/** What can be wrong with `tally.toml`. */
export const contractErrors = defineErrors({
  "contract-missing": {
    exit: 2,
    say: (a: { from: string }) => `No tally.toml in ${a.from} or any folder above it.`,
    hint: () => "Begin with tally init, or go to the model's folder.",
  },
  "contract-unreadable": {
    exit: 2,
    say: (a: { file: string; reason: string }) => `${a.file} cannot be read: ${a.reason}.`,
    hint: (a) => `Look at it: ls -l ${a.file}`,
  },
  "contract-encoding": {
    exit: 2,
    say: (a: { at: string; reason: string }) => `${a.at}: ${a.reason}; TOML is UTF-8.`,
    hint: () => "Save the file as UTF-8, or convert it: iconv -f ENCODING -t UTF-8",
  },
  "contract-syntax": {
    exit: 2,
    say: (a: { at: string; column: number; reason: string }) => `${a.at}: not TOML: ${a.reason} (column ${a.column}).`,
    hint: () => "The marked place is where reading stopped; the cause may stand shortly before it.",
  },
  "contract-too-new": {
    exit: 2,
    say: (a: Place & { found: number; known: number }) =>
      `${a.at}: ${a.path} is ${a.found}; this Tally reads contract format ${a.known}.`,
    hint: () => "Use a newer Tally: npm install --save-dev tallyml@latest",
  },
  "contract-requires": {
    exit: 2,
    say: (a: Place & { range: string; running: string }) =>
      `${a.at}: this suite requires Tally ${a.range}; this is Tally ${a.running}.`,
    hint: (a) => `Use a Tally that fits: npm install --save-dev "tallyml@${a.range}"`,
  },
  "contract-unknown-key": {
    exit: 2,
    say: (a: Place & { near: string | undefined; known: readonly string[] }) =>
      `${a.at}: unknown key ${a.path}${meant(a.near)}`,
    hint: (a) => `Known here: ${list(a.known)} (${keysPage}).`,
  },
  "contract-key-missing": {
    exit: 2,
    say: (a: Place & { doc: string; example: string }) => `${a.at}: ${a.path} is missing. ${a.doc}`,
    hint: (a) => `Add it: ${a.path.slice(a.path.lastIndexOf(".") + 1)} = ${a.example}`,
  },
  "contract-type": {
    exit: 2,
    say: (a: Place & { expected: string; found: string }) =>
      `${a.at}: ${a.path} must be ${a.expected}; found ${a.found}.`,
    hint: () => `Every key and what it may be: ${keysPage}`,
  },
  "contract-name": {
    exit: 2,
    say: (a: Place & { name: string; what: string }) =>
      `${a.at}: ${JSON.stringify(a.name)} cannot be used here: expected ${a.what}.`,
    hint: () => "Choose another name; names that begin with $ belong to the wire format ($error).",
  },
  "contract-type-name": {
    exit: 2,
    say: (a: Place & { name: string; near: string | undefined; known: readonly string[] }) =>
      `${a.at}: ${a.path}: unknown type ${JSON.stringify(a.name)}${meant(a.near)}`,
    hint: (a) => `Types: ${list(a.known)}; T? allows null, list<T> is a list.`,
  },
  "contract-field": {
    exit: 2,
    say: (a: Place & { reason: string; near?: string | undefined; fix: string }) =>
      `${a.at}: ${a.path}: ${a.reason}${meant(a.near)}`,
    hint: (a) => a.fix,
  },
  "contract-operation": {
    exit: 2,
    say: (a: Place & { name: string; near: string | undefined; known: readonly string[] }) =>
      `${a.at}: ${a.path} names ${JSON.stringify(a.name)}, which is not an operation${meant(a.near)}`,
    hint: (a) => (a.known.length === 0 ? "No other operation is declared." : `Operations: ${list(a.known)}.`),
  },
  "contract-cycle": {
    exit: 2,
    say: (a: Place & { cycle: readonly string[] }) =>
      `${a.at}: the stages go round in a circle: ${a.cycle.join(" → ")}.`,
    hint: () => "Remove one after (or input) of the circle: the first stage comes after none.",
  },
  "contract-connector": {
    exit: 2,
    say: (a: Place & { reason: string }) => `${a.at}: ${a.path}: ${a.reason}.`,
    hint: () => "[connector] names exactly one of python, node and endpoint.",
  },
});
