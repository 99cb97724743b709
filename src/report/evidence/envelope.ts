/**
 * DSSE envelopes: bytes signed with Ed25519, and taken out again only when the signature over exactly these bytes holds. Comes in:
 * bytes and a key, or a text and a key. Goes out: a text, or bytes. Knows nothing of what they say.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { tallyError } from "../../kernel/errors.ts";
import { JsonFault } from "../../kernel/json-fault.ts";
import { decodeUtf8, readJson } from "../../kernel/read-json.ts";

/** What is signed. */
export const payloadType = "application/vnd.in-toto+json";

/** Pre-authentication encoding: type and bytes with their lengths, so that neither can be taken for the other. */
export function preAuthentication(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** SHA-256 of the public key (DER): what names a key in an envelope. */
export function keyId(key: KeyObject): string {
  const open = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(open.export({ format: "der", type: "spki" }))
    .digest("hex");
}

/** One line of JSON: the bytes and their signature. */
export function seal(payload: Uint8Array, key: KeyObject): string {
  const sig = sign(null, preAuthentication(payloadType, payload), key).toString("base64");
  const signatures = [{ keyid: keyId(key), sig }];
  return `${JSON.stringify({ payload: Buffer.from(payload).toString("base64"), payloadType, signatures })}\n`;
}

/**
 * The bytes that a key has signed. `file` stands for the envelope in messages. Throws `attestation-malformed`, `attestation-type`
 * and `attestation-signature`.
 */
export function unseal(bytes: Uint8Array, key: KeyObject, file: string): Uint8Array {
  const envelope = membersOf(readStrictly(bytes, file));
  const type = envelope?.["payloadType"];
  const { signatures } = envelope ?? {};
  const payload = decoded(envelope?.["payload"]);
  if (payload === undefined || typeof type !== "string" || !Array.isArray(signatures))
    throw tallyError("attestation-malformed", {
      file,
      reason: "it is no DSSE envelope with payload, payloadType and signatures",
    });
  if (type !== payloadType)
    throw tallyError("attestation-type", { file, what: "its payload", found: type, expected: payloadType });
  const signed = preAuthentication(type, payload);
  const others: string[] = [];
  for (const one of signatures.slice(0, maxSignatures).map(membersOf)) {
    const { keyid } = one ?? {};
    const signature = decoded(one?.["sig"]);
    // The name of the key is a hint that nobody signed: it only says which signatures need not be tried.
    if (typeof keyid === "string" && keyid !== "" && keyid !== keyId(key)) others.push(keyid);
    else if (signature !== undefined && verify(null, signed, key, signature)) return payload;
  }
  const foreign = others.length > 0 && others.length === signatures.length;
  const reason = foreign
    ? `it is signed by the key ${shortened(others[0] ?? "")}, and the one given is ${shortened(keyId(key))}`
    : "the signature is not one of this key over these bytes: they were changed, or signed by somebody else";
  throw tallyError("attestation-signature", { file, reason });
}

const maxSignatures = 100;

/** UTF-8 and JSON, read strictly. Throws `attestation-malformed`. */
export function readStrictly(bytes: Uint8Array, file: string): unknown {
  try {
    return readJson(decodeUtf8(bytes));
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw tallyError("attestation-malformed", { file, reason: `it cannot be read: ${cause.message}` }, { cause });
  }
}

/** The keys of an object; undefined for anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return { ...value };
}

/** Base64 in its one proper spelling: bytes that nobody changed have no other. */
function decoded(text: unknown): Buffer | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

function shortened(id: string): string {
  return id.length > 16 ? `${id.slice(0, 16)}…` : id;
}
