/**
 * The process of all pytest files, seen from Tally: started, asked, answered, watched, and ended when it hangs
 * (protocol/pytest.md). It asks one question at a time; what it asks is answered by the endpoint, and judged here.
 */
import { Socket } from "node:net";
import { join } from "node:path";
import { type Program, startProgram } from "../../connector/child-program.ts";
import { FrameReader, frameBytes } from "../../connector/worker-frames.ts";
import { wireOperations } from "../../connector/worker-protocol.ts";
import { hasManifest } from "../../delivery/has-manifest.ts";
import { pythonProgram } from "../../endpoint/worker-launch.ts";
import { isTallyError, type Problem, problem } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import { askChained } from "../ask-chained.ts";
import type { CallAnswer, Collected, RoundCall } from "../messages.ts";
import { readCollected } from "./pytest-collected.ts";
import { asDelivered, testEnvironment } from "./pytest-environment.ts";
import { PytestItem } from "./pytest-item.ts";
import {
  type FromPytest,
  type PytestCall,
  type PytestFatal,
  type PytestHello,
  pytestProtocol,
  type PytestQuestion,
  type ToPytest,
} from "./pytest-messages.ts";
import { refusalOf } from "./pytest-refusal.ts";
import type { SuiteOptions } from "../suite-run.ts";
import type { RunEnd, RunHandlers, SuiteProcess } from "../test-file-process.ts";

/** What reports call the process where no file can be named. */
export const pytestId = "pytest";

const minPytest = "7.2";
/** Test files import what they like, pandas and torch too. */
const minLoadMs = 60_000;
const keptPrinted = 64 * 1024;
const shownLines = 30;
/** A test under way when the run is stopped gets this long; sessions get it to end in order. */
const graceMs = 2_000;

/** What the process is told of a run. */
type PytestOptions = Pick<SuiteOptions, "contract" | "logAll" | "noGather" | "repeat" | "testTimeoutMs">;

export class PytestProcess implements SuiteProcess {
  readonly collected: Promise<Collected>;
  readonly #options: PytestOptions;
  readonly #files: readonly string[];
  readonly #oneByOne: boolean;
  readonly #frames = new FrameReader();
  readonly #items = new Map<number, PytestItem>();
  #program: Program | undefined;
  #python = "python";
  #handlers: RunHandlers | undefined;
  #end: ((end: RunEnd) => void) | undefined;
  #silence: NodeJS.Timeout | undefined;
  #loaded: ((collected: Collected) => void) | undefined;
  #fault: Problem | undefined;
  #round = 0;
  #isBusy = false;
  #hasFinished = false;
  #isStopped = false;
  #printed = "";

  /** `files` are relative to the contract's folder. */
  constructor(files: readonly string[], options: PytestOptions, oneByOne = false) {
    this.#files = files;
    this.#options = options;
    this.#oneByOne = oneByOne;
    this.collected = this.#collect();
  }

  get printed(): string {
    return this.#printed;
  }

  run(indices: readonly number[], handlers: RunHandlers): Promise<RunEnd> {
    this.#handlers = handlers;
    return new Promise((resolve) => {
      this.#end = (end) => {
        clearTimeout(this.#silence);
        this.#end = undefined;
        resolve(end);
      };
      if (this.#program === undefined || this.#program.hasEnded) this.#end({ kind: "died", how: "it had ended" });
      this.#program?.hold(true);
      this.#send({ type: "run", indices });
      this.#listen();
    });
  }

  stop(): void {
    this.#isStopped = true;
    setTimeout(() => this.#program?.kill(), graceMs).unref();
  }

  /** After its last test it may still end its session: coverage is written then. */
  kill(): void {
    if (this.#program === undefined) return;
    this.#program.hold(false);
    if (!this.#hasFinished) return this.#program.kill();
    const late = setTimeout(() => this.#program?.kill(), graceMs);
    this.#program.hold(true);
    void this.#program.ended.then(() => clearTimeout(late));
  }

  #collect(): Promise<Collected> {
    return new Promise((resolve) => {
      const loadMs = Math.max(minLoadMs, this.#options.testTimeoutMs);
      const deadline = setTimeout(() => {
        this.#fail(problem("suite-load-timeout", { file: pytestId, seconds: loadMs / 1000 }));
        this.#program?.kill();
      }, loadMs);
      this.#loaded = (collected) => {
        clearTimeout(deadline);
        this.#loaded = undefined;
        resolve(collected);
      };
      try {
        this.#start();
      } catch (error) {
        if (!isTallyError(error)) throw error;
        this.#fail(error.problem);
      }
    });
  }

  #fail(cause: Problem): void {
    this.#loaded?.({ type: "collected", tests: [], warnings: [], problem: cause });
  }

  #start(): void {
    const { contract, noGather, repeat } = this.#options;
    const { connector, root } = contract;
    const python = connector?.kind === "python" ? connector : { env: {} };
    const { args, command, env, interpreter } = pythonProgram(python, root, "tallyml.pytest_run");
    this.#python = interpreter;
    const passed = testEnvironment(env, python.env);
    this.#program = startProgram({
      command,
      args,
      cwd: root,
      env: hasManifest(root) ? asDelivered(passed, root) : passed,
      pipes: [3, 4, 5],
      onLog: ({ text }) => this.#log(`${text}\n`),
    });
    const { child } = this.#program;
    const [said, lifeline] = [4, 5].map((fd) => child.stdio[fd]);
    if (said instanceof Socket) said.on("data", (chunk: Buffer) => this.#receive(chunk));
    if (lifeline instanceof Socket) lifeline.resume();
    void this.#program.ended.then(({ how }) => this.#onEnded(how));
    this.#program.hold(true);
    const hello: PytestHello = {
      type: "hello",
      protocol: pytestProtocol,
      tally: tallyVersion(),
      root,
      files: this.#files.map((file) => join(root, file)),
      operations: wireOperations(contract),
      repeat,
      gather: !noGather && !this.#oneByOne,
    };
    this.#send(hello);
  }

  #log(text: string): void {
    if (this.#handlers) this.#handlers.log(text);
    else this.#printed = (this.#printed + text).slice(-keptPrinted);
  }

  #onEnded(how: string): void {
    const detail = this.#program?.log.lastLines(shownLines);
    this.#fail(this.#fault ?? problem("pytest-usage", { python: this.#python, reason: `it ${how}` }, detail));
    this.#end?.(this.#hasFinished ? { kind: "finished" } : { kind: "died", how });
  }

