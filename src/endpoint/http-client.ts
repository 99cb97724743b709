/** Requests to one origin: the pool, the headers and what may be shown of an answer. */
import type { Pool } from "undici";
import { excerpt } from "./excerpt.ts";
import type { HttpAddress } from "./http-address.ts";
import { exchange, type ExchangeLimits, type HttpRequest, isUnasked, type Reply } from "./http-exchange.ts";
import { type Credentials, sentHeaders } from "./http-headers.ts";
import { openPool, type PoolOptions } from "./http-pool.ts";

export class HttpClient {
  readonly address: HttpAddress;
  readonly hasCredentials: boolean;
  readonly #options: PoolOptions;
  readonly #getHeaders: string[];
  readonly #postHeaders: string[];
  readonly #secrets: readonly string[];
  #pool: Promise<Pool> | undefined;
  #opened: Pool | undefined;
  #unasked = 0;

  constructor(address: HttpAddress, options: PoolOptions & Omit<Credentials, "authorization">) {
    this.address = address;
    this.#options = options;
    const sent = sentHeaders({ headers: options.headers, token: options.token, authorization: address.authorization });
    this.hasCredentials = sent.hasCredentials;
    this.#secrets = sent.secrets;
    this.#getHeaders = [...sent.pairs];
    const hasType = sent.pairs.some((name, index) => index % 2 === 0 && name === "content-type");
    this.#postHeaders = hasType ? [...sent.pairs] : [...sent.pairs, "content-type", "application/json"];
  }

  /** Loads what is needed; connects with the first request. */
  async open(): Promise<void> {
    this.#pool ??= openPool(this.address, this.#options);
    const pool = await this.#pool;
    if (this.#opened !== undefined) return;
    this.#opened = pool;
    pool.on("disconnect", (_origin, _targets, error) => {
      if (isUnasked(error)) this.#unasked++;
    });
  }

  /** How often bytes came that nobody had asked for, since the last question. The connection was closed each time. */
  takeUnasked(): number {
    const count = this.#unasked;
    this.#unasked = 0;
    return count;
  }

  async post(path: string, body: Buffer, limits: ExchangeLimits): Promise<Reply> {
    return this.#send({ method: "POST", path, headers: this.#postHeaders, body }, limits);
  }

  async get(path: string, limits: ExchangeLimits): Promise<Reply> {
    return this.#send({ method: "GET", path, headers: this.#getHeaders, body: null }, limits);
  }

  /** What the endpoint sent, shortened, escaped and without our secrets, in case it echoes them. */
  readonly show = (sent: string | Uint8Array): string => {
    let shown = excerpt(sent);
    for (const secret of this.#secrets) shown = shown.replaceAll(secret, "[redacted]");
    return shown;
  };

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    await pool?.destroy();
  }

  async #send(request: HttpRequest, limits: ExchangeLimits): Promise<Reply> {
    if (this.#opened === undefined) await this.open();
    const pool = this.#opened;
    if (pool === undefined) return { kind: "broken", cause: { kind: "cancelled" }, started: false, chunked: false };
    return exchange(pool, request, limits);
  }
}
