/**
 * The child process that holds a TypeScript or JavaScript connector (protocol/worker.md). Comes in: frames on 3. Goes
 * out: frames on 4; the end of 5 ends it. Imports nothing heavy: its start is part of every run's start.
 */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { tallyVersion } from "../kernel/own-package.ts";
import { authorStack, describeThrown } from "./author-error.ts";
import { type LoadedConnector, loadConnector } from "./load-connector.ts";
import { connectorFace, otherVersion, resolveTallyml } from "./resolve-tallyml.ts";
import { type OperationFields, type OperationOutcome, runOperation } from "./run-operation.ts";
import { FrameReader, frameBytes } from "./worker-frames.ts";
import { type Fatal, fieldsFromWire, type Hello, type Ready, workerProtocol } from "./worker-protocol.ts";

const flushCacheAfterMs = 50;

let connector: LoadedConnector | undefined;
let fields: ReadonlyMap<string, OperationFields> = new Map();
/** Answers the call under way: an exception that nobody catches is an answer too. */
let settle: ((outcome: OperationOutcome) => void) | undefined;

// The cache is ours, not of whatever the connector starts.
delete process.env["NODE_COMPILE_CACHE"];
resolveTallyml(connectorFace());
process.on("uncaughtException", reportUncaught);

const lifeline = new Socket({ fd: 5, readable: true, writable: false });
lifeline.on("error", () => {}).on("close", () => process.exit());
lifeline.resume();
const frames = new FrameReader();
let work = Promise.resolve();
new Socket({ fd: 3, readable: true, writable: false })
  .on("data", (chunk: Buffer) => {
    for (const text of frames.push(chunk) ?? []) work = work.then(() => receive(text));
  })
  .on("error", () => {})
  .on("close", () => void work.then(end));

async function receive(text: string): Promise<void> {
  if (connector === undefined) await load(JSON.parse(text));
  else await call(connector, text);
}

async function load(hello: Hello): Promise<void> {
  const other = otherVersion(new URL(".", pathToFileURL(hello.path)));
  if (other)
    process.stderr.write(
      `warning: ${dirname(hello.path)} has tallyml ${other.project} installed; the running ${other.running} is used\n`,
    );
  try {
    connector = await loadConnector(hello.path);
  } catch (thrown) {
    sendFatal(thrown);
    return;
  }
  fields = new Map(
    Object.entries(hello.operations ?? {}).map(([name, { input, output }]) => [
      name,
      { input: fieldsFromWire(input), output: fieldsFromWire(output) },
    ]),
  );
  const ready: Ready = {
    type: "ready",
    protocol: workerProtocol,
    sdk: tallyVersion(),
    runtime: `node ${process.versions.node}`,
    name: connector.name,
    version: connector.version,
    operations: Object.fromEntries([...connector.operations].map(([name, { after }]) => [name, { after }])),
  };
  send(JSON.stringify(ready));
  // A worker that is killed never writes its cache by itself.
  setTimeout(flushCompileCache, flushCacheAfterMs).unref();
}

const undeclared: OperationFields = { input: undefined, output: undefined };

async function call(loaded: LoadedConnector, text: string): Promise<void> {
  // Inside a JSON string the quotes would be escaped: the first one found is the key, and Tally writes it last.
  const at = text.indexOf(',"rows":');
  const { id, operation }: { id: number; operation: string } = JSON.parse(`${text.slice(0, at)}}`);
  const { promise, resolve } = Promise.withResolvers<OperationOutcome>();
  settle = resolve;
  const ran = runOperation(loaded, operation, fields.get(operation) ?? undeclared, text.slice(at + 8, -1));
  answer(id, await Promise.race([ran, promise]));
  settle = undefined;
}

function answer(id: number, outcome: OperationOutcome): void {
  if (outcome.kind === "answered")
    send(`{"type":"result","id":${id},"n":${outcome.rows.length},"rows":[${outcome.rows.join(",")}]}`);
  else send(JSON.stringify({ type: "error", id, ...outcome, kind: undefined }));
}

function reportUncaught(thrown: unknown): void {
  if (connector === undefined) sendFatal(thrown);
  else if (settle)
    settle({ kind: "error", code: "connector-raised", ...describeThrown(thrown), traceback: authorStack(thrown) });
  else {
    process.stderr.write(`${authorStack(thrown)}\n`);
    process.exit(1);
  }
}

function sendFatal(thrown: unknown): void {
  const fatal: Fatal = {
    type: "fatal",
    code: "connector-import",
    ...describeThrown(thrown),
    traceback: authorStack(thrown),
  };
  send(JSON.stringify(fatal));
  process.exit(1);
}

async function end(): Promise<void> {
  try {
    await connector?.close();
  } catch (thrown) {
    process.stderr.write(`close() failed: ${authorStack(thrown)}\n`);
  }
  process.exit();
}

/** Writes a frame whole. The pipe blocks until Tally reads, which bounds what is held here. */
function send(text: string): void {
  const bytes = frameBytes(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(4, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) process.exit();
    }
  }
}
