/** `tally verify`: is an attestation genuine, is it about the right thing, and what does it say? Needs no network. */
import { readFileSync, statSync } from "node:fs";
import { type ExitCode, tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { keyId, unseal } from "../report/evidence/envelope.ts";
import { readVerifyingKey } from "../report/evidence/read-key.ts";
import { type ReadStatement, readStatement } from "../report/evidence/read-statement.ts";
import { isAbout, readSubject } from "../report/evidence/read-subject.ts";
import type { Subject } from "../report/evidence/statement.ts";
import { groupDigits, plural, visible, wrapText } from "../report/plain-text.ts";
import type { Arguments } from "./arguments.ts";
import { readAge, refuseOld } from "./attestation-age.ts";

const maxBytes = 64 * 1024 * 1024;
const columns = 80;

/** 0 for PASSED and WARNED, 1 for FAILED, 6 where only a part was run, 7 where nothing of it is to be trusted. */
export async function runVerify(args: Arguments): Promise<ExitCode> {
  const [path = ""] = args.positionals;
  const file = shownPath(path);
  const keyPath = args.text("key");
  if (keyPath === undefined)
    throw tallyError("argument-missing", { argument: "the public key: --key KEY.pub.pem", verb: "verify" });
  const key = readVerifyingKey(keyPath);
  const wanted = args.list("subject").map(readSubject);
  const suite = readDigest(args.text("suite-digest"));
  const maxAgeMs = readAge(args.text("max-age"));
  const statement = readStatement(unseal(readEnvelope(path, file), key, file), file);
  for (const subject of wanted) {
    if (statement.subjects.some((one) => isAbout(one, subject))) continue;
    throw tallyError("attestation-subject", {
      file,
      asked: subjectText(subject),
      found: statement.subjects.map(subjectText).join(", "),
    });
  }
  const [ran] = statement.configuration;
  if (suite !== undefined && ran?.digest["sha256"] !== suite)
    throw tallyError("attestation-suite", {
      file,
      asked: `sha256:${suite}`,
      found: ran === undefined ? "not said" : subjectText(ran),
    });
  if (maxAgeMs !== undefined) refuseOld(statement, maxAgeMs, file);
  const exit = exitOf(statement);
  process.stdout.write(
    args.flag("json")
      ? `${JSON.stringify({ v: 1, key: keyId(key), ...statement, exit }, undefined, 2)}\n`
      : textOf(statement, `${shownPath(keyPath)} (${keyId(key).slice(0, 16)}…)`),
  );
  return exit;
}

function readEnvelope(path: string, file: string): Uint8Array {
  try {
    if (statSync(path).size > maxBytes)
      throw tallyError("attestation-malformed", { file, reason: "it is larger than 64 MB" });
    return readFileSync(path);
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause) || !String(cause.code).startsWith("E")) throw cause;
    const reason =
      cause.code === "ENOENT"
        ? "there is no such file"
        : cause.code === "EISDIR"
          ? "it is a folder"
          : String(cause.code);
    throw tallyError("attestation-unreadable", { file, reason }, { cause });
  }
}

function readDigest(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const hex = /^sha256:([0-9a-f]{64})$/.exec(text)?.[1];
  if (hex === undefined)
    throw tallyError("flag-value", {
      flag: "--suite-digest",
      value: text,
      expected: "sha256: with 64 lower-case hex digits",
      example: `--suite-digest sha256:${"0123456789abcdef".repeat(4)}`,
    });
  return hex;
}

function exitOf({ claims, result }: ReadStatement): ExitCode {
  if (result === "FAILED") return 1;
  return claims !== undefined && !claims.whole ? 6 : 0;
}

function textOf(statement: ReadStatement, key: string): string {
  const { claims, configuration, subjects, warned } = statement;
  const [suite, ...others] = configuration;
  const row = (name: string, text: string): string[] =>
    wrapText(visible(text), columns - 12).map((line, i) => ` ${(i === 0 ? name : "").padEnd(10)} ${line}`);
  const lines = [
    ...row("signature", `holds; signed by ${key}`),
    ...row("result", resultText(statement)),
    ...subjects.flatMap((subject) => row("about", subjectText(subject))),
    ...subjects
      .filter(isSelfDescribed)
      .flatMap(() => row("", "self-described: the endpoint said so; nothing proves which program it was")),
    ...row("suite", suite === undefined ? "not said" : subjectText(suite)),
    ...others.flatMap((one) => row("also", subjectText(one))),
    ...(claims === undefined ? [] : row("run", `${claims.run} at ${claims.at}, tally ${claims.tally}`)),
    ...(claims === undefined ? [] : claims.endpoints.flatMap((url) => row("endpoint", url))),
    ...warned.slice(0, 10).flatMap((id) => row("warned", id)),
    ...statement.failed.slice(0, 10).flatMap((id) => row("failed", id)),
  ];
  return `${lines.join("\n")}\n`;
}

function resultText({ claims, result }: ReadStatement): string {
  if (claims === undefined) return result;
  const { counts, partial, whole } = claims;
  const { error = 0, fail = 0, known = 0, pass = 0, planned = 0, recommended = 0, skip = 0 } = counts;
  const parts = [
    `${groupDigits(pass)} of ${plural(planned, "test")} passed`,
    ...(fail > recommended ? [`${groupDigits(fail - recommended)} failed`] : []),
    ...(recommended > 0 ? [`${groupDigits(recommended)} recommended only failed`] : []),
    ...(error > 0 ? [`${groupDigits(error)} could not be judged`] : []),
    ...(known > 0 ? [`${groupDigits(known)} known: accepted in a baseline`] : []),
    ...(skip > 0 ? [`${groupDigits(skip)} skipped`] : []),
  ];
  const scope = whole ? "the whole suite was run" : `NOT the whole suite: ${partial ?? "it does not say why"}`;
  return `${result}: ${parts.join(", ")}; ${scope}`;
}

function isSelfDescribed({ annotations }: Subject): boolean {
  return annotations?.["selfDescribed"] === "true";
}

function subjectText({ digest, name }: Subject): string {
  return [name, ...Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`)]
    .filter((part) => part !== "")
    .join(" ");
}
