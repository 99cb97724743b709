/**
 * Where a run is shown, by name. Comes in: the name of a reporter and where it writes. Goes out: a reporter, loaded only now.
 */
import { tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";

export type ReporterName = "terminal" | "json" | "ndjson" | "junit" | "html" | "github" | "gitlab";

const openers: Readonly<Record<ReporterName, (options: ReporterOptions) => Promise<Reporter>>> = {
  terminal: async (options) => (await import("./terminal/terminal-reporter.ts")).terminalReporter(options),
  json: async (options) => (await import("./json-reporter.ts")).jsonReporter(options),
  ndjson: async (options) => (await import("./ndjson-reporter.ts")).ndjsonReporter(options),
  junit: async (options) => (await import("./junit-reporter.ts")).junitReporter(options),
  html: async (options) => (await import("./html/html-reporter.ts")).htmlReporter(options),
  github: async (options) => (await import("./github-reporter.ts")).githubReporter(options),
  gitlab: async (options) => (await import("./gitlab-reporter.ts")).gitlabReporter(options),
};

/** The reporters there are. */
export const reporterNames: readonly string[] = Object.keys(openers);

function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(openers, name);
}

/** Opens a reporter by its name. Rejects with `reporter-unknown`, and with `out-not-writable` before the run begins. */
export async function openReporter(name: string, options: ReporterOptions): Promise<Reporter> {
  if (isReporterName(name)) return openers[name](options);
  const meant = nearest(name, reporterNames);
  throw tallyError("reporter-unknown", {
    name,
    known: reporterNames,
    ...(meant === undefined ? {} : { nearest: meant }),
  });
}
