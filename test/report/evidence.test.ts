import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isTallyError } from "../../src/kernel/errors.ts";
import { seal, unseal } from "../../src/report/evidence/envelope.ts";
import { statementOf } from "../../src/report/evidence/statement.ts";
import { foldRun } from "../../src/verdict/fold-run.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { missingOf } from "../examples/toolchain.ts";
import { ended, greenRun, judged, planned, started } from "./sample-run.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

function opened(envelope: string, key: KeyObject = publicKey): string {
  return Buffer.from(unseal(Buffer.from(envelope), key, "a.json")).toString("utf8");
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isTallyError(error)) return error.code;
    throw error;
  }
  return "nothing";
}

test("what was sealed is opened with the key's other half, byte for byte", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (payload) => {
      expect(unseal(Buffer.from(seal(payload, privateKey)), publicKey, "a.json")).toEqual(Buffer.from(payload));
    }),
  );
});

test("another byte anywhere opens nothing else: it fails, or it was no part of what is signed", () => {
  const payload = JSON.stringify({ result: "PASSED", why: "so" });
  const envelope = Buffer.from(seal(Buffer.from(payload), privateKey));
  const signed = ["payload", "sig"].flatMap((key) => {
    const [whole = "", value = ""] = new RegExp(`"${key}":"([^"]*)"`).exec(envelope.toString()) ?? [];
    const from = envelope.toString().indexOf(whole) + whole.length - 1 - value.length;
    return Array.from({ length: value.length }, (_, i) => from + i);
  });
  const flipped = (at: number, bits: number): string => {
    const changed = Buffer.from(envelope);
    changed[at] = (changed[at] ?? 0) ^ bits;
    return codeOf(() => expect(Buffer.from(unseal(changed, publicKey, "a.json")).toString()).toBe(payload));
  };
  for (const at of signed) expect(flipped(at, 1), `byte ${at}`).toMatch(/^attestation-/);
  fc.assert(
    fc.property(fc.nat(envelope.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const code = flipped(at, bits);
      if (signed.includes(at)) expect(code).toMatch(/^attestation-/);
    }),
    { numRuns: 1000 },
  );
});

test("every beginning of an envelope is refused", () => {
  const envelope = seal(Buffer.from("{}"), privateKey);
  for (let length = 0; length < envelope.length - 1; length += 1)
    expect(
      codeOf(() => opened(envelope.slice(0, length))),
      String(length),
    ).toBe("attestation-malformed");
});

test("the type is signed with the bytes: one cannot be taken for the other", () => {
  const envelope = JSON.parse(seal(Buffer.from("{}"), privateKey)) as Record<string, unknown>;
  const other = (changes: object): string => codeOf(() => opened(JSON.stringify({ ...envelope, ...changes })));
  expect(other({ payloadType: "application/json" })).toBe("attestation-type");
  expect(other({ signatures: [] })).toBe("attestation-signature");
  expect(other({ payload: "e30" })).toBe("attestation-malformed");
  expect(other({ note: "keys that nobody knows are left alone" })).toBe("nothing");
  expect(codeOf(() => opened(JSON.stringify(envelope).replace("{", '{"payload":"e30=",')))).toBe(
    "attestation-malformed",
  );
});

test("a stranger's signature is refused, also beside the name of our key", () => {
  const stranger = generateKeyPairSync("ed25519");
  const theirs = seal(Buffer.from("{}"), stranger.privateKey);
  expect(codeOf(() => opened(theirs))).toBe("attestation-signature");
  const ours = /"keyid":"[0-9a-f]+"/.exec(seal(Buffer.from("{}"), privateKey))?.[0] ?? "";
  expect(codeOf(() => opened(theirs.replace(/"keyid":"[0-9a-f]+"/, ours)))).toBe("attestation-signature");
});

test("openssl says the same of the signature, from the bytes of the protocol written down by hand", (context) => {
  const missing = missingOf(["openssl"]);
  if (missing !== undefined) context.skip(missing);
  const folder = temporaryFolder("dsse");
  const envelope = JSON.parse(seal(Buffer.from('{"a":"ä"}'), privateKey)) as { signatures: [{ sig: string }] };
  writeFileSync(join(folder, "key.pem"), publicKey.export({ format: "pem", type: "spki" }));
  writeFileSync(join(folder, "sig"), Buffer.from(envelope.signatures[0].sig, "base64"));
  const verify = (signed: string): string => {
    writeFileSync(join(folder, "signed"), signed);
    const words = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "signed", "-sigfile", "sig"];
    try {
      return execFileSync("openssl", words, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    } catch {
      return "refused";
    }
  };
  expect(verify('DSSEv1 28 application/vnd.in-toto+json 10 {"a":"ä"}')).toBe("Signature Verified Successfully");
  expect(verify('DSSEv1 28 application/vnd.in-toto+json 10 {"a":"o"}')).toBe("refused");
});

/** What a statement says of a run, in short. */
function said(events: readonly RunEvent[]) {
  const fold = foldRun();
  for (const event of events) fold.add(event);
  const result = fold.result();
  if (result.started === undefined || result.ended === undefined) throw new Error("a run has two ends");
  const { predicate } = statementOf(result, result.started, result.ended, []);
  return [predicate.result, predicate.tally.partial ?? "whole"];
}

test("PASSED is said of a whole suite that passed, and of nothing less", () => {
  const one = (
    verdict: "pass" | "known",
    over: Parameters<typeof ended>[1] = {},
    selection: string[] = [],
  ): RunEvent[] => {
    const events = [started({ selection }), planned("a.test.ts > one"), judged("a.test.ts > one", { verdict })];
    return [...events, ended(events, { exit: 0, ...over })];
  };
  const left: RunEvent = { type: "warning", code: "only", message: "3 tests did not run" };
  const withOnly = [...one("pass").slice(0, 3), left, ...one("pass").slice(3)];
  expect({
    green: said(greenRun()),
    selected: said(one("pass", {}, ["-k one"])),
    known: said(one("known")),
    stopped: said(one("pass", { stopped: "interrupted", exit: 130 })),
    only: said(withOnly),
    red: said(one("pass", { exit: 1 })),
  }).toMatchInlineSnapshot(`
    {
      "green": [
        "PASSED",
        "whole",
      ],
      "known": [
        "WARNED",
        "whole",
      ],
      "only": [
        "WARNED",
        "tests with .only left others out",
      ],
      "red": [
        "FAILED",
        "whole",
      ],
      "selected": [
        "WARNED",
        "only a part of the suite was run: -k one",
      ],
      "stopped": [
        "FAILED",
        "interrupted",
      ],
    }
  `);
});
