/** The bill of materials as a file of its own, beside what is packed: both are there in the end, or neither is. */
import { existsSync, rmSync } from "node:fs";
import { resolve, sep } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { writeWhole } from "../../pack/write-whole.ts";
import type { Arguments } from "../arguments.ts";
import type { Packed } from "./show-packed.ts";

export interface ToWrite {
  readonly sbom: Uint8Array;
  /** Where the artefact goes; undefined for a registry. */
  readonly path: string | undefined;
  readonly write: () => Packed | Promise<Packed>;
}

/** Writes the bill where `--sbom` says, then the artefact; without the flag the artefact alone. */
export async function besideSbom(args: Arguments, { path, sbom, write }: ToWrite): Promise<Packed> {
  const bill = args.text("sbom");
  if (bill === undefined) return write();
  const file = resolve(bill);
  const isInside = path !== undefined && `${file}${sep}`.startsWith(resolve(path) + sep);
  if (isInside)
    throw tallyError("flag-value", { flag: "--sbom", value: bill, expected: "a file outside of what is packed" });
  const isNew = !existsSync(file);
  writeWhole(bill, [sbom], args.flag("force"));
  try {
    return { ...(await write()), sbom: bill };
  } catch (error) {
    if (isNew) rmSync(file, { force: true });
    throw error;
  }
}
