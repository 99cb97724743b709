import type { ExitCode } from "./define.ts";

/** What each exit code says, for people. */
export const exitMeanings: Readonly<Record<ExitCode, string>> = {
  0: "everything was judged and agrees",
  1: "a test failed, or records disagree",
  2: "usage or configuration",
  3: "the endpoint could not be judged",
  4: "the connector failed",
  5: "nothing to judge, or bad data",
  6: "incomplete",
  7: "trust: a digest or a signature",
  70: "a bug in Tally",
  130: "ended by Ctrl-C",
  143: "ended by SIGTERM, SIGHUP or SIGQUIT",
};
