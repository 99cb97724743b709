/**
 * The one point where sensitive fields leave a run: in every event their values are a keyed hash, so that equal values
 * can be seen to be equal and nothing else. The key is the run's own, or TALLY_SENSITIVE_KEY to compare runs. Fields are
 * replaced where they stand; texts without fields are searched for every value that was seen.
 */
import { randomBytes } from "node:crypto";
import type { Contract, Fields } from "../../contract/contract.ts";
import { anySensitive, receivedFields } from "../../contract/sensitive-fields.ts";
import type { Problem } from "../../kernel/errors.ts";
import { type Json, JsonNumber } from "../../kernel/json-value.ts";
import { readJson } from "../../kernel/read-json.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import { writeJson } from "../../kernel/write-json.ts";
import type { Exchange, LocatedMismatch, LogLine, RunEvent, TestFailure, TestJudged } from "../../verdict/run-event.ts";
import { keyedHash, replaceSensitive, sensitiveValues, showsSensitive } from "./sensitive-record.ts";
import { SensitiveTexts } from "./sensitive-texts.ts";

type Emit = (event: RunEvent) => void;

/** What events go through, and who wants to know what was asked and answered. */
export interface Redaction {
  readonly emit: Emit;
  readonly asking: (operation: string, records: readonly string[]) => void;
  readonly answered: (operation: string, answer: string) => void;
}

/** Digits of a hash as it is shown. */
const shownDigits = 12;
/** Printed lines wait for the next verdict: a connector prints before it answers. So many at most. */
const maxHeld = 1_000;

/** Wraps `emit`; without a sensitive field in the contract it is given back as it is. */
export function redactSensitive(emit: Emit, { operations = {} }: Contract, key: string | undefined): Redaction {
  const declared = new Map<string, Declared>();
  for (const operation of Object.values(operations))
    declared.set(operation.name, { input: receivedFields(operation, operations), output: operation.output });
  if ([...declared.values()].every(({ input, output }) => !anySensitive(input) && !anySensitive(output)))
    return { emit, asking: () => undefined, answered: () => undefined };
  const redactor = new Redactor(emit, declared, key === undefined || key === "" ? randomBytes(32) : Buffer.from(key));
  return {
    emit: (event) => redactor.emit(event),
    asking: (operation, records) => redactor.saw(declared.get(operation)?.input, records),
    answered: (operation, answer) => redactor.saw(declared.get(operation)?.output, [answer]),
  };
}

interface Declared {
  readonly input: Fields;
  readonly output: Fields;
}

class Redactor {
  readonly #emit: Emit;
  readonly #declared: ReadonlyMap<string, Declared>;
  readonly #hash: (value: string) => string;
  readonly #texts: SensitiveTexts;
  #held: LogLine[] = [];

  constructor(emit: Emit, declared: ReadonlyMap<string, Declared>, secret: Buffer) {
    this.#emit = emit;
    this.#declared = declared;
    this.#hash = (value) => keyedHash(secret, value, shownDigits);
    this.#texts = new SensitiveTexts(this.#hash);
  }

  saw(fields: Fields | undefined, records: readonly string[]): void {
    if (fields === undefined || !anySensitive(fields)) return;
    for (const record of records) for (const value of sensitiveValues(fields, record)) this.#texts.add(value);
  }

  emit(event: RunEvent): void {
    if (event.type === "log") {
      this.#held.push(event);
      if (this.#held.length >= maxHeld) this.#release();
      return;
    }
    if (event.type === "test-judged" || event.type === "run-ended") this.#release();
    this.#emit(this.#redacted(event));
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const line of held) this.#emit({ ...line, text: this.#texts.scrub(line.text) });
  }

