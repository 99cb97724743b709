/**
 * One attempt at one request, from the first byte to the last: comes in what undici's pool reports, goes out what
 * arrived, complete or broken off. Judges nothing; a total deadline ends it, since a body that drips defeats every
 * other one.
 */
import type { Dispatcher } from "undici";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

/** What came back. */
export type Reply =
  | {
      readonly kind: "complete";
      readonly status: number;
      readonly statusText: string;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: Buffer;
    }
  | {
      readonly kind: "broken";
      readonly cause: BrokenCause;
      /** Whether a first byte of an answer had come: from then on nothing is sent again. */
      readonly started: boolean;
      /** Undefined while no status line and headers had come. */
      readonly received?: number;
      readonly expected?: number;
      readonly chunked: boolean;
    };

/** Why there is no complete reply: what the network said, or one of our own limits. */
export type BrokenCause =
  | { readonly kind: "network"; readonly error: Error }
  | { readonly kind: "deadline" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "too-large" }
  | { readonly kind: "too-many-headers"; readonly count: number }
  | { readonly kind: "ambiguous-length"; readonly reason: string };

export interface ExchangeLimits {
  /** For this attempt, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** More than any server sends; parsing more costs more than it can tell. */
export const maxHeaders = 200;

/** Sends a request and gathers its reply. Never rejects. */
export function exchange(
  pool: Pick<Dispatcher, "dispatch">,
  request: HttpRequest,
  limits: ExchangeLimits,
): Promise<Reply> {
  return new Promise((resolve) => {
    if (limits.signal?.aborted === true) {
      resolve({ kind: "broken", cause: { kind: "cancelled" }, started: false, chunked: false });
      return;
    }
    const gathering = new Exchange(resolve, limits);
    try {
      pool.dispatch(request, gathering);
    } catch (error) {
      gathering.onResponseError(undefined, error instanceof Error ? error : new TypeError(String(error)));
    }
  });
}

/** Errors of connections that some exchange has heard of; others came between two of them. */
const heard = new WeakSet<Error>();

/** Whether a connection ended with something that belongs to no request: bytes that nobody asked for. */
export function isUnasked(error: Error): boolean {
  return !heard.has(error) && (error.name === "HTTPParserError" || error.message === "bad response");
}

/** The reason that ends the socket; nobody sees it. */
const over = new DOMException("The exchange is over", "AbortError");

class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (reply: Reply) => void;
  readonly #limits: ExchangeLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #cancel: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #started = false;
  #status = 0;
  #statusText = "";
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #expected: number | undefined;
  #received = 0;
  readonly #chunks: Buffer[] = [];

  constructor(resolve: (reply: Reply) => void, limits: ExchangeLimits) {
    this.#resolve = resolve;
    this.#limits = limits;
    this.#timer = setTimeout(() => this.#breakOff({ kind: "deadline" }), limits.timeoutMs);
    if (limits.signal !== undefined) {
      this.#cancel = () => this.#breakOff({ kind: "cancelled" });
      limits.signal.addEventListener("abort", this.#cancel, { once: true });
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The deadline may have passed while the request still waited for a connection.
    if (this.#settled) controller.abort(over);
  }

  onResponseStarted(): void {
    this.#started = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    statusText?: string,
  ): void {
    if (this.#settled || status < 200) return;
    this.#status = status;
    this.#statusText = statusText ?? "";
    this.#headers = headers;
    const count = Array.isArray(controller.rawHeaders) ? controller.rawHeaders.length / 2 : 0;
    if (count > maxHeaders) return this.#breakOff({ kind: "too-many-headers", count });
    const length = headers["content-length"];
    if (length === undefined) return undefined;
    if (Array.isArray(length)) return this.#breakOff({ kind: "ambiguous-length", reason: "Content-Length twice" });
    if (headers["transfer-encoding"] !== undefined) {
      return this.#breakOff({ kind: "ambiguous-length", reason: "Content-Length and Transfer-Encoding" });
    }
    this.#expected = Number(length);
    return undefined;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#received += chunk.length;
    if (this.#received > this.#limits.maxAnswerBytes) return this.#breakOff({ kind: "too-large" });
    this.#chunks.push(chunk);
    return undefined;
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const reply: Reply = {
      kind: "complete",
      status: this.#status,
      statusText: this.#statusText,
      headers: this.#headers,
      body: this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#received),
    };
    if (!this.#close()) return;
    // undici gives the connection back in an immediate that it queues after this call. Who asks again before that
    // opens a second connection, which a server that serves one at a time never answers.
    queueMicrotask(() => setImmediate(this.#resolve, reply));
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    heard.add(error);
    this.#settle(this.#broken({ kind: "network", error }));
  }

  #breakOff(cause: BrokenCause): void {
    this.#settle(this.#broken(cause));
    // Destroys the socket: what still comes on it belongs to nobody.
    this.#controller?.abort(over);
  }

  #broken(cause: BrokenCause): Reply {
    return {
      kind: "broken",
      cause,
      started: this.#started,
      chunked: this.#headers["transfer-encoding"] !== undefined,
      ...(this.#status === 0 ? {} : { received: this.#received }),
      ...(this.#expected === undefined ? {} : { expected: this.#expected }),
    };
  }

  #settle(reply: Reply): void {
    if (this.#close()) this.#resolve(reply);
  }

  /** Ends the deadline and the watch of the signal. False when that was done before. */
  #close(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#cancel !== undefined) this.#limits.signal?.removeEventListener("abort", this.#cancel);
    return true;
  }
}
