/** Holds a delivered suite against what it says of itself: every file, and the digest of all. */
import { canonicalTables } from "../contract/delivered-tables.ts";
import { tallyError } from "../kernel/errors.ts";
import { isTable, parseTable } from "./json-table.ts";
import { sha256, suiteDigest } from "./suite-digest.ts";
import { isOfPackage, manifestPath, type SuiteManifest } from "./suite-manifest.ts";

/** The version of `suite.json` that is read. */
const known = 1;

/** Gives the manifest. `files` are all of the suite's folder. Throws `suite-manifest` and `suite-digest`. */
export function verifySuite(files: ReadonlyMap<string, Uint8Array>, place: string): SuiteManifest {
  const manifest = readManifest(files.get(manifestPath), place);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const wrong = (path: string, reason: string): Error => tallyError("suite-digest", { place, path, reason });
  for (const [path, content] of files) {
    if (path === manifestPath) continue;
    const file = listed.get(path);
    if (file === undefined) throw wrong(path, "it is not listed");
    if (file.size !== content.byteLength || file.sha256 !== sha256(content))
      throw wrong(path, "it is not what was packed");
  }
  const missing = manifest.files.find(({ path }) => !files.has(path));
  if (missing) throw wrong(missing.path, "it is missing");
  const digest = digestOfFiles(files);
  if (digest !== manifest.digest)
    throw wrong(manifestPath, `the digest of all is ${digest ?? "unknown"}, not ${manifest.digest}`);
  return manifest;
}

/** Of all that was packed: which files a suite is made of was decided there, and is not decided anew. */
function digestOfFiles(files: ReadonlyMap<string, Uint8Array>): string | undefined {
  const toml = files.get("tally.toml");
  if (toml === undefined) return undefined;
  const own = [...files].filter(([path]) => path !== manifestPath && path !== "tally.toml" && !isOfPackage(path));
  try {
    return suiteDigest(canonicalTables(Buffer.from(toml).toString("utf8"), false), new Map(own));
  } catch {
    // No TOML: then it is nobody's suite.
    return undefined;
  }
}

/** Throws `suite-manifest`. */
export function readManifest(bytes: Uint8Array | undefined, place: string): SuiteManifest {
  const refuse = (reason: string): never => {
    throw tallyError("suite-manifest", { place, reason });
  };
  const said = bytes === undefined ? refuse("it is missing") : parseTable(Buffer.from(bytes).toString("utf8"));
  if (said === undefined) return refuse("it is no JSON object");
  const { v } = said;
  if (typeof v === "number" && v > known)
    return refuse(`it has version ${v}, and this Tally reads ${known}: a newer one is needed`);
  const files: unknown = said["files"];
  const isRight =
    v === known &&
    ["name", "version", "digest"].every((key) => typeof said[key] === "string") &&
    isTable(said["tally"]) &&
    Array.isArray(files) &&
    files.every(
      (file) =>
        isTable(file) &&
        typeof file["path"] === "string" &&
        typeof file["sha256"] === "string" &&
        typeof file["size"] === "number",
    );
  // Checked key by key just before: what the type says of the keys that matter is so.
  return isRight ? (said as unknown as SuiteManifest) : refuse("a key is missing or is something else");
}
