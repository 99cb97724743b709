/** The verbs: what each is for, which flags it takes, and the file that does it, loaded when it is asked for. */
import type { Command } from "./command.ts";
import { calling, showing } from "./option-groups.ts";
import { type InstalledVerb, suiteCommands } from "./suite-commands.ts";

export const commands: Readonly<Record<string, Command>> = {
  init: {
    summary: "Begin: contract, connector, first test and cases; from a sample or a Python function",
    usage: "[FOLDER] [flags]",
    options: ["sample", "python", "language", "operation", "name", "no-input"],
    arguments: { min: 0, max: 1, name: "FOLDER" },
    examples: [
      "tally init fraud",
      "tally init --sample orders.csv",
      "tally init --python src/model.py:score --sample orders.csv",
    ],
    load: async () => (await import("./init/init-command.ts")).runInit,
  },
  test: suiteCommands.test,
  list: suiteCommands.list,
  report: suiteCommands.report,
  explain: suiteCommands.explain,
  python: {
    summary: "Show the interpreter of the connector and its tallyml; --install puts it there",
    usage: "[flags]",
    options: ["install", "config", "color"],
    arguments: { min: 0, max: 0, name: "" },
    examples: ["tally python", "TALLY_PYTHON=.venv/bin/python tally python --install"],
    load: async () => (await import("./python-command.ts")).runPython,
  },
  serve: {
    summary: "Serve the connector (or any endpoint) over HTTP on this machine",
    usage: "[ADDRESS] [flags]",
    options: ["host", "port", "workers", "in-process", "watch", "wait", "timeout", "config", ...showing],
    arguments: { min: 0, max: 1, name: "ADDRESS" },
    examples: ["tally serve", "tally serve py:research/connector.py --port 8000 --watch"],
    load: async () => (await import("./serve-command.ts")).runServe,
  },
  capture: {
    summary: "Keep what a program asks, or what a file holds, as cases with the answers of research",
    usage: "[flags] -- COMMAND… | --data FILE [flags]",
    options: ["data", "to", "append", "operation", "limit", "wait", "json", ...calling, "color"],
    wraps: true,
    arguments: { min: 0, max: Number.POSITIVE_INFINITY, name: "COMMAND" },
    examples: [
      "tally capture -- pytest tests/",
      "tally capture --data orders.csv --operation process --limit 200",
      "tally capture --append --to cases/checkout.jsonl -- npm test",
    ],
    load: async () => (await import("./capture/capture-command.ts")).runCapture,
  },
  schema: suiteCommands.schema,
  types: suiteCommands.types,
  pack: {
    summary: "Pack the suite, so that it runs where there is no Tally",
    usage: "[flags]",
    options: [
      ...(["ref", "format", "out", "force", "print", "python", "without-pytest", "allow-secret", "max-file"] as const),
      ...(["platform", "compression", "push", "plain-http", "ca", "max-time", "json", "config", "color"] as const),
      ...(["base", "sbom"] as const),
    ],
    own: {
      python: {
        kind: "flag",
        doc: "Bring what pytest files need: into an image Python and pytest, into a bundle Tally's own part of it",
      },
      format: {
        kind: "text",
        value: "FORMAT",
        doc: "image, bundle (for npx, without Docker) or dockerfile (a folder to build with Docker)",
        default: "image",
      },
      out: { kind: "text", value: "PATH", doc: "The file, or the folder of a Dockerfile", default: "NAME-VERSION" },
      "max-time": {
        kind: "duration",
        value: "TIME",
        doc: "What npm, or one answer of a registry, may take",
        default: "5m",
      },
    },
    arguments: { min: 0, max: 0, name: "" },
    examples: [
      "tally pack --print",
      "tally pack --format bundle --ref v1.4.0",
      "tally pack --push registry.example.org/sqli-ml-test:1.4.0",
    ],
    load: async () => (await import("./pack/pack-command.ts")).runPack,
  },
  doctor: {
    summary: "Check the own set-up: contract, suite, connector, interpreter, endpoint",
    usage: "[flags]",
    options: [...calling, "wait", "json", "color"],
    arguments: { min: 0, max: 0, name: "" },
    examples: ["tally doctor", "tally doctor -e http://localhost:8080"],
    load: async () => (await import("./doctor/doctor-command.ts")).runDoctor,
  },
  replay: suiteCommands.replay,
  keep: suiteCommands.keep,
  "diff-suite": suiteCommands["diff-suite"],
  bug: suiteCommands.bug,
  verify: suiteCommands.verify,
  versions: {
    summary: "List the branches and tags of a repository that hold a suite, with date, version and digest",
    usage: "--suite git+URL[#:FOLDER] [flags]",
    options: ["suite", "json", "ca"],
    namesSuite: true,
    arguments: { min: 0, max: 0, name: "" },
    examples: [
      "tally versions --suite git+https://git.example.org/models/sqli.git",
      "tally versions --suite git+file:///srv/models#:sqli --json",
    ],
    load: async () => (await import("./delivered/versions-command.ts")).runVersions,
  },
  completion: {
    summary: "Print the completion script of a shell: bash, zsh, fish or powershell",
    usage: "SHELL",
    options: [],
    arguments: { min: 1, max: 1, name: "a shell: bash, zsh, fish or powershell" },
    examples: ['eval "$(tally completion bash)"', "tally completion fish > ~/.config/fish/completions/tally.fish"],
    load: async () => (await import("./completion/completion-command.ts")).completionOf(commands),
  },
} satisfies Readonly<Record<keyof typeof suiteCommands | InstalledVerb, Command>>;
