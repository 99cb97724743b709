import { defineErrors } from "./define.ts";

/** What can be wrong with signed evidence, and with the keys for it. */
export const evidenceErrors = defineErrors({
  "attestation-key": {
    exit: 2,
    say: (a: { file: string; reason: string; command: string }) => `${a.file} is no Ed25519 key for this: ${a.reason}.`,
    hint: (a) => a.command,
  },
  "attestation-unreadable": {
    exit: 2,
    say: (a: { file: string; reason: string }) => `${a.file} cannot be read: ${a.reason}.`,
    hint: () => "Name the file that --attest wrote: tally verify tally.attestation.json --key KEY.pub.pem",
  },
  "attestation-malformed": {
    exit: 7,
    say: (a: { file: string; reason: string }) => `${a.file} is no attestation: ${a.reason}.`,
    hint: () => "Do not trust it. Ask for the file again; it may have been cut off on its way.",
  },
  "attestation-type": {
    exit: 7,
    say: (a: { file: string; what: string; found: string; expected: string }) =>
      `${a.file} says something else than a test result: ${a.what} is ${JSON.stringify(a.found)}, not ${a.expected}.`,
    hint: () => "A valid signature over something else proves nothing here. Ask for the attestation of the run.",
  },
  "attestation-signature": {
    exit: 7,
    say: (a: { file: string; reason: string }) => `${a.file} is not to be trusted: ${a.reason}.`,
    hint: () => "Check the public key with those who signed, by another way than the one the file came by.",
  },
  "attestation-subject": {
    exit: 7,
    say: (a: { file: string; asked: string; found: string }) =>
      `${a.file} is about something else: asked for ${a.asked}, it is about ${a.found}.`,
    hint: () =>
      "Run the suite against the very thing that is delivered: tally test --attest KEY.pem --subject NAME=sha256:…",
  },
  "attestation-old": {
    exit: 7,
    say: (a: { file: string; reason: string }) => `${a.file} is not recent enough: ${a.reason}.`,
    hint: () => "Run the suite again and sign the result: tally test --attest KEY.pem",
  },
  "attestation-suite": {
    exit: 7,
    say: (a: { file: string; asked: string; found: string }) =>
      `${a.file} is of another suite: asked for ${a.asked}, it was ${a.found}.`,
    hint: () => "The digest stands in the header of a run and in suite.json; a suite that changed has another.",
  },
});
