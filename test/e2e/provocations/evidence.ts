/** Forged, cut off, foreign: what an attestation can be instead of evidence (row E10), and keys that are none. */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { seal } from "../../../src/report/evidence/envelope.ts";
import { predicateType, statementType } from "../../../src/report/evidence/statement.ts";
import { connector, contract } from "../../kit/length-model.ts";
import type { Provocation } from "./provocation.ts";

const digest = (of: string): string => of.repeat(64);

const statement = {
  _type: statementType,
  subject: [{ name: "scorer", digest: { sha256: digest("a") } }],
  predicateType,
  predicate: { result: "PASSED", configuration: [{ name: "lengths-ml-test", digest: { sha256: digest("b") } }] },
};

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

function sealed(changes: object = {}): string {
  return seal(Buffer.from(JSON.stringify({ ...statement, ...changes })), privateKey);
}

function forged(fact: string, codes: Provocation["codes"], text: string, ...words: string[]): Provocation {
  return {
    fact,
    codes,
    args: ["verify", "a.json", "--key", "key.pub.pem", ...words],
    arrange: ({ root }) => {
      writeFileSync(join(root, "a.json"), text);
      writeFileSync(join(root, "key.pub.pem"), publicKey.export({ format: "pem", type: "spki" }));
      return {};
    },
    exit: 7,
    normal: (said) => said.replaceAll(/\b[0-9a-f]{16}…/g, "<key>…").replaceAll(/, \d+ days ago/g, ", <n> days ago"),
  };
}

function withKey(fact: string, pem: string): Provocation {
  return {
    fact,
    codes: ["attestation-key"],
    files: {
      "tally.toml": contract,
      "connector.ts": connector,
      "key.pem": pem,
      "cases/process.jsonl": `{"name":"short","input":{"text":"abc"}}\n`,
    },
    args: ["test", "--attest", "key.pem"],
    exit: 2,
  };
}

const another = generateKeyPairSync("ed25519").privateKey;

export const evidenceProvocations: readonly Provocation[] = [
  forged("an attestation that was cut off", ["attestation-malformed"], sealed().slice(0, 300)),
  forged(
    "an attestation that says PASSED where FAILED was signed",
    ["attestation-signature"],
    changed(sealed({ predicate: { ...statement.predicate, result: "FAILED" } })),
  ),
  forged(
    "an attestation by an unknown key",
    ["attestation-signature"],
    seal(Buffer.from(JSON.stringify(statement)), another),
  ),
  forged(
    "an attestation of another type of payload",
    ["attestation-type"],
    sealed().replace("vnd.in-toto+json", "json"),
  ),
  forged(
    "an attestation of where something was built",
    ["attestation-type"],
    sealed({ predicateType: "https://slsa.dev/provenance/v1" }),
  ),
  forged(
    "an attestation of another image",
    ["attestation-subject"],
    sealed(),
    "--subject",
    `scorer=sha256:${digest("c")}`,
  ),
  forged(
    "an attestation with another suite",
    ["attestation-suite"],
    sealed(),
    "--suite-digest",
    `sha256:${digest("c")}`,
  ),
  forged("an attestation of an old run", ["attestation-old"], ranAt("2020-01-31T08:00:00.000Z"), "--max-age", "30d"),
  forged("an attestation of a run to come", ["attestation-old"], ranAt("2999-01-31T08:00:00Z"), "--max-age", "30d"),
  forged("an attestation that says no time", ["attestation-old"], sealed(), "--max-age", "12h"),
  {
    ...forged("an age without a unit", ["flag-value"], sealed(), "--max-age", "30"),
    exit: 2,
  },
  {
    ...forged("an attestation that is not there", ["attestation-unreadable"], ""),
    args: ["verify", "other.json", "--key", "key.pub.pem"],
    exit: 2,
  },
  withKey("a signing key with a passphrase", pemOf("ed25519", "secret")),
  withKey("a signing key of another algorithm", pemOf("rsa")),
  withKey("a public key to sign with", publicKey.export({ format: "pem", type: "spki" }).toString()),
];

function ranAt(at: string): string {
  return sealed({ predicate: { ...statement.predicate, tally: { run: "r", at, tally: "0.1.0", whole: true } } });
}

function changed(envelope: string): string {
  const parts = JSON.parse(envelope) as { payload: string };
  const forgery = Buffer.from(parts.payload, "base64").toString().replace("FAILED", "PASSED");
  return JSON.stringify({ ...parts, payload: Buffer.from(forgery).toString("base64") });
}

function pemOf(kind: "ed25519" | "rsa", passphrase?: string): string {
  const pair = kind === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
  const lock = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return pair.privateKey.export({ format: "pem", type: "pkcs8", ...lock }).toString();
}
