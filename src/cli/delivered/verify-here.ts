/** A suite that was unpacked and is run where it lies: held against its digest like one that `--suite` names. */
import { dirname, relative, resolve } from "node:path";
import { findContract } from "../../contract/load-contract.ts";
import { folderFiles } from "../../delivery/folder-files.ts";
import { hasManifest } from "../../delivery/has-manifest.ts";
import { verifySuite } from "../../delivery/verify-suite.ts";
import { tallyError } from "../../kernel/errors.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import type { Arguments } from "../arguments.ts";
import { attestationPath } from "../attestation-path.ts";

/** Throws `suite-digest`, `suite-manifest`, and `out-in-suite` for what would be written among its files. */
export function verifyHere(args: Arguments): void {
  const file = findContract(process.cwd(), args.text("config"));
  if (file === undefined) return;
  const root = dirname(file);
  if (!hasManifest(root)) return;
  verifySuite(folderFiles(root), shownPath(root));
  refuseInside(root, args);
}

/** A delivered suite is left as it came. Throws `out-in-suite` for what would be written among its files. */
export function refuseInside(root: string, args: Arguments): void {
  if (!hasManifest(root)) return;
  const named = (["out", "attest-to", "to"] as const).flatMap((name) => args.text(name) ?? []);
  const attestation = args.text("attest") === undefined ? [] : [attestationPath(args)];
  const written = [...named, ...attestation, ...reports(args)];
  for (const path of written)
    if (!relative(root, resolve(path)).startsWith(".."))
      throw tallyError("out-in-suite", { path: shownPath(resolve(path)) });
}

/** `NAME=PATH` of --reporter. */
function reports(args: Arguments): string[] {
  return args.list("reporter").flatMap((word) => (word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : []));
}
