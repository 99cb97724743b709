/** Ed25519 keys from PEM files. Comes in: a path. Goes out: a key, or `attestation-key` that says what the file is instead. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { tallyError } from "../../kernel/errors.ts";
import { isInImage } from "../../kernel/in-image.ts";
import { shownPath } from "../../kernel/shown-path.ts";

/** The key to sign with: PKCS#8 without a passphrase. */
export function readSigningKey(path: string): KeyObject {
  const text = readPem(path);
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text))
    throw refusal(
      path,
      "it has a passphrase, and nobody is here to type it",
      "openssl pkey -in LOCKED.pem -out KEY.pem",
    );
  if (!/-----BEGIN (EC |RSA )?PRIVATE KEY-----/.test(text))
    throw refusal(path, whatElse(text), "openssl genpkey -algorithm ed25519 -out KEY.pem");
  return checked(path, () => createPrivateKey(text), "openssl genpkey -algorithm ed25519 -out KEY.pem");
}

/** The key to verify with. A private key is refused: it has no place where things are only checked. */
export function readVerifyingKey(path: string): KeyObject {
  const text = readPem(path);
  const hint = "openssl pkey -in KEY.pem -pubout -out KEY.pub.pem";
  if (!text.includes("-----BEGIN PUBLIC KEY-----")) throw refusal(path, whatElse(text), hint);
  return checked(path, () => createPublicKey(text), hint);
}

function checked(path: string, read: () => KeyObject, hint: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw tallyError(
      "attestation-key",
      { file: shownPath(path), reason: "it is no key that can be read", command: hint },
      { cause },
    );
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw refusal(path, `it is a key of ${key.asymmetricKeyType ?? "another kind"}`, hint);
  return key;
}

function whatElse(text: string): string {
  const kind = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  return kind === undefined ? "it is no PEM file" : `it is a ${kind.toLowerCase()}`;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const reason =
      new Map([
        ["ENOENT", "there is no such file"],
        ["EISDIR", "it is a folder"],
        ["EACCES", "permission denied"],
      ]).get(code) ?? code;
    // A new key would not be readable either.
    const command = code === "EACCES" ? mayRead(path) : "openssl genpkey -algorithm ed25519 -out KEY.pem";
    throw tallyError("attestation-key", { file: shownPath(path), reason, command }, { cause });
  }
}

function mayRead(path: string): string {
  const again = isInImage ? 'docker run --user "$(id -u)" …' : `ls -l ${shownPath(path)}`;
  return `It must be readable for user ${process.getuid?.() ?? "unknown"}, who this is: ${again}`;
}

function refusal(path: string, reason: string, command: string): Error {
  return tallyError("attestation-key", { file: shownPath(path), reason, command });
}
