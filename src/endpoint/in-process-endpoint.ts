/**
 * A TypeScript connector inside this very process, for `tally serve --in-process`: no pipe and no copy, and no
 * protection either: what it blocks, crashes or leaks is the server's. Same answers as its worker would give.
 */
import { type LoadedConnector, loadConnector } from "../connector/load-connector.ts";
import { connectorFace, resolveTallyml } from "../connector/resolve-tallyml.ts";
import { type OperationFields, type OperationOutcome, runOperation } from "../connector/run-operation.ts";
import { authorStack, describeThrown } from "../connector/author-error.ts";
import type { Contract } from "../contract/contract.ts";
import { inputFields } from "../contract/example-record.ts";
import { problem, tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { connectorConflict } from "./connector-conflict.ts";
import type { CallOptions, CallOutcome, Description, Endpoint, RecordText } from "./endpoint.ts";

/** What runs in this process. */
export interface InProcessOptions {
  /** Absolute path of the connector. */
  readonly path: string;
  readonly contract?: Contract | undefined;
  /** Told of the stack of what the author's code throws. */
  readonly onLog?: ((line: { readonly stream: "stderr"; readonly text: string }) => void) | undefined;
}

/** An endpoint that loads a connector into this process when it is started. */
export function inProcessEndpoint(options: InProcessOptions): Endpoint {
  return new InProcessEndpoint(options);
}

const undeclared: OperationFields = { input: undefined, output: undefined };

class InProcessEndpoint implements Endpoint {
  readonly url: string;
  readonly retries = 0;
  readonly concurrency = 1;
  readonly #options: InProcessOptions;
  readonly #fields: ReadonlyMap<string, OperationFields>;
  #loading: Promise<LoadedConnector> | undefined;

  constructor(options: InProcessOptions) {
    this.#options = options;
    this.url = `node:${shownPath(options.path)}`;
    const { contract } = options;
    this.#fields = new Map(
      Object.values(contract?.operations ?? {}).map((operation) => [
        operation.name,
        { input: contract && inputFields(contract, operation), output: operation.output },
      ]),
    );
  }

  async start(): Promise<void> {
    await this.#connector();
  }

  async describe(): Promise<Description | undefined> {
    const { name, version, operations } = await this.#connector();
    const after = [...operations].flatMap(([each, { after: stage }]) =>
      stage === null ? [] : [[each, stage] as const],
    );
    return {
      ...(name !== null && { name }),
      ...(version !== null && { version }),
      operations: [...operations.keys()],
      ...(after.length > 0 && { after: Object.fromEntries(after) }),
      runtime: `node ${process.versions.node}`,
    };
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    const began = performance.now();
    const connector = await this.#connector();
    if (!connector.operations.has(operation)) return { kind: "not-implemented", ms: performance.now() - began };
    const late = deadline(options.timeoutMs);
    const outcome = await Promise.race([this.#ask(connector, operation, records), late.passed]);
    late.clear();
    const ms = performance.now() - began;
    if (outcome === undefined) {
      const args = { operation, seconds: options.timeoutMs / 1000, records: records.length };
      const fault = problem("connector-timeout", args);
      return { kind: "fault", fault, splitting: false, stop: false, ms };
    }
    if (outcome.kind === "answered") return { kind: "answered", answers: outcome.rows, notes: [], ms };
    if (outcome.code === "connector-operation" || outcome.code === "connector-raised")
      return { kind: "not-implemented", ms };
    const fault = problem(outcome.code, { operation, message: outcome.message });
    const splitting = outcome.code === "connector-type" && records.length > 1;
    return { kind: "fault", fault, splitting, stop: false, ms };
  }

  async close(): Promise<void> {
    const connector = await this.#loading?.catch(() => undefined);
    await connector?.close();
  }

  /** Rows, or what is wrong with them; a record whose code raises is found by asking fewer at a time. */
  async #ask(connector: LoadedConnector, operation: string, records: readonly RecordText[]): Promise<OperationOutcome> {
    if (records.length === 0) return { kind: "answered", rows: [] };
    const fields = this.#fields.get(operation) ?? undeclared;
    const outcome = await runOperation(connector, operation, fields, `[${records.join(",")}]`);
    if (outcome.kind === "answered" || outcome.code !== "connector-raised") return outcome;
    if (records.length === 1) {
      this.#options.onLog?.({ stream: "stderr", text: outcome.traceback });
      return {
        kind: "answered",
        rows: [JSON.stringify({ $error: { type: outcome.error, message: outcome.message } })],
      };
    }
    const middle = Math.ceil(records.length / 2);
    const first = await this.#ask(connector, operation, records.slice(0, middle));
    if (first.kind !== "answered") return first;
    const second = await this.#ask(connector, operation, records.slice(middle));
    return second.kind === "answered" ? { kind: "answered", rows: [...first.rows, ...second.rows] } : second;
  }

  #connector(): Promise<LoadedConnector> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<LoadedConnector> {
    const { path, contract } = this.#options;
    resolveTallyml(connectorFace());
    let connector: LoadedConnector;
    try {
      connector = await loadConnector(path);
    } catch (thrown) {
      const { error, message } = describeThrown(thrown);
      throw tallyError(
        "connector-import",
        { path: shownPath(path), runtime: `node ${process.versions.node}`, reason: `${error}: ${message}` },
        { cause: thrown, detail: authorStack(thrown) },
      );
    }
    const operations = Object.fromEntries([...connector.operations].map(([name, { after }]) => [name, { after }]));
    const conflict = contract && connectorConflict(contract, path, { name: connector.name, operations });
    if (conflict) throw conflict;
    return connector;
  }
}

/** Undefined when the time has passed. A loop that never yields cannot be interrupted in one's own process. */
function deadline(timeoutMs: number): { readonly passed: Promise<undefined>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  return { passed: promise, clear: () => clearTimeout(timer) };
}