  #redacted(event: RunEvent): RunEvent {
    switch (event.type) {
      case "exchange":
        return this.#exchange(event);
      case "test-judged":
        return this.#judged(event);
      case "warning":
        return { ...event, message: this.#texts.scrub(event.message) };
      case "run-ended":
        return event.problem ? { ...event, problem: this.#problem(event.problem) } : event;
      default:
        return event;
    }
  }

  #exchange(event: Exchange): Exchange {
    const { input, output } = this.#declared.get(event.operation) ?? { input: {}, output: {} };
    const answers = [event.answer, event.reference, event.alone].filter((text) => text !== undefined);
    this.saw(input, [event.input]);
    this.saw(output, answers);
    const { traceback, fault, ...rest } = event;
    const redacted = (text: string | undefined, part: "answer" | "reference" | "alone"): object =>
      text === undefined ? {} : { [part]: this.#answer(output, text) };
    // The text of an exception likes to quote the value it is about, in any form.
    const isOpen = !anySensitive(input) && !anySensitive(output);
    return {
      ...rest,
      ...(fault ? { fault: this.#problem(fault) } : {}),
      ...(traceback !== undefined && isOpen ? { traceback } : {}),
      input: this.#record(input, event.input),
      ...redacted(event.answer, "answer"),
      ...redacted(event.reference, "reference"),
      ...redacted(event.alone, "alone"),
    };
  }

  #record(fields: Fields, text: string): string {
    // That there is no value is said as it is: such a record can be sent again.
    return replaceSensitive(fields, text, (value) => (value === "null" ? value : JSON.stringify(this.#hash(value))));
  }

  /** An answer; what an error record says is text. */
  #answer(fields: Fields, text: string): string {
    if (!sliceObject(text).has("$error")) return this.#record(fields, text);
    return writeJson(this.#scrubbed(readJson(this.#record(fields, text), { numbers: "text" })));
  }

  #scrubbed(value: Json): Json {
    if (typeof value === "string") return this.#texts.scrub(value);
    if (typeof value !== "object" || value === null || value instanceof JsonNumber) return value;
    if (isList(value)) return value.map((one) => this.#scrubbed(one));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#scrubbed(member)]));
  }

  #judged(event: TestJudged): TestJudged {
    const isSensitive = ({ operation, path }: LocatedMismatch): boolean =>
      showsSensitive(this.#declared.get(operation)?.output ?? {}, path);
    const hides = event.mismatches.some(isSensitive);
    const { fault, note, output, ...rest } = event;
    return {
      ...rest,
      ...(note === undefined ? {} : { note: this.#texts.scrub(note) }),
      ...(output === undefined ? {} : { output: this.#texts.scrub(output) }),
      ...(fault ? { fault: this.#problem(fault) } : {}),
      mismatches: event.mismatches.map((one) => (isSensitive(one) ? this.#mismatch(one) : this.#ofError(one))),
      failures: event.failures.map((failure) => this.#failure(hides ? withoutValues(failure) : failure)),
    };
  }

  /** How far apart two values are says too much about them. */
  #mismatch({ delta: _delta, hint: _hint, ...mismatch }: LocatedMismatch): LocatedMismatch {
    const hashed = (text: string | undefined, part: "reference" | "candidate"): object =>
      text === undefined ? {} : { [part]: JSON.stringify(this.#hash(JSON.stringify(text))) };
    return { ...mismatch, ...hashed(mismatch.reference, "reference"), ...hashed(mismatch.candidate, "candidate") };
  }

  /** What an error says is text, whatever its operation declares. */
  #ofError(mismatch: LocatedMismatch): LocatedMismatch {
    if (mismatch.kind !== "error-versus-value" && mismatch.path !== "$error") return mismatch;
    const scrubbed = (text: string | undefined, part: "reference" | "candidate"): object =>
      text === undefined ? {} : { [part]: this.#texts.scrub(text) };
    return { ...mismatch, ...scrubbed(mismatch.reference, "reference"), ...scrubbed(mismatch.candidate, "candidate") };
  }

  #failure(failure: TestFailure): TestFailure {
    const { diff, frame } = failure;
    return {
      ...failure,
      message: this.#texts.scrub(failure.message),
      ...(diff === undefined ? {} : { diff: this.#texts.scrub(diff) }),
      // The lines of the source: a test may have asked with the value itself.
      ...(frame === undefined ? {} : { frame: this.#texts.scrub(frame) }),
    };
  }

  #problem(found: Problem): Problem {
    const detail = found.detail === undefined ? {} : { detail: this.#texts.scrub(found.detail) };
    return {
      ...found,
      message: this.#texts.scrub(found.message),
      hint: this.#texts.scrub(found.hint),
      ...detail,
    };
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function withoutValues({ at, frame }: TestFailure): TestFailure {
  return {
    message: "a sensitive field is off (--show-sensitive shows its values)",
    ...(at ? { at } : {}),
    ...(frame ? { frame } : {}),
  };
}
