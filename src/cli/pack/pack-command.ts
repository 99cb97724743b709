/** `tally pack`: the suite of a folder or a commit → a file that runs where there is no Tally. */
import { dirname, posix, relative } from "node:path";
import { findContract } from "../../contract/load-contract.ts";
import { packagesOf } from "../../delivery/packages/suite-packages.ts";
import { pytestConfig, pytestConfigNames } from "../../delivery/pytest-config.ts";
import type { Suite } from "../../delivery/read-suite.ts";
import { refuseUnsafe } from "../../delivery/suite-path.ts";
import { takeSnapshot, type Snapshot } from "../../delivery/suite-snapshot.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import { imageName } from "../../pack/artefact-name.ts";
import { checkContents } from "../../pack/contents/check-contents.ts";
import { checkConnector, checkImports } from "../../pack/contents/check-imports.ts";
import { checkPytestConfig } from "../../pack/contents/check-pytest-config.ts";
import { checkPythonImports } from "../../pack/contents/check-python-imports.ts";
import { packTime } from "../../pack/pack-time.ts";
import { readProject } from "../../pack/contents/read-project.ts";
import { writeWhole } from "../../pack/write-whole.ts";
import type { Arguments } from "../arguments.ts";
import { besideSbom } from "./beside-sbom.ts";
import type { ImageWanted } from "./image-ground.ts";
import { formatOf, refuseForeign } from "./pack-format.ts";
import { listContents, type Packed, showPacked } from "./show-packed.ts";

const mebibyte = 1024 * 1024;
const defaultMaxFile = 32;

export async function runPack(args: Arguments): Promise<ExitCode> {
  const format = formatOf(args);
  // Also with --print: what is shown is what these words would make.
  refuseForeign(args, format);
  const wanted = format === "image" ? (await import("./image-ground.ts")).imageWanted(args) : undefined;
  const snapshot = await readSnapshot(args);
  if (args.flag("print")) {
    process.stdout.write(args.flag("json") ? `${JSON.stringify(snapshot.manifest)}\n` : listContents(snapshot));
    return 0;
  }
  const packed = await pack(args, snapshot, wanted);
  process.stdout.write(args.flag("json") ? `${JSON.stringify(packed)}\n` : showPacked(packed));
  return 0;
}

/** What is packed, or why it is not: nothing is written before all of it is known to be fit. */
async function readSnapshot(args: Arguments): Promise<Snapshot> {
  const file = findContract(process.cwd(), args.text("config"));
  if (file === undefined) throw tallyError("contract-missing", { from: process.cwd() });
  const { origin, source, suite } = readProject({ file, ref: args.text("ref"), tally: tallyVersion() });
  const { root, suite: settings } = suite.contract;
  const patterns = [...settings.tests, ...settings.pytest, ...settings.cases];
  if (source.find(patterns).length === 0) throw tallyError("suite-empty", { root, patterns });
  const pytest = source.find(settings.pytest);
  // TALLY_PYTHON is an interpreter, and no wish for one.
  const withPython = args.isTyped("python");
  if (pytest.length > 0 && !withPython && !args.flag("without-pytest"))
    throw tallyError("pack-pytest", { files: pytest });
  const packages = await packagesOf(suite, source, {
    settings: source.read(".npmrc"),
    deadlineMs: args.duration("max-time"),
  });
  checkSuite(suite, { folder: dirname(file), packages: new Set(packages.names), pytest });
  // A bundle is run by a Python of whoever runs it, an image on another base by that of the base, which may have more.
  if (withPython && formatOf(args) === "image" && args.text("base") === undefined)
    checkPythonImports(suite.files, pytestConfig(source)?.pythonPath ?? []);
  const snapshot = takeSnapshot(suite, { ...origin, leftBehind: withPython ? [] : pytest }, packages);
  refuseUnsafe(snapshot.files.keys());
  checkContents(snapshot.files, {
    maxFileBytes: (args.number("max-file", 1) ?? defaultMaxFile) * mebibyte,
    allowed: allowedSecrets(args, snapshot),
  });
  return snapshot;
}

/** Throws `flag-value` for what is typed and is no file of the suite. */
function allowedSecrets(args: Arguments, { files }: Snapshot): ReadonlySet<string> {
  const allowed = args.list("allow-secret").map((path) => ({ path, plain: posix.normalize(path) }));
  const unknown = args.isTyped("allow-secret") ? allowed.find(({ plain }) => !files.has(plain)) : undefined;
  if (unknown === undefined) return new Set(allowed.map(({ plain }) => plain));
  throw tallyError("flag-value", {
    flag: "--allow-secret",
    value: unknown.path,
    expected: "the path of a file of the suite, from the folder of tally.toml",
    example: `--allow-secret ${[...files.keys()][0] ?? "PATH"}`,
  });
}

interface Surroundings {
  /** Of tally.toml. */
  readonly folder: string;
  readonly packages: ReadonlySet<string>;
  readonly pytest: readonly string[];
}

/** What would be otherwise, or missing, where the suite is delivered. */
function checkSuite({ contract, files }: Suite, { folder, packages, pytest }: Surroundings): void {
  const { connector, root } = contract;
  checkConnector(files, connector && "path" in connector ? relative(root, connector.path) : undefined);
  checkImports({ files, packages });
  if (pytest.length > 0 && !pytestConfigNames.some((path) => files.has(path))) checkPytestConfig(folder);
}

/** `wanted` where it is an image. */
async function pack(args: Arguments, snapshot: Snapshot, wanted: ImageWanted | undefined): Promise<Packed> {
  const { manifest } = snapshot;
  const time = packTime(process.env, manifest.source?.committed);
  if (wanted !== undefined) {
    const { packImage } = await import("./pack-image.ts");
    return packImage(args, snapshot, { time, wanted });
  }
  if (formatOf(args) === "dockerfile") {
    const { packContext } = await import("./pack-context.ts");
    return packContext(args, snapshot, time);
  }
  const { makeBundle } = await import("../../pack/make-bundle.ts");
  const { sha256 } = await import("../../delivery/suite-digest.ts");
  const bytes = makeBundle(snapshot, { time, withPython: args.isTyped("python") });
  const { makeSbom } = await import("../../pack/sbom.ts");
  const path = args.text("out") ?? `${imageName(manifest).replace(":", "-")}.tgz`;
  const write = (): Packed => {
    writeWhole(path, [bytes], args.flag("force"));
    return { format: "bundle", manifest, path, bytes: bytes.byteLength, sha256: sha256(bytes) };
  };
  return besideSbom(args, { sbom: makeSbom(snapshot, undefined, time), path, snapshot, write });
}
