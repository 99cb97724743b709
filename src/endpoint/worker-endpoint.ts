/**
 * A connector as an endpoint: `py:connector.py`, `node:connector.ts`. Comes in: the text of records. Goes out: the text
 * of answers; a record whose code raises is found by asking fewer at a time and answers `$error` in its place, the
 * others keep their answers. Crashes, deadlines and broken promises about rows are faults. Knows no test and no retry.
 */
import { callFrame, readAnswer, type RecordForm, type WorkerAnswer } from "../connector/worker-call.ts";
import { type Reply, startWorker, type WorkerLaunch, type WorkerProcess } from "../connector/worker-process.ts";
import type { Contract, Fields } from "../contract/contract.ts";
import { inputFields } from "../contract/example-record.ts";
import { isTallyError, type Problem, problem } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { connectorConflict } from "./connector-conflict.ts";
import { CrashGuard } from "./crash-guard.ts";
import type { CallNote, CallOptions, CallOutcome, Description, Endpoint, RecordText } from "./endpoint.ts";
import { ProcessPool } from "./process-pool.ts";
import { shownRecord } from "./shown-record.ts";
import { workerLaunch, type WorkerOptions } from "./worker-launch.ts";

/** An endpoint that runs a connector in its own processes. Nothing is started before `start` or the first call. */
export function workerEndpoint(options: WorkerOptions): Endpoint {
  return new WorkerEndpoint(options);
}

/** What asking for some records came to, before it is a `CallOutcome`. */
type Asked =
  | { readonly kind: "answered"; readonly answers: readonly RecordText[] }
  | { readonly kind: "not-implemented" }
  | { readonly kind: "fault"; readonly fault: Problem; readonly splitting: boolean; readonly stop: boolean };

/** One call on its way: what every part of it needs. */
interface Call {
  readonly worker: WorkerProcess;
  readonly operation: string;
  readonly until: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const shownLines = 20;
/** Of so many records that raised, the last ones, it is known where. */
const keptTracebacks = 1_000;

class WorkerEndpoint implements Endpoint {
  readonly url: string;
  readonly retries = 0;
  readonly concurrency: number;
  readonly #contract: Contract | undefined;
  readonly #path: string;
  readonly #form: RecordForm;
  readonly #options: WorkerOptions;
  readonly #pool: ProcessPool<WorkerProcess>;
  readonly #guard = new CrashGuard();
  #launch: WorkerLaunch | undefined;
  #started: Promise<void> | undefined;
  #description: Description | undefined;
  #lastId = 0;
  /** What was odd while the connector loaded, for the first answer to tell. */
  #oddities: readonly CallNote[] = [];
  readonly #tracebacks = new Map<string, string>();

  constructor(options: WorkerOptions) {
    const { connector, contract } = options;
    this.#options = options;
    this.#contract = contract;
    this.#path = connector.path;
    this.#form = connector.kind === "python" ? "columns" : "rows";
    this.url = `${connector.kind === "python" ? "py" : "node"}:${shownPath(connector.path)}`;
    this.concurrency = connector.workers;
    this.#pool = new ProcessPool(connector.workers, (closing) => this.#startWorker(closing));
  }

  start(): Promise<void> {
    this.#started ??= this.#startFirst();
    return this.#started;
  }

  async describe(): Promise<Description | undefined> {
    await this.start();
    return this.#description;
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    const began = performance.now();
    const asked = await this.#call(operation, records, options);
    const ms = performance.now() - began;
    if (asked.kind !== "answered") return { ...asked, ms };
    const notes = this.#oddities;
    this.#oddities = [];
    return { ...asked, ms, notes };
  }

  tracebackOf(operation: string, record: RecordText): string | undefined {
    return this.#tracebacks.get(`${operation}\n${record}`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #startFirst(): Promise<void> {
    const worker = await this.#pool.acquire();
    if (worker) this.#pool.release(worker);
  }

  async #startWorker(closing: AbortSignal): Promise<WorkerProcess> {
    this.#launch ??= workerLaunch(this.#options);
    const worker = await startWorker(this.#launch, closing);
    const conflict = this.#contract && connectorConflict(this.#contract, this.#path, worker.ready);
    if (conflict) {
      await worker.end();
      throw conflict;
    }
    if (this.#description === undefined) {
      this.#description = describeWorker(worker, this.#launch);
      this.#oddities = (worker.ready.notes ?? []).map((message) => ({ code: "pickled-elsewhere", message }));
    }
    return worker;
  }

