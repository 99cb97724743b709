/**
 * What of a record may be stored among the reference answers, which leave the machine with the model: sensitive inputs as
 * a hash with the key of TALLY_SENSITIVE_KEY, and not at all without one; sensitive fields of answers never.
 */
import type { Fields, Operation } from "../../contract/contract.ts";
import { anySensitive, receivedFields } from "../../contract/sensitive-fields.ts";
import { readJson } from "../../kernel/read-json.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import { canonicalJson } from "../../kernel/write-json.ts";
import { keyedHash, replaceSensitive, withoutSensitive } from "../redact/sensitive-record.ts";

/** Answers are looked up by these hashes: two inputs must not share one. */
const storedDigits = 32;
const isStored = /^"sensitive:[0-9a-f]{32}"$/;

export class AnswerPolicy {
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #secret: Buffer | undefined;
  readonly #received = new Map<string, Fields>();

  constructor(operations: Readonly<Record<string, Operation>> | undefined, key: string | undefined) {
    this.#operations = operations ?? {};
    this.#secret = key === undefined || key === "" ? undefined : Buffer.from(key);
    for (const operation of Object.values(this.#operations)) {
      const fields = receivedFields(operation, operations);
      if (anySensitive(fields)) this.#received.set(operation.name, fields);
    }
  }

  /** The canonical text of an input as it is stored; undefined when its answer must not be. */
  storedInput(operation: string, input: string): string | undefined {
    const fields = this.#received.get(operation);
    if (fields === undefined) return canonicalJson(readJson(input));
    const secret = this.#secret;
    if (secret === undefined) return undefined;
    const hashed = replaceSensitive(fields, input, (value) =>
      isStored.test(value) ? value : JSON.stringify(keyedHash(secret, value, storedDigits)),
    );
    return canonicalJson(readJson(hashed));
  }

  /** An answer as it is stored. The text of an error likes to quote the record, so of a sensitive one its type is kept. */
  storedAnswer(operation: string, answer: string): string {
    const output = this.#operations[operation]?.output;
    const isOpen = !this.#received.has(operation) && (output === undefined || !anySensitive(output));
    if (isOpen) return answer;
    const error = sliceObject(answer).get("$error");
    if (error === undefined) return withoutSensitive(output, answer);
    const type = error.startsWith("{") ? sliceObject(error).get("type") : undefined;
    return `{"$error":{${type === undefined ? "" : `"type":${type}`}}}`;
  }
}
