/**
 * Requests to one registry. Comes in: a method, a path, a body. Goes out: a complete answer, once who we are was proven in
 * the way that the registry asks for (a token of its service, or a password). Sends a secret to nobody else.
 */
import type { Pool } from "undici";
import { certificateReason } from "../../endpoint/certificate-reason.ts";
import { parseHttpAddress } from "../../endpoint/http-address.ts";
import { exchange, type HttpRequest, type Reply } from "../../endpoint/http-exchange.ts";
import { openPool } from "../../endpoint/http-pool.ts";
import { invariant, tallyError } from "../../kernel/errors.ts";
import { isTable, parseTable, stringAt } from "../json-table.ts";
import { type Challenge, readChallenge } from "./challenge.ts";
import type { ImageReference } from "./image-reference.ts";
import { type Credentials, findCredentials } from "./registry-credentials.ts";

export interface RegistryOptions {
  /** HTTP without TLS: for a registry on this machine or in a closed network. */
  readonly plainHttp?: boolean | undefined;
  /** PEM file with certificates to trust besides the system's. */
  readonly ca?: string | undefined;
  /** For one request, from the first byte to the last. */
  readonly timeoutMs?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export type RegistryAnswer = Extract<Reply, { readonly kind: "complete" }>;

export interface Asked extends Pick<HttpRequest, "method"> {
  /** From the registry's root, or a whole URL that the registry gave. */
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: Buffer;
  readonly maxBytes?: number;
}

const defaultTimeoutMs = 300_000;
const connectTimeoutMs = 10_000;
const maxJsonBytes = 4 * 1024 * 1024;
const maxRedirects = 3;

export class RegistryConnection implements AsyncDisposable {
  readonly #reference: ImageReference;
  readonly #actions: string;
  readonly #options: RegistryOptions;
  readonly #pools = new Map<string, Promise<Pool>>();
  readonly #origin: string;
  #authorization: string | undefined;

  /** `actions` are what a token is asked for: `pull` or `pull,push`. */
  constructor(reference: ImageReference, actions: "pull" | "pull,push", options: RegistryOptions) {
    this.#reference = reference;
    this.#actions = actions;
    this.#options = options;
    const host = reference.registry === "docker.io" ? "registry-1.docker.io" : reference.registry;
    this.#origin = `${options.plainHttp === true ? "http" : "https"}://${host}`;
  }

  /** Below `/v2/NAME/`. */
  path(rest: string): string {
    const { name, registry } = this.#reference;
    return `/v2/${registry === "docker.io" && !name.includes("/") ? `library/${name}` : name}/${rest}`;
  }

