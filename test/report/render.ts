import { openReporter } from "../../src/report/open-reporter.ts";
import type { ReporterOptions } from "../../src/report/reporter.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";

/** What a reporter writes to `out` for a whole run. */
export async function render(
  name: string,
  events: readonly RunEvent[],
  options: Partial<ReporterOptions> = {},
): Promise<string> {
  let text = "";
  const reporter = await openReporter(name, { out: { write: (part: string) => (text += part) }, ...options });
  for (const event of events) reporter.event(event);
  await reporter.end();
  return text;
}
