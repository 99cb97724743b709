import { defineErrors } from "./define.ts";

/** What can be wrong with packing a suite, and with where a packed one is run. */
export const packErrors = defineErrors({
  "pack-exists": {
    exit: 2,
    say: (a: { path: string }) => `${a.path} exists and is not what would be written.`,
    hint: () => "Write it elsewhere (--out PATH, of the bill of materials --sbom FILE), or replace it with --force.",
  },
  "pack-foreign": {
    exit: 2,
    say: (a: { path: string }) => `${a.path} is no folder that tally pack wrote, and is not replaced.`,
    hint: () => "Write it elsewhere with --out DIR, or empty the folder first.",
  },
  "pack-flags": {
    exit: 2,
    say: (a: { flag: string; other: string; reason: string }) =>
      `${a.flag} and ${a.other} do not go together: ${a.reason}.`,
    hint: () => "Leave one of them away; what each is for: tally pack --help",
  },
  "pack-secret": {
    exit: 2,
    say: (a: { files: readonly { path: string; why: string }[] }) =>
      `Nothing was packed, for a secret would leave with it: ${a.files.map(({ path, why }) => `${path} (${why})`).join(", ")}.`,
    hint: (a) =>
      `Take it out of the suite, and out of use if it was shared. If it is none: --allow-secret ${a.files[0]?.path ?? "PATH"}`,
  },
  "pack-large": {
    exit: 2,
    say: (a: { files: readonly { path: string; bytes: number }[]; limit: number }) =>
      `Nothing was packed: ${a.files.map(({ bytes, path }) => `${path} has ${mebibytes(bytes)} MiB`).join(", ")}, and a file of a suite may have ${mebibytes(a.limit)} MiB.`,
    hint: (a) =>
      `Deliver a sample of it, or say that it has to be: --max-file ${Math.ceil(Math.max(0, ...a.files.map(({ bytes }) => bytes)) / mebibyte)}`,
  },
  "pack-pytest": {
    exit: 2,
    say: (a: { files: readonly string[] }) =>
      `The suite has pytest files, which need a Python: ${a.files.slice(0, 5).join(", ")}${a.files.length > 5 ? ` and ${a.files.length - 5} more` : ""}.`,
    hint: () =>
      "To bring one: tally pack --python. To deliver the rest, and to have these listed as not run: tally pack --without-pytest",
  },
  "pack-connector": {
    exit: 2,
    say: (a: { path: string }) => `The suite imports ${a.path}, the connector, which does not leave with a suite.`,
    hint: () => "Put what tests need of it into a file of its own, and import that in both.",
  },
  "pack-pytest-config": {
    exit: 2,
    say: (a: { path: string }) =>
      `pytest takes its configuration from ${a.path}, above the suite, and only the folder of tally.toml is delivered.`,
    hint: () => "Write a pytest.ini beside tally.toml with what these tests need of it; an empty one will do for none.",
  },
  "pack-import": {
    exit: 2,
    say: (a: { file: string; line: number; specifier: string; reason: string }) =>
      `${a.file}:${a.line} imports "${a.specifier}", which would not be there where the suite is delivered: ${a.reason}.`,
    hint: (a) =>
      a.file.endsWith(".py")
        ? "Do without it in tests, import it where it is needed under pytest.importorskip, or pack a bundle, which runs in a Python that has it."
        : /^[./#]|^file:/.test(a.specifier)
          ? "Put the file into the suite's folder, or mend the import; then: tally pack --print"
          : "In the folder of tally.toml: npm install, and commit package.json and package-lock.json; then: tally pack --print",
  },
  "pack-platform": {
    exit: 2,
    say: (a: { platform: string; known: readonly string[] }) =>
      `There is no runtime layer for ${a.platform}; there is one for ${a.known.join(" and ")}.`,
    hint: (a) => `Choose of these: --platform ${a.known[0] ?? "linux/amd64"}, or pack what needs none: --format bundle`,
  },
  "runtime-absent": {
    exit: 2,
    say: (a: { platform: string; what: string }) =>
      `The layer of ${a.what} that images for ${a.platform} stand on was not built here.`,
    hint: () => "In a clone of Tally: npm run build:runtime. Without one: tally pack --format bundle",
  },
  "runtime-damaged": {
    exit: 7,
    say: (a: { platform: string; digest: string }) =>
      `The runtime layer of ${a.platform} is not the one that is locked (${a.digest}).`,
    hint: () => "Build it anew: npm run build:runtime",
  },
  "connector-not-carried": {
    exit: 2,
    say: (a: { address: string }) =>
      `${a.address} needs what runs connectors, and a delivered suite brings only what runs tests.`,
    hint: () => "Serve it: tally serve, then ENDPOINT=http://…; or install tallyml and run the suite with --suite.",
  },
  "out-mounted": {
    exit: 2,
    say: (a: { path: string; owner: string; user: string }) =>
      `The folder mounted at ${a.path} belongs to ${a.owner}, and this container runs as ${a.user}, which cannot write to it.`,
    hint: () => 'Run it as yourself: docker run --user "$(id -u):$(id -g)" …, or leave the mount away.',
  },
});

const mebibyte = 1024 * 1024;

function mebibytes(bytes: number): string {
  return (bytes / mebibyte).toFixed(1).replace(/\.0$/, "");
}
