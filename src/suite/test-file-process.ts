/** The child process of one test file, seen from Tally: started, asked, watched, and ended when it hangs. */
import type { ChildProcess } from "node:child_process";
import { type Problem, problem } from "../kernel/errors.ts";
import type {
  CallRound,
  CallsPacked,
  Collected,
  FromChild,
  Judged,
  LoadFile,
  LooseFailure,
  RoundAnswered,
  ToChild,
} from "./messages.ts";
import { fenceFlags } from "./fence.ts";
import { packAnswers, unpackCalls } from "./round-wire.ts";
import { endSuiteProcess, takeSuiteProcess } from "./suite-process.ts";

/** How a child came to its end. */
export type RunEnd =
  | { readonly kind: "finished" }
  | { readonly kind: "hung" }
  | { readonly kind: "died"; readonly how: string };

export interface RunHandlers {
  readonly calls: (round: CallRound) => Promise<RoundAnswered["answers"]>;
  readonly started: (index: number) => void;
  readonly judged: (judged: Judged) => void;
  readonly log: (text: string) => void;
  readonly loose: (failure: LooseFailure) => void;
  /** How long the child may be silent while it owes something. */
  readonly silenceMs: number;
}

/** A process that holds tests: of one TypeScript file, or of all pytest files. */
export interface SuiteProcess {
  readonly collected: Promise<Collected>;
  /** What was printed while it was loaded. */
  readonly printed: string;
  /** Runs tests of what is loaded until all are judged, or the process is gone. */
  run(indices: readonly number[], handlers: RunHandlers): Promise<RunEnd>;
  /** No new test starts. */
  stop(): void;
  kill(): void;
}

/** Loading a file takes milliseconds; a busy machine may need seconds. */
const minLoadMs = 10_000;
const keptStderr = 4_000;
const keptPrinted = 64 * 1024;
/** What tests under way get once the run is stopped. */
const stopGraceMs = 1_500;

export class TestFileProcess implements SuiteProcess {
  readonly #child: ChildProcess;
  readonly #load: LoadFile;
  readonly collected: Promise<Collected>;
  #handlers: RunHandlers | undefined;
  #end: ((end: RunEnd) => void) | undefined;
  #silence: NodeJS.Timeout | undefined;
  #owed = 0;
  #stderr = "";
  #printed = "";
  readonly #early: LooseFailure[] = [];

  constructor(load: LoadFile) {
    this.#load = load;
    this.#child = takeSuiteProcess(fenceFlags(load.root));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#stderr = (this.#stderr + text).slice(-keptStderr);
      });
    }
    this.collected = this.#collect();
    this.#child.send(load);
  }

  /** What the file printed while it was loaded. */
  get printed(): string {
    return this.#printed;
  }

  /** Runs tests of the loaded file until all are judged, or the process is gone. */
  run(indices: readonly number[], handlers: RunHandlers): Promise<RunEnd> {
    this.#handlers = handlers;
    for (const failure of this.#early.splice(0)) handlers.loose(failure);
    return new Promise((resolve) => {
      this.#end = (end) => {
        clearTimeout(this.#silence);
        this.#end = undefined;
        resolve(end);
      };
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) this.#died();
      this.#post({ type: "run", indices });
      this.#listen();
    });
  }

  /** No new test starts; those under way have a moment to end. */
  stop(): void {
    this.#post({ type: "stop" });
    setTimeout(() => this.kill(), stopGraceMs).unref();
  }

  kill(): void {
    endSuiteProcess(this.#child);
    this.#child.channel?.unref();
  }

  #post(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #collect(): Promise<Collected> {
    return new Promise((resolve) => {
      const file = this.#load.id;
      const fail = (cause: Problem): void => resolve({ type: "collected", tests: [], warnings: [], problem: cause });
      const loadMs = Math.max(minLoadMs, this.#load.testTimeoutMs);
      const deadline = setTimeout(() => {
        fail(problem("suite-load-timeout", { file, seconds: loadMs / 1000 }));
        this.kill();
      }, loadMs);
      this.#child.on("error", (error) => fail(problem("suite-died", { file, how: error.message })));
      this.#child.on("exit", () => {
        clearTimeout(deadline);
        fail(problem("suite-died", { file, how: this.#how() }, this.#stderr));
        this.#died();
      });
      this.#child.on("message", (message: FromChild) => {
        if (message.type === "collected") {
          clearTimeout(deadline);
          resolve(message);
        } else this.#receive(message);
      });
    });
  }

  #receive(message: Exclude<FromChild, Collected>): void {
    this.#listen();
    switch (message.type) {
      case "calls":
        void this.#answer(message);
        break;
      case "started":
        this.#handlers?.started(message.index);
        break;
      case "judged-together":
        for (const one of message.tests) this.#handlers?.judged(one);
        break;
      case "log":
        if (this.#handlers) this.#handlers.log(message.text);
        else this.#printed = (this.#printed + message.text).slice(-keptPrinted);
        break;
      case "loose":
        this.#loose(message);
        break;
      case "finished":
        this.#end?.({ kind: "finished" });
        break;
    }
  }

  async #answer({ type, round, calls }: CallsPacked): Promise<void> {
    if (this.#handlers === undefined) return;
    this.#owed += 1;
    const answers = await this.#handlers.calls({ type, round, calls: unpackCalls(calls) });
    this.#owed -= 1;
    this.#post({ type: "answers", round, answers: packAnswers(answers) });
    this.#listen();
  }

  /** Sets the clock anew: the child has spoken, or was spoken to. */
  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#end === undefined || this.#handlers === undefined) return;
    this.#silence = setTimeout(() => {
      if (this.#owed > 0) return this.#listen();
      this.#end?.({ kind: "hung" });
      this.kill();
    }, this.#handlers.silenceMs);
  }

  /** Something may fail between loading and running. */
  #loose(failure: LooseFailure): void {
    if (this.#handlers) this.#handlers.loose(failure);
    else this.#early.push(failure);
  }

  #how(): string {
    return this.#child.signalCode ?? `exit code ${this.#child.exitCode}`;
  }

  #died(): void {
    this.#end?.({ kind: "died", how: this.#how() });
  }
}