  #receive(chunk: Buffer): void {
    for (const text of this.#frames.push(chunk) ?? []) {
      // The SDK that ships with this Tally wrote it; `hello` has made sure of the version.
      const message = JSON.parse(text) as FromPytest;
      this.#listen();
      switch (message.type) {
        case "collected":
          this.#loaded?.(readCollected(message, this.#files, this.#options.testTimeoutMs));
          break;
        case "fatal":
          this.#fault = this.#readFatal(message);
          break;
        case "started":
          this.#handlers?.started(message.index);
          break;
        case "finished":
          this.#hasFinished = true;
          this.#end?.({ kind: "finished" });
          break;
        default:
          void this.#answer(message);
      }
    }
  }

  async #answer(question: PytestQuestion): Promise<void> {
    this.#isBusy = true;
    const answer = await this.#answerTo(question);
    this.#isBusy = false;
    if (answer) this.#send(answer);
    this.#listen();
  }

  async #answerTo(question: PytestQuestion): Promise<ToPytest | undefined> {
    switch (question.type) {
      case "call":
        return this.#item(question.index).call({ operation: question.operation, records: question.records });
      case "compare":
        return this.#item(question.index).compare(question);
      case "foresee":
        await this.#foresee(question.calls);
        return { type: "foreseen" };
      case "judged": {
        const outcome = await this.#item(question.index).judge(question);
        if (outcome === undefined) return { type: "next", again: true, stop: this.#isStopped };
        this.#items.delete(question.index);
        this.#handlers?.judged({ type: "judged", index: question.index, outcome });
        // It goes on by itself after what is no failure.
        const isAwaited = question.outcome === "failed" || question.again === true;
        return isAwaited ? { type: "next", again: false, stop: this.#isStopped } : undefined;
      }
    }
  }

  #item(index: number): PytestItem {
    let item = this.#items.get(index);
    if (item === undefined) {
      const { contract, logAll, noGather } = this.#options;
      item = new PytestItem({ contract, logAll, noGather, ask: (calls) => this.#ask(calls) });
      this.#items.set(index, item);
    }
    return item;
  }

  /** Asks ahead what items to come will ask: all of it one round. */
  async #foresee(calls: readonly PytestCall[]): Promise<void> {
    const { contract } = this.#options;
    const askable = calls.filter((call) => refusalOf(call, contract) === undefined);
    const asked = await askChained(askable, contract.operations, (round) =>
      this.#ask(round.map((call) => ({ ...call, apart: false, single: false }))),
    );
    for (const [i, call] of askable.entries()) {
      const one = asked[i];
      if (one) this.#item(call.index).foresee(call, one);
    }
  }

  async #ask(calls: readonly RoundCall[]): Promise<readonly (readonly CallAnswer[])[]> {
    this.#round += 1;
    return (await this.#handlers?.calls({ type: "calls", round: this.#round, calls })) ?? [];
  }

  #send(message: ToPytest): void {
    const out = this.#program?.child.stdio[3];
    if (out instanceof Socket && out.writable) out.write(frameBytes(JSON.stringify(message)));
  }

  /** Sets the clock anew: the process has spoken, or was spoken to. */
  #listen(): void {
    clearTimeout(this.#silence);
    const { silenceMs } = this.#handlers ?? {};
    if (this.#end === undefined || silenceMs === undefined) return;
    this.#silence = setTimeout(() => {
      if (this.#isBusy) return this.#listen();
      this.#end?.({ kind: "hung" });
      this.#program?.kill();
    }, silenceMs);
  }

  #readFatal({ code, message }: PytestFatal): Problem {
    const python = this.#python;
    if (code === "pytest-missing") return problem("pytest-missing", { python });
    if (code === "pytest-old") return problem("pytest-old", { python, version: message, wanted: minPytest });
    return problem("pytest-usage", { python, reason: message }, this.#program?.log.lastLines(shownLines));
  }
}
