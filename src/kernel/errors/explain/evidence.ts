import type { evidenceErrors } from "../evidence-errors.ts";
import type { Explanations } from "./explanation.ts";

const file = "tally.attestation.json";

export const evidenceExplanations: Explanations<keyof typeof evidenceErrors> = {
  "attestation-key": {
    example: {
      file: "release.pem",
      reason: "it has a passphrase, and nobody is here to type it",
      command: "openssl pkey -in LOCKED.pem -out KEY.pem",
    },
    when: "`--attest` takes an Ed25519 private key (PKCS#8, PEM, no passphrase), `tally verify --key` the public one. Nothing was run.",
  },
  "attestation-unreadable": {
    example: { file, reason: "there is no such file" },
    when: "`tally verify` cannot read the file at all.",
  },
  "attestation-malformed": {
    example: { file, reason: "it cannot be read: the text ends inside a string" },
    when: "The file is no DSSE envelope, is cut off, or what was signed is no statement of a test result.",
  },
  "attestation-type": {
    example: {
      file,
      what: "its predicate",
      found: "https://slsa.dev/provenance/v1",
      expected: "https://in-toto.io/attestation/test-result/v0.1",
    },
    when: "The signature may well hold, over something that is no test result: a signed document of one kind must not pass for another.",
  },
  "attestation-signature": {
    example: {
      file,
      reason: "the signature is not one of this key over these bytes: they were changed, or signed by somebody else",
    },
    when: "The signature is checked over the bytes as they are in the file, before any of them is read as JSON.",
  },
  "attestation-subject": {
    example: { file, asked: "sha256:2c26b46b…", found: "scorer sha256:fcde2b2e…" },
    when: "`--subject` names what is to be delivered; the run was made against something with another digest. A digest that an endpoint said of itself is never one of an image.",
  },
  "attestation-old": {
    example: { file, reason: "its run is of 2026-10-01T08:00:00.000Z, 58 days ago; at most 30 days were asked for" },
    when: "`--max-age` asks for a recent run. The age counts from when the run began to the clock of this machine; a run more than five minutes in its future, or one that says no time, is not taken either.",
  },
  "attestation-suite": {
    example: { file, asked: "sha256:2c26b46b…", found: "sqli-ml-test sha256:fcde2b2e…" },
    when: "`--suite-digest` names the suite that had to be run; this was another version of it, or another suite.",
  },
};
