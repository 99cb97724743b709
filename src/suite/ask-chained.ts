/** Calls of raw records, with the stages before an operation asked first where it receives a stage's output. */
import type { Operation } from "../contract/contract.ts";
import type { RecordText } from "../endpoint/endpoint.ts";
import { sliceObject } from "../kernel/slice-json.ts";
import type { CallAnswer } from "./messages.ts";

export interface TextCall {
  readonly operation: string;
  readonly records: readonly RecordText[];
}

/** One record asked and what became of it. */
export interface AskedRecord {
  readonly operation: string;
  readonly input: RecordText;
  readonly answer: CallAnswer;
}

export interface AskedCall {
  /** Stages before it included, in the order they were asked. */
  readonly asked: readonly AskedRecord[];
  /** For each record of the call, its place in `asked`: the last stage it came to. */
  readonly last: readonly number[];
}

/** Asks calls as one round; each gives its answers. */
export type AskRound = (calls: readonly TextCall[]) => Promise<readonly (readonly CallAnswer[])[]>;

type Operations = Readonly<Record<string, Operation>> | undefined;

/** The operation that gets these records first: the one named, or a stage before it. */
export function firstStage(operations: Operations, { operation, records }: TextCall): string {
  const input = operations?.[operation]?.input;
  const stage = input?.kind === "stage" ? operations?.[input.stage] : undefined;
  if (stage === undefined) return operation;
  const wanted = Object.keys(stage.output);
  const isStagesOutput = records.every((record) => {
    const given = sliceObject(record);
    return wanted.every((name) => given.has(name));
  });
  return isStagesOutput ? operation : firstStage(operations, { operation: stage.name, records });
}

/** Asks several calls, those that need a stage first after that stage. */
export async function askChained(
  calls: readonly TextCall[],
  operations: Operations,
  ask: AskRound,
): Promise<AskedCall[]> {
  const stages = calls.map((call) => stageBefore(operations, call));
  const raw = calls.flatMap((call, i) => {
    const stage = stages[i];
    return stage === undefined ? [] : [{ operation: stage, records: call.records }];
  });
  const upstream = raw.length > 0 ? await askChained(raw, operations, ask) : [];
  const before = stages.map((stage) => (stage === undefined ? undefined : upstream.shift()));
  const ready = calls.map((call, i) => readyRecords(call, before[i]));
  const round = calls.flatMap(({ operation }, i) => {
    const records = ready[i];
    return records === undefined ? [] : [{ operation, records }];
  });
  const answers = round.length > 0 ? [...(await ask(round))] : [];
  return calls.map(({ operation }, i): AskedCall => {
    const earlier = before[i] ?? { asked: [], last: [] };
    const records = ready[i];
    if (records === undefined) return earlier;
    const answered = answers.shift() ?? [];
    const asked = records.map((input, k) => ({
      operation,
      input,
      answer: answered[k] ?? ({ kind: "not-implemented" } as const),
    }));
    return { asked: [...earlier.asked, ...asked], last: asked.map((_, k) => earlier.asked.length + k) };
  });
}

function stageBefore(operations: Operations, call: TextCall): string | undefined {
  if (firstStage(operations, call) === call.operation) return undefined;
  const input = operations?.[call.operation]?.input;
  return input?.kind === "stage" ? input.stage : undefined;
}

const errorStart = /^\s*\{\s*"\$error"\s*:/;

/** What the operation itself is asked; undefined when a stage before it gave no record for each. */
function readyRecords(call: TextCall, before: AskedCall | undefined): readonly RecordText[] | undefined {
  if (before === undefined) return call.records;
  const texts: RecordText[] = [];
  for (const place of before.last) {
    const answer = before.asked[place]?.answer;
    if (answer?.kind !== "answered" || errorStart.test(answer.text)) return undefined;
    texts.push(answer.text);
  }
  return texts;
}
