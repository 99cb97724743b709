/**
 * A round between the child of a test file and Tally, packed: a thousand calls of one record travel as one string and a
 * few lists of numbers. A thousand small objects would take longer to copy than the endpoint takes to answer.
 */
import type { CallAnswer, PackedAnswers, PackedCalls, PackedRound, RoundCall } from "./messages.ts";

/** No JSON text holds it. */
const separator = "\0";

export function packCalls(calls: readonly RoundCall[]): PackedRound {
  const packed: (Omit<PackedCalls, "sizes" | "records"> & { readonly sizes: number[]; readonly texts: string[] })[] =
    [];
  for (const { operation, records, apart, single } of calls) {
    let last = packed.at(-1);
    if (last === undefined || last.operation !== operation || last.apart !== apart || last.single !== single) {
      last = { operation, apart, single, sizes: [], texts: [] };
      packed.push(last);
    }
    last.sizes.push(records.length);
    for (const record of records) last.texts.push(record);
  }
  return packed.map(({ texts, ...rest }) => ({ ...rest, records: texts.join(separator) }));
}

export function unpackCalls(round: PackedRound): RoundCall[] {
  return round.flatMap(({ operation, apart, single, sizes, records }) => {
    const texts = records.split(separator);
    let from = 0;
    return sizes.map((size) => ({ operation, apart, single, records: texts.slice(from, (from += size)) }));
  });
}

export function packAnswers(answers: readonly (readonly CallAnswer[])[]): PackedAnswers {
  const texts: string[] = [];
  const batches: number[] = [];
  const ms: number[] = [];
  const others: [number, CallAnswer][] = [];
  for (const call of answers) {
    for (const answer of call) {
      if (answer.kind !== "answered") others.push([texts.length, answer]);
      texts.push(answer.kind === "answered" ? answer.text : "");
      batches.push(answer.kind === "answered" ? answer.batch : 0);
      ms.push(answer.kind === "answered" ? answer.ms : 0);
    }
  }
  return { texts: texts.join(separator), batches, ms, others };
}

/** Answers for calls of so many records each. */
export function unpackAnswers(packed: PackedAnswers, sizes: readonly number[]): CallAnswer[][] {
  const texts = packed.texts.split(separator);
  const all = packed.batches.map((batch, i): CallAnswer => ({
    kind: "answered",
    text: texts[i] ?? "",
    batch,
    ms: packed.ms[i] ?? 0,
  }));
  for (const [place, answer] of packed.others) all[place] = answer;
  let from = 0;
  return sizes.map((size) => all.slice(from, (from += size)));
}
