/** Writes the reference of all error codes from the catalogue and from what is explained beside it, `errors/`. */
import { catalogue, type ErrorCode, problem } from "../../src/kernel/errors.ts";
import { exitMeanings } from "../../src/kernel/errors/exit-meanings.ts";
import { showProblem } from "../../src/cli/show-problem.ts";
import { caseExplanations } from "./errors/case.ts";
import { cliExplanations } from "./errors/cli.ts";
import { connectorExplanations } from "./errors/connector.ts";
import { contractExplanations } from "./errors/contract.ts";
import { endpointExplanations } from "./errors/endpoint.ts";
import type { Explanations } from "./errors/explanation.ts";
import { runExplanations } from "./errors/run.ts";
import { warnings } from "./errors/warnings.ts";

/** By code; a code without an explanation is a type error. */
const explanations: Explanations<ErrorCode> = {
  ...contractExplanations,
  ...caseExplanations,
  ...runExplanations,
  ...connectorExplanations,
  ...endpointExplanations,
  ...cliExplanations,
};

const areas: Readonly<Record<string, object>> = {
  "tally.toml": contractExplanations,
  "case tables": caseExplanations,
  "test files and runs": runExplanations,
  "connectors and programs": connectorExplanations,
  "HTTP endpoints": endpointExplanations,
  "the command line": cliExplanations,
};

/** The generated file: path from the repository's root, and content. */
export function generateErrors(): { path: string; text: string }[] {
  return [{ path: "docs/reference/errors.md", text: page() }];
}

function page(): string {
  const codes = Object.keys(explanations).filter(isCode);
  return `${[intro(), ...codes.map((code) => section(code)), warningSection()].join("\n\n")}\n`;
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

function intro(): string {
  const rows = Object.entries(exitMeanings).map(([exit, meaning]) => `| ${exit} | ${meaning} |`);
  const contents = Object.entries(areas).map(
    ([area, codes]) =>
      `- **${area}**: ${Object.keys(codes)
        .map((code) => `[${code}](#${code})`)
        .join(" · ")}`,
  );
  return [
    "<!-- generated from src/kernel/errors: npm run generate -->",
    "# Errors",
    "",
    "Every error has a code that does not change between versions; the words may. It says what is wrong, where and why, then what to do next.",
    "What keeps a run from beginning is said on stderr, or by the reporter at the terminal; what goes wrong within a run belongs to its tests and is in every report.",
    "In the event stream (`--reporter ndjson`) an error is an object with `code`, `message`, `hint`, `exit` and perhaps `detail`.",
    "",
    "A command ends with the exit code of its errors. When there are several, the first of these counts: 70, 7, 2, 1, 5, 4, 3, 130, 143, 6, 0.",
    "",
    "| exit | meaning |",
    "|---|---|",
    ...rows,
    "",
    ...contents,
    "- **[warnings](#warnings)**",
  ].join("\n");
}

function section(code: ErrorCode): string {
  const { example, when } = explanations[code];
  const shown = problem(code, example);
  const exit =
    shown.exit === 0 ? "A warning: it changes no exit code." : `Exit ${shown.exit}: ${exitMeanings[shown.exit]}.`;
  const text = showProblem(shown, false)
    .split("\n")
    .filter((line) => !line.startsWith("  more:"))
    .join("\n");
  return `## ${code}\n\n${when} ${exit}\n\n\`\`\`text\n${text}\`\`\``;
}

function warningSection(): string {
  const rows = Object.entries(warnings).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    "## Warnings",
    "",
    "A warning is told once for a run, with the number of times it happened, and changes no verdict and no exit code.",
    "",
    "| code | meaning |",
    "|---|---|",
    ...rows,
  ].join("\n");
}
