/**
 * A run as a folder of HTML: index.html, style.css and pictures. Comes in: run events. Goes out: files that need no script
 * (report.js adds a search to what is there), no server and no network, and are whole or not there.
 */
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { foldRun, type RunResult } from "../../verdict/fold-run.ts";
import { markName, refuseForeignPage } from "../foreign-page.ts";
import { openWhole } from "../output-file.ts";
import type { Reporter, ReporterOptions } from "../reporter.ts";
import { barName, barSvg, markSvg, shareName, shareSvg } from "./images.ts";
import { barsOf, reportPage } from "./page.ts";
import { measureFiles, measuresOf } from "./measure-sections.ts";
import { script, scriptName } from "./script.ts";
import { styleSheet } from "./style.ts";

export function htmlReporter(options: ReporterOptions): Reporter {
  const folder = options.path;
  if (folder === undefined) throw tallyError("reporter-path", { name: "html" });
  refuseForeignPage(folder);
  const index = openWhole(join(folder, "index.html"));
  const fold = foldRun();
  return {
    event: (event) => fold.add(event),
    end: async () => {
      const result = fold.result();
      for (const [name, text] of filesOf(result)) writeFile(join(folder, name), text);
      index.write(reportPage(result, { beside: options.beside ?? [] }));
      index.close();
    },
  };
}

/** Style, script and pictures. They are written first, so that the page never stands without them. */
function filesOf(result: RunResult): [string, string][] {
  const { counts, unjudged } = result;
  const shares = { ...counts, other: counts.skip + unjudged };
  const bars = [...barsOf(result)].map((share): [string, string] => [barName(share), barSvg(share)]);
  return [
    ["style.css", styleSheet],
    [scriptName, script],
    [markName, markSvg],
    [shareName, shareSvg(shares)],
    ...bars,
    ...measureFiles(measuresOf(result)),
  ];
}

function writeFile(path: string, text: string): void {
  const file = openWhole(path);
  file.write(text);
  file.close();
}
