/** `--attest`, `--attest-to` and `--subject`: whatever is wrong with them is said before anything is run. */
import { join } from "node:path";
import { tallyError } from "../../kernel/errors.ts";
import { attestationReporter } from "../../report/evidence/attestation-reporter.ts";
import { readSigningKey } from "../../report/evidence/read-key.ts";
import { readSubject } from "../../report/evidence/read-subject.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { Arguments } from "../arguments.ts";

/** `out` is the folder of --out. */
export function openAttestation(key: string, args: Arguments, out: string | undefined): Reporter {
  const subjects = args.list("subject").map((word) => {
    const subject = readSubject(word);
    if (subject.name === "")
      throw tallyError("flag-value", { flag: "--subject", value: word, expected: "a name before it: NAME=sha256:…" });
    return subject;
  });
  const path = args.text("attest-to") ?? (out === undefined ? "tally.attestation.json" : join(out, "attestation.json"));
  return attestationReporter({ path, key: readSigningKey(key), subjects });
}
