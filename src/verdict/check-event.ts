/**
 * Whether data from outside is an event of version 1. Comes in: anything. Goes out: a `RunEvent`, or an `EventFault` that
 * says what is wrong. Keys it does not know stay, so that a newer minor version can be read.
 */
import type { RunEvent } from "./run-event.ts";

/** Data that is no event. */
export class EventFault extends Error {
  override readonly name = "EventFault";
}

/** What a key must hold; `?` after it allows absence. A list holds elements of one shape, an object has its own keys. */
type Rule = "string" | "number" | "boolean" | "strings" | "string?" | "number?" | "boolean?" | Nested;
interface Nested {
  readonly list?: Shape;
  readonly object?: Shape;
  readonly optional?: true;
}
type Shape = Readonly<Record<string, Rule>>;

const problem: Shape = { code: "string", message: "string", hint: "string", exit: "number", detail: "string?" };
const delta: Shape = { abs: "number", rel: "number?", ulp: "number?" };
const tolerance: Shape = { abs: "number?", rel: "number?", ulp: "number?", exact: "boolean?" };
const mismatch: Shape = {
  operation: "string",
  path: "string",
  kind: "string",
  reference: "string?",
  candidate: "string?",
  exchange: "number?",
  record: "number?",
  hint: "string?",
  delta: { object: delta, optional: true },
  tolerance: { object: tolerance, optional: true },
};
const mark: Shape = { state: "string", reason: "string", owner: "string", expires: "string", at: "string?" };
const failure: Shape = {
  message: "string",
  diff: "string?",
  frame: "string?",
  at: { object: { file: "string", line: "number", column: "number" }, optional: true },
};

const histogram: Shape = {
  count: "number",
  min: "number",
  max: "number",
  classes: { list: { at: "number", count: "number" } },
};

const shapes: Readonly<Record<RunEvent["type"], Shape>> = {
  "run-started": {
    v: "number",
    run: "string",
    at: "string",
    tally: "string",
    suite: { object: { name: "string", version: "string?", digest: "string" } },
    seed: "number",
    endpoints: { list: { role: "string", url: "string", name: "string?", runtime: "string?", version: "string?" } },
    operations: {
      list: {
        name: "string",
        after: "string?",
        fields: { list: { name: "string", type: "string", doc: "string?", unit: "string?" } },
      },
    },
    selection: "strings",
    strict: "boolean?",
    baseline: { object: { file: "string", digest: "string", entries: "number" }, optional: true },
    side: "string?",
    contract: { object: {}, optional: true },
    differences: {
      list: { operation: "string", side: "string?", field: "string?", contract: "string", endpoint: "string" },
      optional: true,
    },
  },
  "test-planned": {
    id: "string",
    file: "string",
    line: "number?",
    name: "string",
    kind: "string",
    level: "string",
    tags: "strings",
    bug: "string?",
  },
  exchange: {
    id: "string",
    n: "number",
    operation: "string",
    input: "string",
    answer: "string?",
    reference: "string?",
    alone: "string?",
    traceback: "string?",
    fault: { object: problem, optional: true },
    batch: "number",
    asked: "string",
    ms: "number",
  },
  "test-judged": {
    id: "string",
    verdict: "string",
    reason: "string?",
    failure: "string?",
    level: "string",
    note: "string?",
    mismatches: { list: mismatch },
    failures: { list: failure },
    fault: { object: problem, optional: true },
    baseline: { object: mark, optional: true },
    divergence: { object: { operation: "string", path: "string" }, optional: true },
    nearTies: "number?",
    output: "string?",
    ms: "number",
  },
  log: { source: "string", text: "string", id: "string?" },
  warning: { code: "string", message: "string", hint: "string?", count: "number?" },
  progress: { planned: "number", judged: "number" },
  "run-ended": {
    planned: "number",
    pass: "number",
    fail: "number",
    error: "number",
    skip: "number",
    known: "number",
    recommended: "number",
    nearTies: "number",
    calls: "number",
    records: "number",
    retries: "number",
    board: {
      list: { operation: "string", field: "string", agree: "number", compared: "number", implemented: "boolean" },
    },
    timings: {
      list: { operation: "string", calls: "number", records: "number", ms: { object: histogram } },
      optional: true,
    },
    deltas: {
      list: {
        operation: "string",
        field: "string",
        scale: "string",
        tolerance: { object: tolerance },
        within: "number",
        beyond: "number",
        sizes: { object: histogram },
      },
      optional: true,
    },
    clues: {
      list: {
        operation: "string",
        field: "string",
        words: "string",
        off: "number",
        offWith: "number",
        agree: "number",
        agreeWith: "number",
      },
      optional: true,
    },
    history: {
      list: {
        run: "string",
        at: "string",
        planned: "number",
        pass: "number",
        fail: "number",
        error: "number",
        partial: "boolean?",
      },
      optional: true,
    },
    stopped: "string?",
    problem: { object: problem, optional: true },
    exit: "number",
    ms: "number",
  },
};

/** Words that decide how an event is shown; others would be shown wrongly. */
const words: Readonly<Record<string, readonly string[]>> = {
  verdict: ["pass", "fail", "error", "skip", "known"],
  level: ["required", "recommended"],
  role: ["reference", "candidate"],
  asked: ["test", "stage"],
  state: ["known", "different", "expired", "passing", "unused", "wide"],
  scale: ["tolerance", "abs"],
};

/** The data as an event. Throws `EventFault`. */
export function checkEvent(data: Readonly<Record<string, unknown>>): RunEvent {
  const type = data["type"];
  if (!isEventType(type)) throw new EventFault(`unknown type ${JSON.stringify(type) ?? "(none)"}`);
  checkShape(data, shapes[type], type);
  if (type === "run-started" && data["v"] !== 1)
    throw new EventFault(`version ${String(data["v"])}; this Tally reads version 1`);
  // Every key that the shape of this type names was checked above.
  return data as unknown as RunEvent;
}

function isEventType(type: unknown): type is RunEvent["type"] {
  return typeof type === "string" && Object.hasOwn(shapes, type);
}

function checkShape(data: Readonly<Record<string, unknown>>, shape: Shape, where: string): void {
  for (const [key, rule] of Object.entries(shape)) {
    const value = data[key];
    const place = `${where}.${key}`;
    if (typeof rule !== "string") checkNested(value, rule, place);
    else if (value === undefined ? !rule.endsWith("?") : !matches(value, rule))
      throw new EventFault(`${place} must be a ${rule.replace("?", "")}`);
    const known = words[key];
    if (known !== undefined && typeof value === "string" && !known.includes(value)) {
      throw new EventFault(`${place} must be one of ${known.join(", ")}`);
    }
  }
}

function matches(value: unknown, rule: string): boolean {
  if (rule === "strings") return Array.isArray(value) && value.every((element) => typeof element === "string");
  return typeof value === rule.replace("?", "");
}

function checkNested(value: unknown, rule: Nested, place: string): void {
  if (value === undefined && rule.optional === true) return;
  if (rule.list !== undefined) {
    if (!Array.isArray(value)) throw new EventFault(`${place} must be a list`);
    for (const [at, element] of value.entries())
      checkShape(objectAt(element, `${place}[${at}]`), rule.list, `${place}[${at}]`);
  }
  if (rule.object !== undefined) checkShape(objectAt(value, place), rule.object, place);
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new EventFault(`${place} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}
