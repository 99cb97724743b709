/**
 * A run on GitHub Actions, beside the terminal. Comes in: run events. Goes out: annotations, worst first, and a Markdown
 * summary of the step. GitHub obeys any line of a step's output that begins like a command, even indented, so its ears are
 * closed while other reporters show what models and suites said.
 */
import { foldRun } from "../verdict/fold-run.ts";
import { failuresOf } from "./failure-groups.ts";
import { annotations, closeEars } from "./github-annotations.ts";
import { appendSummary, runSummary } from "./github-summary.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

/** Opened after the reporters that print, so that its end comes after theirs. */
export function githubReporter(options: ReporterOptions): Reporter {
  const open = closeEars(options.out);
  const fold = foldRun();
  return {
    event: (event) => fold.add(event),
    end: async () => {
      const result = fold.result();
      const problem = result.ended?.problem;
      open(
        annotations(
          failuresOf(result.tests).map((failure) => ({ failure, sides: [] })),
          problem === undefined ? [] : [{ problem }],
          { folder: options.sourceFolder ?? "", strict: result.started?.strict === true },
        ),
      );
      if (options.summary !== undefined) appendSummary(options.summary, (room) => runSummary(result, room));
    },
  };
}