  async #call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<Asked> {
    const times = this.#guard.exhausted;
    if (times !== undefined) return stopping(problem("connector-restarts", { path: shownPath(this.#path), times }));
    let worker: WorkerProcess | undefined;
    try {
      worker = await this.#pool.acquire();
    } catch (error) {
      if (isTallyError(error)) return stopping(error.problem);
      throw error;
    }
    if (worker === undefined) return stopping(problem("connector-cancelled", { operation }));
    try {
      if (!Object.hasOwn(worker.ready.operations, operation)) return { kind: "not-implemented" };
      const { timeoutMs, signal } = options;
      return await this.#ask({ worker, operation, until: performance.now() + timeoutMs, timeoutMs, signal }, records);
    } finally {
      this.#pool.release(worker);
    }
  }

  async #ask(call: Call, records: readonly RecordText[]): Promise<Asked> {
    if (records.length === 0) return { kind: "answered", answers: [] };
    const id = (this.#lastId += 1);
    const frame = callFrame(this.#form, id, call.operation, records);
    const reply = await call.worker.ask(frame, Math.max(1, call.until - performance.now()), call.signal);
    if (reply.kind !== "frame") return this.#failed(call, records, reply);
    this.#guard.answered();
    const answer = readAnswer(reply.text, id);
    if (answer.kind === "error") return this.#errored(call, records, answer);
    if (answer.kind === "unreadable") {
      await call.worker.end();
      return stopping(problem("connector-frame", { reason: answer.reason }));
    }
    if (answer.answers.length === records.length) return answer;
    const message = `${answer.answers.length} for ${records.length}`;
    return {
      kind: "fault",
      fault: problem("connector-row-count", { operation: call.operation, message }),
      splitting: false,
      stop: false,
    };
  }

  async #errored(
    call: Call,
    records: readonly RecordText[],
    { code, error, message, traceback }: Extract<WorkerAnswer, { kind: "error" }>,
  ): Promise<Asked> {
    if (code === "connector-operation") return { kind: "not-implemented" };
    if (code === "connector-raised") {
      if (records.length > 1) return this.#askHalves(call, records);
      if (traceback !== "") {
        call.worker.note(traceback.trimEnd());
        this.#keepTraceback(call.operation, records[0] ?? "", traceback.trimEnd());
      }
      return { kind: "answered", answers: [JSON.stringify({ $error: { type: error, message } })] };
    }
    const { operation } = call;
    // A wrong number or order of rows is a fault of the whole batch: asked alone, each record would look right.
    const splitting = code === "connector-type" && records.length > 1;
    const detail = this.#detail(operation, records, traceback);
    return { kind: "fault", fault: problem(code, { operation, message }, detail), splitting, stop: false };
  }

  async #askHalves(call: Call, records: readonly RecordText[]): Promise<Asked> {
    const middle = Math.ceil(records.length / 2);
    const first = await this.#ask(call, records.slice(0, middle));
    if (first.kind !== "answered") return first;
    const second = await this.#ask(call, records.slice(middle));
    if (second.kind !== "answered") return second;
    return { kind: "answered", answers: [...first.answers, ...second.answers] };
  }

  #failed(call: Call, records: readonly RecordText[], reply: Exclude<Reply, { kind: "frame" }>): Asked {
    const { operation, worker } = call;
    const splitting = records.length > 1;
    const detail = this.#detail(operation, records, worker.lastLines(shownLines));
    const count = records.length;
    switch (reply.kind) {
      case "timeout": {
        const seconds = call.timeoutMs / 1000;
        const fault = problem("connector-timeout", { operation, seconds, records: count }, detail);
        return { kind: "fault", fault, splitting, stop: false };
      }
      case "cancelled": {
        const fault = problem("connector-cancelled", { operation });
        return { kind: "fault", fault, splitting: false, stop: false };
      }
      case "garbage":
        return stopping(problem("connector-frame", { reason: reply.reason }, detail));
      case "ended": {
        this.#guard.crashed(count);
        const { partial } = reply;
        const how = partial ? `${reply.how} after ${partial.got} of ${partial.wanted} bytes of its answer` : reply.how;
        const fault = problem("connector-crashed", { operation, how, records: count }, detail);
        return { kind: "fault", fault, splitting, stop: false };
      }
    }
  }

  #keepTraceback(operation: string, record: RecordText, traceback: string): void {
    const [oldest] = this.#tracebacks.keys();
    if (oldest !== undefined && this.#tracebacks.size >= keptTracebacks) this.#tracebacks.delete(oldest);
    this.#tracebacks.set(`${operation}\n${record}`, traceback);
  }

  /** What the connector said, and the record if it is known which one it was. */
  #detail(operation: string, records: readonly RecordText[], said: string): string {
    const [only] = records;
    if (records.length !== 1 || only === undefined) return said.trimEnd();
    return [said.trimEnd(), `record: ${shownRecord(this.#inputFields(operation), only)}`].filter(Boolean).join("\n");
  }

  #inputFields(operation: string): Fields | undefined {
    const operations = this.#contract?.operations;
    const declared = operations && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    return this.#contract && declared && inputFields(this.#contract, declared);
  }
}

function stopping(fault: Problem): Asked {
  return { kind: "fault", fault, splitting: false, stop: true };
}

function describeWorker({ ready }: WorkerProcess, launch: WorkerLaunch): Description {
  const operations = Object.entries(ready.operations);
  const after = operations.flatMap(([name, operation]) => (operation.after === null ? [] : [[name, operation.after]]));
  // Node says its version itself; of a Python it matters which one it is.
  const runtime = launch.interpreter === ready.runtime ? ready.runtime : `${ready.runtime} (${launch.interpreter})`;
  return {
    ...(ready.name !== null && { name: ready.name }),
    ...(ready.version !== null && { version: ready.version }),
    ...(ready.notes !== undefined && { notes: ready.notes }),
    operations: operations.map(([name]) => name),
    ...(after.length > 0 && { after: Object.fromEntries(after) as Record<string, string> }),
    runtime,
  };
}
