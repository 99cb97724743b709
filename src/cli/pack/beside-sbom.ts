/** The bill of materials as a file of its own, beside what is packed: both are there in the end, or what was there before. */
import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { findContract } from "../../contract/load-contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import { beginWhole } from "../../pack/write-whole.ts";
import type { Arguments } from "../arguments.ts";
import type { Packed } from "./show-packed.ts";

export interface ToWrite {
  readonly snapshot: Snapshot;
  readonly sbom: Uint8Array;
  /** Where the artefact goes; undefined for a registry. */
  readonly path: string | undefined;
  readonly write: () => Packed | Promise<Packed>;
}

/** Writes the bill where `--sbom` says, and puts it in its place once the artefact is there; without the flag the artefact alone. */
export async function besideSbom(args: Arguments, { path, sbom, snapshot, write }: ToWrite): Promise<Packed> {
  const bill = args.text("sbom");
  if (path !== undefined) refuseOwnFile(args, "out", { path, snapshot });
  if (bill !== undefined) refuseOwnFile(args, "sbom", { path: bill, snapshot });
  if (bill === undefined) return write();
  const isInside = path !== undefined && `${realPath(bill)}${sep}`.startsWith(realPath(path) + sep);
  if (isInside)
    throw tallyError("flag-value", {
      flag: "--sbom",
      value: bill,
      expected: "a file outside of what is packed",
      example: "--sbom sbom.cdx.json",
    });
  const begun = beginWhole(bill, [sbom], args.flag("force"));
  try {
    const packed = await write();
    begun.finish();
    return { ...packed, sbom: bill };
  } catch (error) {
    begun.discard();
    throw error;
  }
}

/** By force too, nothing takes the place of what it is made of. */
function refuseOwnFile(
  args: Arguments,
  flag: "out" | "sbom",
  { path, snapshot }: { path: string; snapshot: Snapshot },
): void {
  const contract = findContract(process.cwd(), args.text("config"));
  if (contract === undefined) return;
  const root = realPath(dirname(contract)) + sep;
  const real = realPath(path);
  const isOwn =
    real === realPath(contract) || (real.startsWith(root) && snapshot.suite.files.has(real.slice(root.length)));
  if (!isOwn) return;
  const expected = "a path that is no file of the suite";
  throw tallyError("flag-value", {
    flag: `--${flag}`,
    value: path,
    expected,
    example: flag === "out" ? "--out packed" : "--sbom sbom.cdx.json",
  });
}

/** Behind all links, as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPath(above), basename(whole));
  }
}
