/**
 * The verbs that need nothing but a suite and an endpoint: all that travels with a delivered suite (`src/tally-file.ts`). What a verb
 * here imports goes into every bundle and image.
 */
import type { Command } from "./command.ts";
import { calling, delivered, showing } from "./option-groups.ts";

export const suiteCommands = {
  test: {
    summary: "Run the suite against the connector, or against any endpoint",
    usage: "[PATH[:LINE]…] [flags]",
    options: [
      ...([
        "endpoint",
        "keyword",
        "tag",
        "bug",
        "last-failed",
        "changed-since",
        "fail-fast",
        "max-failures",
        "shard",
        "repeat",
        "seed",
      ] as const),
      ...(["baseline", "update-baseline", "reason", "owner", "expires"] as const),
      ...(["attest", "attest-to", "subject"] as const),
      ...(["start", "ready", "wait", "timeout", "test-timeout", "max-time", "batch", "header"] as const),
      ...(["ca", "client-cert", "client-key"] as const),
      ...(["strict-json", "duplicate-keys", "no-gather", "gather-check", "jobs", "strict", "watch"] as const),
      ...(["reporter", "out", "json", "log", "show-sensitive", "config"] as const),
      ...delivered,
      ...showing,
    ],
    arguments: { min: 0, max: Number.POSITIVE_INFINITY, name: "PATH" },
    examples: [
      "tally test",
      "ENDPOINT=http://localhost:8080 tally test -k null",
      'tally test --start "node server.mjs" -e http://localhost:8080 --out tally-report',
    ],
    load: async () => (await import("./run/test-command.ts")).runTest,
  },
  list: {
    summary: "List the tests and cases of the suite, without running them",
    usage: "[PATH[:LINE]…] [flags]",
    options: [
      "keyword",
      "tag",
      "bug",
      "last-failed",
      "changed-since",
      "shard",
      "json",
      "jobs",
      "test-timeout",
      "config",
      ...delivered,
      "ca",
      "color",
    ],
    arguments: { min: 0, max: Number.POSITIVE_INFINITY, name: "PATH" },
    examples: ["tally list", "tally list -k null --tag '!slow'", "tally list --json | jq '.tests[].id'"],
    load: async () => (await import("./list-command.ts")).runList,
  },
  report: {
    summary: "Write the HTML report and JUnit of a run that is over, or of all its shards as one",
    usage: "[RUN|DIR|events.ndjson …] [flags]",
    options: ["out", "open", "config", "color"],
    arguments: { min: 0, max: Number.POSITIVE_INFINITY, name: "RUN" },
    examples: [
      "tally report --open        # the last run, into tally-report/",
      "tally report shard-1 shard-2 shard-3 --out tally-report",
    ],
    load: async () => (await import("./report-command.ts")).runReport,
  },
  explain: {
    summary: "Explain an error: what it is, why it happens, what to do; all codes without one",
    usage: "[CODE] [flags]",
    options: ["json"],
    arguments: { min: 0, max: 1, name: "CODE" },
    examples: ["tally explain endpoint-unreachable", "tally explain"],
    load: async () => (await import("./explain-command.ts")).runExplain,
  },
  schema: {
    summary: "Print the contract as JSON Schema, OpenAPI or Markdown; --write infers its operations",
    usage: "[flags]",
    options: ["format", "write", "sample", "config", ...delivered, "ca", "color"],
    arguments: { min: 0, max: 0, name: "" },
    examples: [
      "tally schema --format openapi > openapi.json",
      "tally schema --format markdown",
      "tally schema --write --sample orders.csv",
    ],
    load: async () => (await import("./schema/schema-command.ts")).runSchema,
  },
  types: {
    summary: "Write the operations as TypeScript types, so that tests are typed in the editor",
    usage: "[--out FILE] [flags]",
    options: ["out", "config", ...delivered, "ca"],
    arguments: { min: 0, max: 0, name: "" },
    examples: ["tally types --out tests/operations.d.ts", "tally types"],
    load: async () => (await import("./schema/types-command.ts")).runTypes,
  },
  replay: {
    summary: "Send a failure's exchange again: FIXED, STILL, CHANGED or ERROR",
    usage: "ID [flags]",
    options: ["from", "json", ...delivered, ...calling, ...showing],
    arguments: { min: 1, max: 1, name: "the id of a failure" },
    examples: ["tally replay 7f3a91c2", "tally replay 7f3a91c2 --from tally-report -e http://localhost:8080"],
    load: async () => (await import("./bugs/replay-command.ts")).runReplay,
  },
  keep: {
    summary: "Write a failure down as a regression case, with where it was found",
    usage: "ID [flags]",
    options: [
      ...(["bug", "expect", "exchange", "name", "by", "link", "to", "from", "json"] as const),
      ...delivered,
      ...(["config", "color"] as const),
    ],
    arguments: { min: 1, max: 1, name: "the id of a failure" },
    examples: [
      "tally keep 7f3a91c2 --bug BUG-17 --by Ada",
      `tally keep 7f3a91c2 --from tally-report --expect '{"null_values": 2}' --to for-research.jsonl`,
    ],
    load: async () => (await import("./bugs/keep-command.ts")).runKeep,
  },
  "diff-suite": {
    summary: "Show what a version of the suite asks that another did not: operations, tests, cases, tolerances",
    usage: "REF|SUITE [REF|SUITE] [flags]",
    options: ["json", "markdown", "load", "suite", "plain-http", "ca", "config", "color"],
    arguments: { min: 1, max: 2, name: "a ref of the repository, or a suite" },
    examples: [
      "tally diff-suite v1.3.0",
      "tally diff-suite v1.3.0 v1.4.0 --suite git+https://git.example.org/models.git#:sqli",
      "tally diff-suite old.tgz new.tgz --markdown",
    ],
    load: async () => (await import("./changes/diff-suite-command.ts")).runDiffSuite,
  },
  verify: {
    summary: "Check a signed result offline: signature, what it is about, which suite, and what it says",
    usage: "FILE --key KEY.pub.pem [flags]",
    options: ["key", "subject", "suite-digest", "max-age", "json"],
    arguments: { min: 1, max: 1, name: "the file that --attest wrote" },
    examples: [
      "tally verify tally.attestation.json --key release.pub.pem",
      "tally verify tally.attestation.json --key release.pub.pem --subject scorer=sha256:…",
    ],
    load: async () => (await import("./verify-command.ts")).runVerify,
  },
  bug: {
    summary: "List the bugs of the suite; check them on both sides and say who must act",
    usage: "[check|show] [ID…] [flags]",
    options: [
      ...(["json", "start", "ready", "wait", "test-timeout", "batch", "jobs", "quiet"] as const),
      ...delivered,
      ...calling,
      "color",
    ],
    arguments: { min: 0, max: Number.POSITIVE_INFINITY, name: "ID" },
    examples: [
      "tally bug",
      "tally bug check -e research=connector -e production=http://localhost:8080",
      "tally bug show BUG-17",
    ],
    load: async () => (await import("./bugs/bug-command.ts")).runBug,
  },
} as const satisfies Readonly<Record<string, Command>>;

/** The verbs that an installed Tally has beside these. */
const installedVerbs = ["init", "python", "serve", "capture", "pack", "doctor", "versions", "completion"] as const;

export type InstalledVerb = (typeof installedVerbs)[number];

/** Whether a verb is there, and does not travel with a suite. */
export function isInstalledOnly(verb: string): boolean {
  return installedVerbs.some((known) => known === verb);
}
