/**
 * An endpoint behind HTTP or a unix socket: `POST {endpoint}/{operation}` with a JSON array. Comes in: the texts of
 * records. Goes out: the texts of as many answers, or a fault as data. Knows nothing of a contract but the names of
 * operations that may be there, and never follows a redirect.
 */
import { type Problem, problem } from "../kernel/errors.ts";
import { decodeBody } from "./content-encoding.ts";
import { readDescription } from "./description.ts";
import type { CallNote, CallOptions, CallOutcome, Description, Endpoint, RecordText } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { type HttpAddress, requestPath, shownUrl } from "./http-address.ts";
import { HttpClient } from "./http-client.ts";
import type { Reply } from "./http-exchange.ts";
import { faultOf, type HttpFault } from "./http-fault.ts";
import { findPath, type PathFinding } from "./http-path.ts";
import { judgeStatus } from "./http-status.ts";
import { pause } from "./pause.ts";
import { readAnswer } from "./read-answer.ts";
import { maxAttempts, RetryBudget, retryDelayMs } from "./retry-policy.ts";
import { Throttle } from "./throttle.ts";
import type { TlsFiles } from "./tls-files.ts";

export interface HttpOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  readonly tls: TlsFiles;
  readonly strictJson: boolean;
  readonly duplicateKeys: "error" | "last";
  readonly maxAnswerBytes: number;
  readonly connectTimeoutMs: number;
  readonly concurrency: number;
  /** Names of operations that may be there, to tell a missing one from a wrong path. */
  readonly operations: readonly string[];
}

/** How long `GET /` and its like may take. */
const probeTimeoutMs = 5_000;

type Outcome = DistributiveOmit<CallOutcome, "ms">;
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** One call, with everything its attempts have in common. */
interface Call {
  readonly operation: string;
  readonly url: string;
  readonly path: string;
  readonly body: Buffer;
  readonly asked: number;
  readonly endsAt: number;
  readonly options: CallOptions;
}

/** What one attempt came to; `again` when the same call may be sent once more. */
interface Attempt {
  readonly outcome: Outcome;
  readonly again: boolean;
  readonly retryAfterMs?: number | undefined;
}

export class HttpEndpoint implements Endpoint {
  readonly url: string;
  readonly concurrency: number;
  readonly #address: HttpAddress;
  readonly #options: HttpOptions;
  readonly #client: HttpClient;
  readonly #throttle: Throttle;
  readonly #budget = new RetryBudget();
  /** Operations that answered 2xx. */
  readonly #answered = new Set<string>();
  #hasAnswered = false;
  #description: Promise<Description | undefined> | undefined;
  #path: Promise<PathFinding> | undefined;

  constructor(address: HttpAddress, options: HttpOptions) {
    this.url = address.shown;
    this.concurrency = options.concurrency;
    this.#address = address;
    this.#options = options;
    this.#client = new HttpClient(address, { ...options, connections: options.concurrency });
    this.#throttle = new Throttle(options.concurrency);
  }

  get retries(): number {
    return this.#budget.retries;
  }

  start(): Promise<void> {
    return this.#client.open();
  }

  describe(): Promise<Description | undefined> {
    this.#description ??= this.#askDescription();
    return this.#description;
  }

  async call(operation: string, records: readonly RecordText[], options: CallOptions): Promise<CallOutcome> {
    // What is loaded for the first call is not the endpoint's time.
    await this.#client.open();
    const isIn = await this.#throttle.enter(options.signal);
    const startedAt = performance.now();
    if (!isIn) return { ...pointless(problem("endpoint-cancelled", { url: this.url })), ms: 0 };
    let outcome: Outcome | undefined;
    try {
      outcome = await this.#tryCall({
        operation,
        url: shownUrl(this.#address, operation),
        path: requestPath(this.#address, operation),
        body: bodyOf(records),
        asked: records.length,
        endsAt: startedAt + options.timeoutMs,
        options,
      });
    } finally {
      this.#throttle.leave(outcome?.kind === "answered");
    }
    return { ...outcome, ms: performance.now() - startedAt };
  }

  /** The status of a GET, or why there is none: for whoever waits until the endpoint is ready. */
  async probe(path: string, { timeoutMs, signal }: CallOptions): Promise<number | HttpFault> {
    const reply = await this.#client.get(path, { timeoutMs, signal, maxAnswerBytes: this.#options.maxAnswerBytes });
    return reply.kind === "complete" ? reply.status : this.#faultOf(reply, this.url, timeoutMs);
  }