  /** The answer, of whatever status but 401 and 403. Throws when there is none. */
  async ask(asked: Asked): Promise<RegistryAnswer> {
    let reply = await this.#send(asked, this.#authorization);
    if (reply.status === 401) {
      this.#authorization = await this.#authorize(readChallenge(reply.headers["www-authenticate"]));
      if (this.#authorization !== undefined) reply = await this.#send(asked, this.#authorization);
    }
    if (reply.status === 401 || reply.status === 403) throw this.#refused(reply);
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pool of this.#pools.values()) await (await pool).destroy();
  }

  /** Follows redirects to where blobs are kept; there the registry's secrets are not sent. */
  async #send(asked: Asked, authorization: string | undefined): Promise<RegistryAnswer> {
    let url: URL = new URL(asked.path, this.#origin);
    for (let steps = 0; ; steps += 1) {
      if (url.protocol !== "https:" && this.#options.plainHttp !== true)
        throw this.#wrong("it leads to HTTP without TLS");
      const isOwn = url.origin === this.#origin;
      const reply = await this.#exchange(url, asked, isOwn ? authorization : undefined);
      const isRedirect = [301, 302, 303, 307, 308].includes(reply.status) && asked.method === "GET";
      const location = reply.headers["location"];
      if (!isRedirect || typeof location !== "string" || !URL.canParse(location, url.href)) return reply;
      if (steps === maxRedirects) throw this.#wrong(`it redirects more than ${maxRedirects} times`);
      url = new URL(location, url);
    }
  }

  async #exchange(url: URL, asked: Asked, authorization: string | undefined): Promise<RegistryAnswer> {
    const { body = null, headers = [], maxBytes = maxJsonBytes, method } = asked;
    const pool = await this.#pool(url);
    const reply = await exchange(
      pool,
      {
        method,
        path: url.pathname + url.search,
        headers: [
          ...headers,
          "user-agent",
          "tally",
          ...(authorization === undefined ? [] : ["authorization", authorization]),
        ],
        body,
      },
      { timeoutMs: this.#options.timeoutMs ?? defaultTimeoutMs, maxAnswerBytes: maxBytes },
    );
    if (reply.kind === "broken") throw this.#broken(url, reply);
    return reply;
  }

  #pool({ origin }: URL): Promise<Pool> {
    const made = this.#pools.get(origin) ?? this.#open(origin);
    this.#pools.set(origin, made);
    return made;
  }

  #open(origin: string): Promise<Pool> {
    const address = parseHttpAddress(origin, "/");
    invariant(address !== undefined && !("reason" in address), "an origin that is no address");
    return openPool(address, { connections: 4, connectTimeoutMs, tls: { ca: this.#options.ca } });
  }

  /** What the registry's challenge asks for; undefined where there is nothing to give. */
  async #authorize(challenge: Challenge | undefined): Promise<string | undefined> {
    const credentials = findCredentials(this.#reference.registry, this.#options.env);
    if (challenge === undefined) throw this.#wrong("it refuses and does not say what it wants (no WWW-Authenticate)");
    if (challenge.scheme === "basic") return credentials?.kind === "password" ? basic(credentials) : undefined;
    const token = await this.#token(challenge, credentials);
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  /** Asks the registry's token service. */
  async #token({ realm, service }: Challenge, credentials: Credentials | undefined): Promise<string | undefined> {
    if (!URL.canParse(realm)) throw this.#wrong("it names no service that gives tokens");
    const url = new URL(realm);
    if (url.protocol !== "https:" && this.#options.plainHttp !== true)
      throw this.#wrong("its service for tokens has no TLS");
    // Challenges name what one request needs; a token for all of them is asked for once.
    const wanted = `repository:${this.path("").slice("/v2/".length, -1)}:${this.#actions}`;
    const fields = { ...(service === undefined ? {} : { service }), scope: wanted };
    const isIdentity = credentials?.kind === "identity";
    if (!isIdentity) for (const [key, value] of Object.entries(fields)) url.searchParams.set(key, value);
    const form = isIdentity
      ? new URLSearchParams({
          ...fields,
          grant_type: "refresh_token",
          client_id: "tally",
          refresh_token: credentials.token,
        })
      : undefined;
    const reply = await this.#exchange(
      url,
      {
        method: form === undefined ? "GET" : "POST",
        path: "",
        ...(form === undefined
          ? {}
          : { body: Buffer.from(String(form)), headers: ["content-type", "application/x-www-form-urlencoded"] }),
      },
      credentials?.kind === "password" ? basic(credentials) : undefined,
    );
    if (reply.status === 401 || reply.status === 403) return undefined;
    return tokenOf(reply.body) ?? this.#throw(`its service for tokens answered ${reply.status} without one`);
  }

  #throw(reason: string): never {
    throw this.#wrong(reason);
  }

  #wrong(reason: string): Error {
    return tallyError("registry-answer", { reference: this.#reference.shown, reason });
  }

  #refused({ body, status }: RegistryAnswer): Error {
    const { registry, shown } = this.#reference;
    const known = findCredentials(registry, this.#options.env) !== undefined;
    const reason = `${status}${said(body)}`;
    return tallyError("registry-refused", { reference: shown, registry, reason, known });
  }

  #broken(url: URL, { cause, expected, received, started }: Extract<Reply, { readonly kind: "broken" }>): Error {
    const at = url.origin;
    if (cause.kind === "network") {
      const { error } = cause;
      const code = "code" in error && typeof error.code === "string" ? error.code : "";
      const certificate = certificateReason(error, code);
      const tls = /SSL|TLS|EPROTO/.test(code) ? "it does not speak TLS" : undefined;
      const reason = certificate ?? tls ?? (started ? brokenOff(received, expected) : code || error.message);
      return started && certificate === undefined
        ? tallyError("registry-incomplete", { at, reason }, { cause: error })
        : tallyError("registry-unreachable", { at, reason }, { cause: error });
    }
    if (cause.kind === "deadline") {
      const { timeoutMs = defaultTimeoutMs } = this.#options;
      return tallyError("registry-incomplete", { at, reason: `it was not done after ${timeoutMs / 1000} s` });
    }
    return this.#wrong(
      cause.kind === "too-large" ? "its answer is larger than it may be" : "its answer is no HTTP that can be trusted",
    );
  }
}

function brokenOff(received: number | undefined, expected: number | undefined): string {
  return expected === undefined
    ? "the connection ended in the middle"
    : `the connection ended after ${received ?? 0} of ${expected} bytes`;
}

function basic({ password, user }: Extract<Credentials, { readonly kind: "password" }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}

function tokenOf(body: Buffer): string | undefined {
  const answer = parseTable(body.toString("utf8")) ?? {};
  return stringAt(answer, "token") ?? stringAt(answer, "access_token");
}

/** The first error of a registry's answer, shortened. */
export function said(body: Buffer): string {
  const errors = parseTable(body.toString("utf8"))?.["errors"];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isTable(first)) return "";
  const words = [stringAt(first, "code"), stringAt(first, "message")].filter((word) => word !== undefined);
  return `: ${words
    .join(" ")
    .slice(0, 200)
    .replaceAll(/[^\x20-\x7e]/g, "?")}`;
}
