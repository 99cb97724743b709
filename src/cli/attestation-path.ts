/** Where `--attest` writes. */
import { join } from "node:path";
import type { Arguments } from "./arguments.ts";

export function attestationPath(args: Arguments): string {
  const out = args.text("out");
  return args.text("attest-to") ?? (out === undefined ? "tally.attestation.json" : join(out, "attestation.json"));
}
