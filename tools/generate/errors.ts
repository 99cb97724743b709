/** Writes the reference of all error codes from the catalogue and from what is explained beside it. */
import type { ErrorCode } from "../../src/kernel/errors.ts";
import { exitMeanings } from "../../src/kernel/errors/exit-meanings.ts";
import { warnings } from "../../src/kernel/errors/explain/warnings.ts";
import { errorAreas, exampleOf, whenItHappens } from "../../src/kernel/errors/explanations.ts";
import { showProblem } from "../../src/cli/show-problem.ts";

/** The generated file: path from the repository's root, and content. */
export function generateErrors(): { path: string; text: string }[] {
  return [{ path: "docs/reference/errors.md", text: page() }];
}

function page(): string {
  const codes = errorAreas.flatMap((area) => area.codes);
  return `${[intro(), ...codes.map((code) => section(code)), warningSection()].join("\n\n")}\n`;
}

function intro(): string {
  const rows = Object.entries(exitMeanings).map(([exit, meaning]) => `| ${exit} | ${meaning} |`);
  const contents = errorAreas.map(
    ({ codes, name }) => `- **${name}**: ${codes.map((code) => `[${code}](#${code})`).join(" · ")}`,
  );
  return [
    "<!-- generated from src/kernel/errors: npm run generate -->",
    "# Errors",
    "",
    "Every error has a code that does not change between versions; the words may. It says what is wrong, where and why, then what to do next.",
    "What keeps a run from beginning is said on stderr; what goes wrong within a run belongs to its tests. Both are in every report.",
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
  const shown = exampleOf(code);
  const exit =
    shown.exit === 0 ? "A warning: it changes no exit code." : `Exit ${shown.exit}: ${exitMeanings[shown.exit]}.`;
  const text = showProblem(shown, false)
    .split("\n")
    .filter((line) => !line.startsWith("  more:"))
    .join("\n");
  return `## ${code}\n\n${whenItHappens(code)} ${exit}\n\n\`\`\`text\n${text}\`\`\``;
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
