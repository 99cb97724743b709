/** Sends exchanges of a failure again, in the calls that they were asked in. */
import type { Contract } from "../../contract/contract.ts";
import { askRecords, type RecordAnswer } from "../../endpoint/ask-records.ts";
import { BatchSize } from "../../endpoint/batch-size.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { problem, type Problem } from "../../kernel/errors.ts";
import { sliceObject } from "../../kernel/slice-json.ts";
import type { FoundFailure } from "../../report/find-failure.ts";
import { isGatherCheck } from "../../verdict/gather-check-id.ts";
import type { Exchange } from "../../verdict/run-event.ts";
import { judgeReplayed, type ReplayedAnswer } from "./replayed-exchange.ts";

export interface Sent {
  readonly operation: string;
  readonly input: string;
  readonly before: string | undefined;
  readonly answer: string | undefined;
  readonly fault: Problem | undefined;
  readonly judged: ReplayedAnswer | undefined;
}

interface Sending {
  readonly endpoint: Endpoint;
  readonly contract: Contract | undefined;
  readonly timeoutMs: number;
}

/**
 * The calls that carried these exchanges, each with all that the test asked in it: neighbours of one operation, no more
 * than the call had. Of a call that Tally joined, the records of other tests are not the failure's.
 */
export function callsOf({ exchanges, judged }: FoundFailure, wanted: readonly Exchange[]): readonly Exchange[][] {
  // The check of joined calls draws its records from many of them.
  if (isGatherCheck(judged.id)) return wanted.map((exchange) => [exchange]);
  const calls: Exchange[][] = [];
  for (const exchange of exchanges.filter(({ asked }) => asked === "test")) {
    const call = calls.at(-1);
    const last = call?.at(-1);
    const goesOn = last?.operation === exchange.operation && last.batch === exchange.batch && last.n + 1 === exchange.n;
    if (call && goesOn && call.length < exchange.batch) call.push(exchange);
    else calls.push([exchange]);
  }
  const ns = new Set(wanted.map(({ n }) => n));
  return calls.filter((call) => call.some(({ n }) => ns.has(n)));
}

/** Sends the calls one after the other; what became of those exchanges that are `wanted`. */
export async function sendAgain(
  calls: readonly (readonly Exchange[])[],
  failure: FoundFailure,
  wanted: readonly Exchange[],
  sending: Sending,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const call of calls)
    for (const member of await sendCall(call, failure.exchanges, sending))
      if (wanted.includes(member.exchange)) sent.push(sentOf(member, failure, sending.contract));
  return sent;
}

interface Member {
  readonly exchange: Exchange;
  /** The exchange, and before it those whose answer it was asked with, the nearest first. */
  readonly chain: readonly Exchange[];
  input: string;
  answer: RecordAnswer | undefined;
}

/** What a stage before answered then is asked of that stage again. */
async function sendCall(
  call: readonly Exchange[],
  exchanges: readonly Exchange[],
  { contract, endpoint, timeoutMs }: Sending,
): Promise<Member[]> {
  const members = call.map((exchange): Member => {
    const chain = [exchange, ...stagesOf(exchange, exchanges, contract)];
    return { exchange, chain, input: chain.at(-1)?.input ?? exchange.input, answer: undefined };
  });
  const deepest = Math.max(...members.map(({ chain }) => chain.length));
  for (let depth = deepest - 1; depth >= 0; depth -= 1) {
    const asked = members.filter(({ answer, chain }) => depth < chain.length && goesOn(answer));
    const stage = asked[0]?.chain[depth];
    if (stage === undefined) continue;
    for (const member of asked) if (member.answer?.kind === "answered") member.input = member.answer.text;
    const inputs = asked.map(({ input }) => input);
    const batch = new BatchSize(Math.min(stage.batch, call.length));
    const answers = await askRecords(endpoint, stage.operation, inputs, { batch, timeoutMs });
    for (const [i, member] of asked.entries()) member.answer = answers[i];
  }
  return members;
}

function goesOn(answer: RecordAnswer | undefined): boolean {
  return answer === undefined || (answer.kind === "answered" && !sliceObject(answer.text).has("$error"));
}

function sentOf({ answer, exchange, input }: Member, { judged }: FoundFailure, contract: Contract | undefined): Sent {
  const { operation } = exchange;
  const told = { operation, input, before: exchange.answer };
  if (answer?.kind !== "answered") {
    const fault = answer?.kind === "fault" ? answer.fault : problem("operation-not-implemented", { operation });
    return { ...told, answer: undefined, fault, judged: undefined };
  }
  const mismatches = judged.mismatches.filter((one) => one.exchange === exchange.n);
  const declared = contract?.operations?.[operation];
  return {
    ...told,
    answer: answer.text,
    fault: undefined,
    judged: judgeReplayed(exchange, mismatches, answer.text, declared),
  };
}

/** The exchanges whose answer an exchange was asked with, the nearest first. */
export function stagesOf(
  exchange: Exchange,
  exchanges: readonly Exchange[],
  contract: Contract | undefined,
): readonly Exchange[] {
  const input = contract?.operations?.[exchange.operation]?.input;
  if (input?.kind !== "stage") return [];
  const before = exchanges.findLast(
    (one) => one.n < exchange.n && one.operation === input.stage && one.answer === exchange.input,
  );
  return before === undefined ? [] : [before, ...stagesOf(before, exchanges, contract)];
}
