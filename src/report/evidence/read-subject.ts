/** `NAME=sha256:…` and `NAME=gitCommit:…` as what was tested. */
import { tallyError } from "../../kernel/errors.ts";
import type { Subject } from "./statement.ts";

/** Hex digits of each algorithm. */
const lengths: Readonly<Record<string, readonly number[]>> = { sha256: [64], sha512: [128], gitCommit: [40, 64] };

/** Throws `flag-value`. The name may hold `=` and `:`, as those of images do. */
export function readSubject(word: string): Subject {
  const [, name = "", algorithm = "", hex = ""] = /^(?:(.+)=)?(sha256|sha512|gitCommit):([0-9a-f]+)$/.exec(word) ?? [];
  if (!lengths[algorithm]?.includes(hex.length))
    throw tallyError("flag-value", {
      flag: "--subject",
      value: word,
      expected: "NAME=sha256: with 64 lower-case hex digits, or NAME=gitCommit: with 40",
      example: "--subject scorer=gitCommit:$(git rev-parse HEAD)",
    });
  return { name, digest: { [algorithm]: hex } };
}

/** Whether an attestation is about this: the digest decides; a name that is given must be the same too. */
export function isAbout(attested: Subject, wanted: Subject): boolean {
  const digests = Object.entries(wanted.digest);
  const hasName = wanted.name === "" || wanted.name === attested.name;
  return hasName && digests.every(([algorithm, hex]) => attested.digest[algorithm] === hex);
}
