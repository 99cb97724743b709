/** `--attest`, `--attest-to` and `--subject`: whatever is wrong with them is said before anything is run. */
import { tallyError } from "../../kernel/errors.ts";
import { attestationReporter } from "../../report/evidence/attestation-reporter.ts";
import { readSigningKey } from "../../report/evidence/read-key.ts";
import { readSubject } from "../../report/evidence/read-subject.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { Arguments } from "../arguments.ts";
import { attestationPath } from "../attestation-path.ts";

export function openAttestation(key: string, args: Arguments): Reporter {
  const subjects = args.list("subject").map((word) => {
    const subject = readSubject(word);
    if (subject.name === "")
      throw tallyError("flag-value", {
        flag: "--subject",
        value: word,
        expected: "a name before it: NAME=sha256:…",
        example: `--subject scorer=${word}`,
      });
    return subject;
  });
  return attestationReporter({ path: attestationPath(args), key: readSigningKey(key), subjects });
}
