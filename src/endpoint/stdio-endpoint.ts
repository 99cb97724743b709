/**
 * A program on stdin and stdout as an endpoint: `cmd:./build/model --flag`. One JSON line in, one JSON line out, one
 * request under way; stderr is the log. Comes in: the text of records. Goes out: the text of answers, or a fault.
 */
import { LineProcess, type LineReply } from "../connector/line-process.ts";
import { maxLineBytes } from "../connector/line-reader.ts";
import type { LogLine } from "../connector/program-log.ts";
import { isTallyError, type Problem, problem, tallyError } from "../kernel/errors.ts";
import { posixWords } from "../kernel/posix-words.ts";
import { CrashGuard } from "./crash-guard.ts";
import { readDescription } from "./description.ts";
import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { ProcessPool } from "./process-pool.ts";
import { readStdioAnswer, type StdioAnswer } from "./stdio-answer.ts";

/** What a program is started with. */
export interface StdioOptions {
  /** Program and arguments, split like POSIX words and given to no shell. */
  readonly command: string;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How many programs may run at once; 1. */
  readonly workers?: number | undefined;
  readonly onLog?: ((line: LogLine) => void) | undefined;
}

type Asked =
  | Exclude<StdioAnswer, { kind: "fault" }>
  | { readonly kind: "fault"; readonly fault: Problem; readonly splitting: boolean; readonly stop: boolean };

const shownLines = 20;
/** A program that does not know `$describe` may say nothing at all. */
const describeTimeoutMs = 2_000;

/** An endpoint that runs a program. Throws a TallyError when the command is no list of words. */
export function stdioEndpoint(options: StdioOptions): Endpoint {
  const words = posixWords(options.command);
  const command = options.command;
  if ("reason" in words) throw tallyError("stdio-command", { command, reason: words.reason });
  const [program, ...args] = words;
  if (program === undefined) throw tallyError("stdio-command", { command: "cmd:", reason: "it is empty" });
  return new StdioEndpoint(options, program, args);
}

class StdioEndpoint implements Endpoint {
  readonly url: string;
  readonly retries = 0;
  readonly concurrency: number;
  readonly #command: string;
  readonly #pool: ProcessPool<LineProcess>;
  readonly #guard = new CrashGuard();
  #started: Promise<void> | undefined;
  #description: Promise<Description | undefined> | undefined;
  #lastId = 0;

  constructor(options: StdioOptions, program: string, args: readonly string[]) {
    this.url = `cmd:${options.command}`;
    this.#command = excerpt(options.command, 80);
    this.concurrency = options.workers ?? 1;
    this.#pool = new ProcessPool(this.concurrency, () =>
      Promise.resolve(
        new LineProcess({
          command: program,
          args,
          cwd: options.cwd ?? process.cwd(),
          env: { ...process.env, ...options.env },
          onLog: options.onLog,
        }),
      ),
    );
  }

  /** Starts the program. Whether it runs at all shows at once; there is no greeting to wait for. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  describe(): Promise<Description | undefined> {
    this.#description ??= this.#describe();
    return this.#description;
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    const began = performance.now();
    const asked = await this.#ask(operation, records, options);
    return { ...asked, ms: performance.now() - began };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #start(): Promise<void> {
    const program = await this.#pool.acquire();
    if (program === undefined) return;
    this.#pool.release(program);
    const ending = await program.neverStarted();
    if (ending !== undefined) throw tallyError("stdio-start", { command: this.#command, reason: ending });
  }

  async #describe(): Promise<Description | undefined> {
    await this.start();
    const asked = await this.#ask("$describe", [], { timeoutMs: describeTimeoutMs }, true);
    const [text] = asked.kind === "answered" ? asked.answers : [];
    return text === undefined ? undefined : readDescription(text);
  }

  async #ask(operation: string, records: readonly RecordText[], options: CallOptions, isOdd = false): Promise<Asked> {
    const times = this.#guard.exhausted;
    if (times !== undefined) return stopping(problem("stdio-restarts", { command: this.#command, times }));
    let program: LineProcess | undefined;
    try {
      program = await this.#pool.acquire();
    } catch (error) {
      if (isTallyError(error)) return stopping(error.problem);
      throw error;
    }
    if (program === undefined) return this.#cancelled(operation);
    try {
      const id = (this.#lastId += 1);
      const request = { command: this.#command, id, operation, asked: records.length };
      const line = `{"id":${id},"operation":${JSON.stringify(operation)},"records":[${records.join(",")}]}`;
      const reply = await program.ask(line, options.timeoutMs, options.signal);
      if (reply.kind !== "line") return this.#failed(program, operation, { reply, records, options, isOdd });
      const answer = readStdioAnswer(reply.line, isOdd ? { ...request, asked: 1 } : request);
      if (answer.kind !== "fault") {
        this.#guard.answered();
        return answer;
      }
      if (!answer.isInStep) program.spend();
      const { splitting } = answer;
      return { kind: "fault", fault: withLog(answer.fault, program), splitting, stop: false };
    } finally {
      this.#pool.release(program);
    }
  }

  #cancelled(operation: string): Asked {
    const fault = problem("stdio-cancelled", { command: this.#command, operation });
    return { kind: "fault", fault, splitting: false, stop: false };
  }

  #failed(
    program: LineProcess,
    operation: string,
    failed: {
      reply: Exclude<LineReply, { kind: "line" }>;
      records: readonly RecordText[];
      options: CallOptions;
      isOdd: boolean;
    },
  ): Asked {
    const { reply, records, options } = failed;
    const command = this.#command;
    const count = records.length;
    const detail = program.lastLines(shownLines);
    const faulty = (fault: Problem): Asked => ({ kind: "fault", fault, splitting: count > 1, stop: false });
    switch (reply.kind) {
      case "timeout": {
        const seconds = options.timeoutMs / 1000;
        return faulty(problem("stdio-timeout", { command, operation, seconds, records: count }, detail));
      }
      case "cancelled":
        return this.#cancelled(operation);
      case "too-long": {
        const reason = `with a line longer than ${maxLineBytes / 1024 / 1024} MiB`;
        return faulty(problem("stdio-answer", { command, reason, line: "not shown" }, detail));
      }
      case "ended": {
        if (reply.neverStarted) return stopping(problem("stdio-start", { command, reason: reply.how }));
        if (!failed.isOdd) this.#guard.crashed(count);
        const said = reply.partial === undefined ? "" : ` after "${excerpt(reply.partial, 60)}"`;
        const how = `${reply.how}${said}`;
        return faulty(problem("stdio-crashed", { command, how, operation, records: count }, detail));
      }
    }
  }
}

function stopping(fault: Problem): Asked {
  return { kind: "fault", fault, splitting: false, stop: true };
}

/** The tail of the log often says what the line on stdout does not. */
function withLog(fault: Problem, program: LineProcess): Problem {
  const detail = program.lastLines(shownLines);
  return detail === "" || fault.code !== "stdio-answer" ? fault : { ...fault, detail };
}