  /** The path of the address itself, and of `/health` under it. */
  get paths(): { readonly own: string; readonly health: string } {
    const { basePath, query } = this.#address;
    return { own: `${basePath === "" ? "/" : basePath}${query}`, health: requestPath(this.#address, "health") };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #tryCall(call: Call): Promise<Outcome> {
    this.#budget.countCall();
    for (let attempt = 1; ; attempt++) {
      const { outcome, again, retryAfterMs } = await this.#attempt(call, attempt);
      const delayMs = retryAfterMs ?? retryDelayMs(attempt, Math.random);
      if (outcome.kind === "fault" && outcome.fault.code === "endpoint-throttled") this.#throttle.slowDown(delayMs);
      if (!again || attempt === maxAttempts || performance.now() + delayMs >= call.endsAt) return outcome;
      if (!this.#budget.take()) return outcome;
      await pause(delayMs, call.options.signal);
    }
  }

  async #attempt(call: Call, attempt: number): Promise<Attempt> {
    const { url, options } = call;
    const reply = await this.#client.post(call.path, call.body, {
      timeoutMs: Math.max(1, call.endsAt - performance.now()),
      maxAnswerBytes: this.#options.maxAnswerBytes,
      signal: options.signal,
    });
    if (reply.kind === "broken") return attemptOf(this.#faultOf(reply, url, options.timeoutMs));
    this.#hasAnswered = true;
    const said = judgeStatus(reply, {
      address: this.#address,
      url,
      operation: call.operation,
      records: call.asked,
      attempt,
      hasCredentials: this.#client.hasCredentials,
      show: this.#client.show,
    });
    switch (said.kind) {
      case "answer":
        this.#answered.add(call.operation);
        return final(await this.#readBody(reply, call));
      case "fault":
        return { ...attemptOf(said), retryAfterMs: said.retryAfterMs };
      case "missing":
        return final(await this.#whatIsMissing(reply, call));
      case "not-implemented":
      case "too-large":
        return final(said);
    }
  }

  async #readBody(reply: Extract<Reply, { readonly kind: "complete" }>, call: Call): Promise<Outcome> {
    const { url } = call;
    const encoding = joined(reply.headers["content-encoding"]);
    let { body } = reply;
    if (encoding !== undefined) {
      const { maxAnswerBytes } = this.#options;
      const decoded = await decodeBody(body, encoding, { url, shownEncoding: excerpt(encoding, 40), maxAnswerBytes });
      if (decoded.kind === "fault") return perCall(decoded.fault);
      body = decoded.bytes;
    }
    const answer = readAnswer(body, {
      url,
      asked: call.asked,
      contentType: joined(reply.headers["content-type"]),
      strictJson: this.#options.strictJson,
      duplicateKeys: this.#options.duplicateKeys,
      show: this.#client.show,
    });
    if (answer.kind === "fault") return perCall(answer.fault);
    return { kind: "answered", answers: answer.records, notes: [...answer.notes, ...this.#extraBytes()] };
  }

  #extraBytes(): CallNote[] {
    const count = this.#client.takeUnasked();
    const message = "Bytes came after the end of an answer; the connection was closed.";
    return count === 0 ? [] : [{ code: "extra-bytes", message, count }];
  }

  /** 404 or 405: the operation alone, or everything under this address? */
  async #whatIsMissing(reply: Extract<Reply, { readonly kind: "complete" }>, call: Call): Promise<Outcome> {
    if (this.#answered.has(call.operation)) {
      const { status, statusText: text } = reply;
      const args = { url: call.url, status, text: excerpt(text, 60), excerpt: this.#client.show(reply.body) };
      return perCall(problem("endpoint-status", args));
    }
    if (this.#answered.size > 0) return { kind: "not-implemented" };
    const names = [...new Set([call.operation, ...this.#options.operations])];
    this.#path ??= findPath(this.#client, names, Math.min(probeTimeoutMs, call.options.timeoutMs));
    const finding = await this.#path;
    if (finding.kind === "there" || this.#answered.size > 0) return { kind: "not-implemented" };
    return pointless(problem("endpoint-path", finding));
  }

  async #askDescription(): Promise<Description | undefined> {
    const limits = { timeoutMs: probeTimeoutMs, maxAnswerBytes: 1024 * 1024 };
    const reply = await this.#client.get(requestPath(this.#address, ""), limits);
    if (reply.kind === "broken" || reply.status < 200 || reply.status >= 300) return undefined;
    return readDescription(reply.body.toString("utf8"));
  }

  #faultOf(reply: Extract<Reply, { readonly kind: "broken" }>, url: string, timeoutMs: number): HttpFault {
    const { maxAnswerBytes } = this.#options;
    return faultOf(reply, {
      address: this.#address,
      url,
      timeoutMs,
      maxAnswerBytes,
      hasAnswered: this.#hasAnswered,
      hasCertificate: this.#options.tls.clientCert !== undefined,
    });
  }
}

function attemptOf({ fault, splitting, stop, again }: HttpFault): Attempt {
  return { outcome: { kind: "fault", fault, splitting, stop }, again };
}

function final(outcome: Outcome): Attempt {
  return { outcome, again: false };
}

function perCall(fault: Problem): Outcome {
  return { kind: "fault", fault, splitting: true, stop: false };
}

function pointless(fault: Problem): Extract<Outcome, { readonly kind: "fault" }> {
  return { kind: "fault", fault, splitting: false, stop: true };
}

/** A lone surrogate has no UTF-8: it travels as the escape it stands for. */
const loneSurrogate = /[\ud800-\udfff]/gu;

function bodyOf(records: readonly RecordText[]): Buffer {
  const text = `[${records.join(",")}]`;
  if (text.isWellFormed()) return Buffer.from(text, "utf8");
  return Buffer.from(
    text.replace(loneSurrogate, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
    "utf8",
  );
}

function joined(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}
