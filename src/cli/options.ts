/** Every flag of the command line as data: parsing, help, completion and the reference page are made from it. */

export type OptionKind = "flag" | "text" | "list" | "number" | "duration";

export interface Option {
  readonly kind: OptionKind;
  readonly short?: string;
  /** What stands for the value in help. */
  readonly value?: string;
  readonly doc: string;
  readonly default?: string;
}

export const options = {
  endpoint: {
    kind: "text",
    short: "e",
    value: "ADDRESS",
    doc: "What to test: http(s)://, unix:, cmd:, py:, node:, a name of [endpoints], or connector; of test several, NAME=ADDRESS, side by side. Also: ENDPOINT",
  },
  suite: {
    kind: "text",
    value: "SUITE",
    doc: "A delivered suite instead of the one here: a folder, .tgz, .tar, oci://, git+https://, git+ssh:// or git+file://, the last with #REF:FOLDER",
  },
  platform: {
    kind: "list",
    value: "OS/ARCH",
    doc: "Of an image: linux/amd64, linux/arm64 (repeatable)",
    default: "both",
  },
  compression: {
    kind: "text",
    value: "zstd|gzip",
    doc: "Of an image's large layers; gzip is a quarter larger, and is read by Docker before 23.0 too",
    default: "zstd",
  },
  push: { kind: "text", value: "IMAGE", doc: "Put the image into a registry as registry/name:tag instead of a file" },
  "plain-http": { kind: "flag", doc: "Speak to the registry over HTTP without TLS" },
  keyword: {
    kind: "text",
    short: "k",
    value: "EXPR",
    doc: "Only tests whose id contains the words: `null and not slow`, `a or b`, `/regex/`",
  },
  tag: { kind: "list", value: "TAG", doc: "Only tests with this tag; `!slow` leaves those with it out (repeatable)" },
  "last-failed": { kind: "flag", doc: "Only tests that failed and have not passed since" },
  "fail-fast": { kind: "flag", short: "x", doc: "Stop at the first failure" },
  "max-failures": { kind: "number", value: "N", doc: "Stop after N failures" },
  "changed-since": {
    kind: "text",
    value: "REF|SUITE",
    doc: "Only tests and cases that are not as they were at a ref of the repository, or in another suite",
  },
  shard: { kind: "text", value: "I/N", doc: "Only the I-th of N parts of the suite" },
  baseline: {
    kind: "list",
    value: "[SIDE=]FILE|off",
    doc: "Failures that are accepted for a time, each with a reason, an owner and a day; of several endpoints each may have its own",
    default: "tally.baseline.toml in the current folder, if there is one",
  },
  "update-baseline": { kind: "flag", doc: "Write the baseline anew from this run; needs all tests" },
  reason: { kind: "text", value: "TEXT", doc: "Of --update-baseline: why new failures are accepted" },
  owner: { kind: "text", value: "NAME", doc: "Of --update-baseline: who will see to them" },
  expires: { kind: "text", value: "YYYY-MM-DD", doc: "Of --update-baseline: the last day on which they are accepted" },
  attest: {
    kind: "text",
    value: "KEY",
    doc: "Sign the result: a test result of in-toto, with this Ed25519 key (PKCS#8 PEM)",
  },
  "attest-to": {
    kind: "text",
    value: "FILE",
    doc: "Where the signed result goes",
    default: "attestation.json in --out, else tally.attestation.json",
  },
  subject: {
    kind: "list",
    value: "NAME=sha256:HEX",
    doc: "What is tested: an image or a file; NAME=gitCommit:HEX a commit (repeatable)",
    default: "what the endpoint says of itself",
  },
  key: { kind: "text", value: "FILE", doc: "The public key of those who signed, Ed25519 PEM" },
  "max-age": { kind: "text", value: "AGE", doc: "The oldest that the run may be: 30d, 12h, 90m" },
  "suite-digest": { kind: "text", value: "sha256:HEX", doc: "The suite that had to be run" },
  repeat: { kind: "number", value: "N", doc: "Run each test N times", default: "1" },
  seed: { kind: "number", value: "N", doc: "Seed of Math.random in tests and of sampling", default: "random" },
  start: { kind: "text", value: "CMD", doc: "Start this program first, stop it afterwards" },
  ready: {
    kind: "text",
    value: "URL",
    doc: "Ready when this address answers below 500",
    default: "the endpoint's /health",
  },
  wait: {
    kind: "duration",
    value: "TIME",
    doc: "How long to wait until the endpoint is ready",
    default: "30s with --start and for a connector, else 0s",
  },
  timeout: { kind: "duration", value: "TIME", doc: "One call", default: "[endpoint] timeout, else 30s" },
  "test-timeout": { kind: "duration", value: "TIME", doc: "One test", default: "30s more than a call" },
  "max-time": { kind: "duration", value: "TIME", doc: "The whole run", default: "360m" },
  batch: { kind: "number", value: "N", doc: "Records in one call at most", default: "[endpoint] batch, else 256" },
  header: { kind: "list", value: "NAME:VALUE", doc: "Send this header with every call (repeatable)" },
  ca: { kind: "text", value: "FILE", doc: "Trust the certificates in this PEM file too" },
  "client-cert": { kind: "text", value: "FILE", doc: "Our own certificate (PEM), for an endpoint that wants one" },
  "client-key": { kind: "text", value: "FILE", doc: "Its private key (PEM, without a passphrase)" },
  "strict-json": { kind: "flag", doc: "Refuse the bare tokens NaN and Infinity in answers" },
  "duplicate-keys": {
    kind: "text",
    value: "error|last",
    doc: "What a key that occurs twice in an answer is",
    default: "error",
  },
  "no-gather": { kind: "flag", doc: "Send every call of every test by itself" },
  "gather-check": {
    kind: "text",
    value: "N|off",
    doc: "Ask N records an operation once more alone at the end",
    default: "32",
  },
  jobs: {
    kind: "number",
    short: "j",
    value: "N",
    doc: "Test files, and endpoints beside each other, that run at the same time",
    default: "number of processors",
  },
  strict: { kind: "flag", doc: "Failures of recommended tests fail the run" },
  watch: { kind: "flag", short: "w", doc: "Run again when a file changes or the endpoint comes back" },
  reporter: {
    kind: "list",
    value: "NAME[=PATH]",
    doc: "terminal, json, ndjson, junit=FILE, html=DIR, github, gitlab (repeatable); the last two are added by themselves in their CI",
  },
  out: {
    kind: "text",
    value: "PATH",
    doc: "Where to write: a folder for events, JUnit, HTML and log; of types a file",
  },
  install: {
    kind: "flag",
    doc: "Install the tallyml that comes with this Tally into the interpreter; needs no network",
  },
  open: { kind: "flag", doc: "Open the report in the browser; not in CI" },
  json: { kind: "flag", doc: "The result as one JSON document on stdout" },
  log: {
    kind: "text",
    value: "failures|all",
    doc: "Keep the exchanges of failures, or of all tests",
    default: "failures",
  },
  "show-sensitive": { kind: "flag", doc: "Show sensitive fields as they are" },
  config: { kind: "text", value: "FILE", doc: "The contract to use instead of the nearest tally.toml" },
  color: { kind: "text", value: "auto|always|never", doc: "Colour", default: "auto" },
  quiet: { kind: "flag", short: "q", doc: "Only the summary" },
  verbose: { kind: "flag", short: "v", doc: "Every failure in full" },
  host: { kind: "text", value: "HOST", doc: "Address to listen on", default: "127.0.0.1" },
  port: { kind: "number", value: "N", doc: "Port to listen on; 0 takes any that is free", default: "8080" },
  workers: { kind: "number", value: "N", doc: "Processes of the connector", default: "[connector] workers" },
  "in-process": { kind: "flag", doc: "Run a TypeScript connector in the server's own process" },
  format: {
    kind: "text",
    value: "FORMAT",
    doc: "json-schema, openapi (3.1), openapi-3.0 (3.0.3) or markdown",
    default: "json-schema",
  },
  load: {
    kind: "text",
    value: "auto|always|never",
    doc: "Load test files that differ, as tally list does, to see names that are made as they run; auto: refs of this repository",
    default: "auto",
  },
  markdown: { kind: "flag", doc: "As Markdown, for a merge request" },
  write: { kind: "flag", doc: "Declare in the contract what the connector defines and the contract does not" },
  sample: {
    kind: "text",
    value: "FILE",
    doc: "Records that the model gets: .csv, .tsv, .jsonl or .parquet",
    default: "of schema --write: the cases",
  },
  python: {
    kind: "text",
    value: "FILE.py:NAME",
    doc: "A function, or a fitted estimator with predict, to begin with (TALLY_PYTHON is the interpreter)",
  },
  language: {
    kind: "text",
    value: "python|typescript",
    doc: "Of the connector",
    default: "what the folder looks like",
  },
  operation: {
    kind: "text",
    value: "NAME",
    doc: "Of init: the first operation; of capture: this one only",
    default: "process, or the function's name; all",
  },
  name: {
    kind: "text",
    value: "NAME",
    doc: "Of the model; of keep: of the case",
    default: "the folder's name; the test's",
  },
  bug: {
    kind: "list",
    value: "ID",
    doc: "Number of the bug report: what keep writes; of test and list: only tests of this bug",
  },
  expect: { kind: "text", value: "JSON", doc: "What the answer must be", default: "what the reference answered" },
  exchange: { kind: "number", value: "N", doc: "Which record of the test, as reports count them" },
  by: { kind: "text", value: "NAME", doc: "Who found it" },
  link: { kind: "text", value: "URL", doc: "Where more is said of it" },
  to: {
    kind: "text",
    value: "FILE",
    doc: "The case table to add to, .jsonl",
    default: "cases/regressions.jsonl; of a delivered suite regressions.jsonl here; of capture cases/captured.jsonl",
  },
  "no-input": { kind: "flag", doc: "Ask nothing" },
  data: {
    kind: "text",
    value: "FILE",
    doc: "Records to ask the operations with: .csv, .tsv, .jsonl or .parquet",
  },
  append: { kind: "flag", doc: "Add to the table what is new; without it a table that is there is left alone" },
  limit: { kind: "number", value: "N", doc: "Cases of one operation at most", default: "1000" },
  from: {
    kind: "text",
    value: "PATH",
    doc: "Run folder or events file to take the failure from",
    default: "the last runs in .tally/runs",
  },
  ref: { kind: "text", value: "REF", doc: "Pack a branch, tag or commit instead of the files as they are" },
  print: { kind: "flag", doc: "Write nothing; list what would go in, and how large it is" },
  base: {
    kind: "text",
    value: "IMAGE",
    doc: "Put the image on this one, REGISTRY/NAME:TAG or …@sha256:…, which has Node 24 or newer, instead of Tally's own Node; of a Dockerfile what it is FROM",
  },
  sbom: {
    kind: "text",
    value: "FILE",
    doc: "Write the bill of materials (CycloneDX) to a file of its own too",
  },
  force: { kind: "flag", doc: "Replace a file, or a folder that tally pack wrote" },
  "without-pytest": { kind: "flag", doc: "Pack although pytest files will not be run, and list them" },
  "allow-secret": { kind: "list", value: "PATH", doc: "This file looks like a secret and is none (repeatable)" },
  "max-file": { kind: "number", value: "MIB", doc: "Largest file of a suite", default: "32" },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

/** The environment variable of a flag. */
export function variableOf(name: OptionName): string {
  return `TALLY_${name.toUpperCase().replaceAll("-", "_")}`;
}
