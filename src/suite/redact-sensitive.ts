/**
 * The one point where sensitive fields leave a run: in every event their values are a keyed hash, so that equal values
 * can be seen to be equal and nothing else. The key is the run's own, or TALLY_SENSITIVE_KEY to compare runs.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Contract, Fields } from "../contract/contract.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import type { LocatedMismatch, RunEvent, TestFailure } from "../verdict/run-event.ts";

type Emit = (event: RunEvent) => void;

/** Wraps `emit`; without a sensitive field in the contract it is given back as it is. */
export function redactSensitive(emit: Emit, { operations = {} }: Contract, key: string | undefined): Emit {
  const secret = key === undefined || key === "" ? randomBytes(32) : Buffer.from(key);
  const sensitive = new Map<string, { readonly input: ReadonlySet<string>; readonly output: ReadonlySet<string> }>();
  for (const { input, name, output } of Object.values(operations)) {
    const inputFields = input.kind === "fields" ? input.fields : (operations[input.stage]?.output ?? {});
    sensitive.set(name, { input: sensitiveNames(inputFields), output: sensitiveNames(output) });
  }
  if ([...sensitive.values()].every(({ input, output }) => input.size + output.size === 0)) return emit;

  const hash = (text: string): string =>
    `"sensitive:${createHmac("sha256", secret).update(text).digest("hex").slice(0, 12)}"`;
  const redactRecord = (text: string | undefined, names: ReadonlySet<string> | undefined): string | undefined => {
    if (text === undefined || names === undefined || names.size === 0) return text;
    const members = [...sliceObject(text)].map(
      ([field, value]) => `${JSON.stringify(field)}:${names.has(field) ? hash(value) : value}`,
    );
    return `{${members.join(",")}}`;
  };
  const isSensitive = ({ operation, path }: LocatedMismatch): boolean =>
    hides(sensitive.get(operation)?.output, /^[^.[]*/.exec(path)?.[0] ?? "");

  return (event) => {
    switch (event.type) {
      case "exchange": {
        const names = sensitive.get(event.operation);
        const told = { input: redactRecord(event.input, names?.input) ?? event.input };
        const answers = { answer: event.answer, reference: event.reference, alone: event.alone };
        const redacted = Object.entries(answers).flatMap(([part, text]) =>
          text === undefined ? [] : [[part, redactRecord(text, names?.output)]],
        );
        // The text of an exception likes to quote the value it is about.
        const { traceback, ...rest } = event;
        const isOpen = names === undefined || names.input.size + names.output.size === 0;
        const kept = traceback !== undefined && isOpen ? { traceback } : {};
        emit({ ...rest, ...kept, ...told, ...Object.fromEntries(redacted) });
        return;
      }
      case "test-judged":
        emit({
          ...event,
          mismatches: event.mismatches.map((mismatch) =>
            isSensitive(mismatch) ? redactMismatch(mismatch, hash) : mismatch,
          ),
          failures: event.mismatches.some(isSensitive) ? event.failures.map(withoutValues) : event.failures,
        });
        return;
      default:
        emit(event);
    }
  };
}

/** A mismatch of the whole record (the empty path) shows all its fields. */
function hides(names: ReadonlySet<string> | undefined, field: string): boolean {
  return names !== undefined && (names.has(field) || (field === "" && names.size > 0));
}

function sensitiveNames(fields: Fields): ReadonlySet<string> {
  return new Set(Object.entries(fields).flatMap(([name, field]) => (field.sensitive ? [name] : [])));
}

/** How far apart two values are says too much about them. */
function redactMismatch(
  { delta: _delta, hint: _hint, ...mismatch }: LocatedMismatch,
  hash: (text: string) => string,
): LocatedMismatch {
  const hashed = (text: string | undefined, part: "reference" | "candidate"): object =>
    text === undefined ? {} : { [part]: hash(text) };
  return { ...mismatch, ...hashed(mismatch.reference, "reference"), ...hashed(mismatch.candidate, "candidate") };
}

function withoutValues({ at, frame }: TestFailure): TestFailure {
  return {
    message: "a sensitive field is off (--show-sensitive shows its values)",
    ...(at ? { at } : {}),
    ...(frame ? { frame } : {}),
  };
}
