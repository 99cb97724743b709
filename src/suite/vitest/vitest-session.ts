/**
 * What a test process of Vitest knows of the suite. Comes in: what the set-up of the run provided. Goes out: a session in
 * which `operation()` asks, and the test that runs "here". Knows no contract file and starts nothing.
 */
import { expect, inject } from "vitest";
import type { Operation } from "../../contract/contract.ts";
import { seededRandom } from "../../kernel/random.ts";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { Asker } from "../asker.ts";
import { openSession } from "../child/child-session.ts";
import { asTest, currentTest, newRun, type RunningTest } from "../child/current-test.ts";
import { CallGatherer } from "../child/gather-calls.ts";
import { toTally } from "../child/to-tally.ts";
import type { CallsPacked } from "../messages.ts";
import { packAnswers, unpackCalls } from "../round-wire.ts";

/** What the set-up gives to every test process; plain data. */
export interface ProvidedSuite {
  /** `http://…` or `unix:…`: whatever else there is was started by the set-up, once. */
  readonly address: string;
  readonly root: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, Operation>> | undefined;
  readonly batch: number;
  readonly timeoutMs: number;
  readonly seed: number;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly tallyml: ProvidedSuite;
  }
  interface TaskMeta {
    readonly bug?: string;
    readonly level?: "required" | "recommended";
  }
}

let gatherer: CallGatherer | undefined;

/** Opens the session of this process, if the set-up ran; without it `operation()` says what is missing. */
export function openVitestSession(): void {
  expect.extend({ toTally });
  const provided: ProvidedSuite | undefined = inject("tallyml");
  if (provided === undefined) return;
  const { operations, seed } = provided;
  const asker = openAsker(provided);
  const made = new CallGatherer((round) => void answerRound(asker, made, round));
  gatherer = made;
  openSession({ operations, gatherer: made, noGather: false });
  const outside = seededRandom(seed);
  Math.random = () => (currentTest()?.random ?? outside)();
  makeRandom = (id) => seededRandom(seed, id, "0");
}

let makeRandom = (id: string): (() => number) => seededRandom(0, id);

function openAsker({ address, batch, headers, root, timeoutMs }: ProvidedSuite): Asker {
  const { TALLY_CA: ca, TALLY_CLIENT_CERT: clientCert, TALLY_CLIENT_KEY: clientKey, TALLY_TOKEN: token } = process.env;
  const endpoint = openEndpoint(address, { root, headers, token, ca, clientCert, clientKey });
  const { signal } = new AbortController();
  return new Asker(endpoint, { batch, timeoutMs, signal, answered: () => {}, notImplemented: () => {} });
}

async function answerRound(asker: Asker, to: CallGatherer, { calls, round }: CallsPacked): Promise<void> {
  await asker.endpoint.start();
  to.answer(round, packAnswers(await asker.askRound(unpackCalls(calls))));
}

let started = 0;

/** Begins a test, or a hook that belongs to none. */
export function beginTest(id: string, name: string): RunningTest {
  const running = newRun({ order: (started += 1), name, id }, makeRandom(id));
  gatherer?.enter(running);
  return running;
}

/** Ends it: rounds no longer wait for it. */
export function endTest(running: RunningTest): void {
  running.finished = true;
  gatherer?.leave(running);
}

/** Runs a hook of a file or describe: it may ask too. */
export async function asHook(name: string, run: () => unknown): Promise<void> {
  const running = beginTest(name, name);
  try {
    await asTest(running, run);
  } finally {
    endTest(running);
  }
}
