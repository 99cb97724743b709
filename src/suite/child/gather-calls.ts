/**
 * Rounds: calls of concurrent tests leave together. A round closes when no started test can go on without an answer,
 * or 5 ms after its first call when a test waits for something else. Its calls are sorted by test and by the order
 * within the test, so what travels together is decided by the suite and not by timing.
 */
import { invariant } from "../../kernel/errors.ts";
import type { RunningTest } from "./current-test.ts";
import type { CallAnswer, CallsPacked, PackedAnswers, RoundCall } from "../messages.ts";
import { packCalls, unpackAnswers } from "../round-wire.ts";

/** How long a round waits for a test that is busy with something else. */
const maxWaitMs = 5;

interface PendingCall extends RoundCall {
  readonly order: number;
  readonly sequence: number;
  readonly running: RunningTest;
  readonly resolve: (answers: readonly CallAnswer[]) => void;
}

export class CallGatherer {
  readonly #send: (round: CallsPacked) => void;
  readonly #active = new Set<RunningTest>();
  readonly #sent = new Map<number, readonly PendingCall[]>();
  #pending: PendingCall[] = [];
  #firstCallAt = 0;
  #checking = false;
  #rounds = 0;

  constructor(send: (round: CallsPacked) => void) {
    this.#send = send;
  }

  /** Says that a test is running: rounds wait for it unless it waits for an answer itself. */
  enter(running: RunningTest): void {
    this.#active.add(running);
  }

  leave(running: RunningTest): void {
    this.#active.delete(running);
    this.#checkSoon();
  }

  /** Asks an operation; the answers come in the order of the records. */
  call(running: RunningTest, call: RoundCall): Promise<readonly CallAnswer[]> {
    if (this.#pending.length === 0) this.#firstCallAt = performance.now();
    running.waiting += 1;
    running.calls += 1;
    return new Promise((resolve) => {
      this.#pending.push({ ...call, order: running.order, sequence: running.calls, running, resolve });
      this.#checkSoon();
    });
  }

  answer(round: number, packed: PackedAnswers): void {
    const calls = this.#sent.get(round);
    invariant(calls, `answers to round ${round}, which was not asked`);
    this.#sent.delete(round);
    const answers = unpackAnswers(
      packed,
      calls.map((call) => call.records.length),
    );
    for (const [i, call] of calls.entries()) {
      call.running.waiting -= 1;
      call.resolve(answers[i] ?? []);
    }
  }

  /** After the tests had their turn: setImmediate, since a test that goes on after an answer needs several microtasks. */
  #checkSoon(): void {
    if (this.#checking || this.#pending.length === 0) return;
    this.#checking = true;
    setImmediate(() => this.#check());
  }

  #check(): void {
    this.#checking = false;
    if (this.#pending.length === 0) return;
    const left = maxWaitMs - (performance.now() - this.#firstCallAt);
    if (left <= 0 || this.#allWait()) this.#close();
    else {
      this.#checking = true;
      setTimeout(() => this.#check(), Math.min(1, left));
    }
  }

  #allWait(): boolean {
    for (const running of this.#active) if (running.waiting === 0) return false;
    return true;
  }

  #close(): void {
    const calls = this.#pending.toSorted((a, b) => a.order - b.order || a.sequence - b.sequence);
    this.#pending = [];
    this.#rounds += 1;
    this.#sent.set(this.#rounds, calls);
    this.#send({ type: "calls", round: this.#rounds, calls: packCalls(calls) });
  }
}
