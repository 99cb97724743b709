/** A matrix in a GitLab job: the markers between which the job's page folds lines away, and what each side printed. */
import type { MatrixResult } from "../../verdict/fold-matrix.ts";
import { logSection, moreLog, sectionEnd, sectionStart } from "../gitlab-reporter.ts";
import type { ReporterOptions } from "../reporter.ts";
import { readSide, type SideStream } from "./side-stream.ts";

/** Opened before anything is printed, called when everything is; `streams` are those of the sides. */
export function matrixOnGitlab({
  out,
}: ReporterOptions): (result: MatrixResult, streams: readonly (SideStream | undefined)[]) => Promise<void> {
  out.write(sectionStart("tally_tests", "Tests", false));
  return async ({ sides }, streams) => {
    out.write(sectionEnd("tally_tests"));
    for (const [i, { name }] of sides.entries()) {
      const stream = streams[i];
      let log = "";
      if (stream === undefined) continue;
      for await (const event of readSide(stream)) if (event.type === "log") log = moreLog(log, event);
      out.write(logSection(`tally_log_${name}`, `Log of ${name}`, log));
    }
  };
}
