/**
 * The local endpoint: any endpoint over HTTP, as wire version 1. Comes in: an endpoint and, if there is one, its
 * contract. Goes out: an address that answers `POST /{operation}`, `GET /`, `/health` and `/openapi.json`. Knows no
 * engine and no connector.
 */
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { Contract } from "../contract/contract.ts";
import { openApi } from "../contract/openapi.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { isTallyError, tallyError } from "../kernel/errors.ts";
import { hostCheck } from "./allowed-hosts.ts";
import { type Answer, answerRequest, errorAnswer, type KnownOperations } from "./answer-request.ts";
import { describeServer, type ServedDescription } from "./describe-server.ts";
import { FrameGatherer } from "./frame-gatherer.ts";
import { pageHtml } from "./page.ts";
import { pageCss, pageScript } from "./page-files.ts";
import { ReloadingEndpoint } from "./reloading-endpoint.ts";
import { watchFolder } from "./watch-folder.ts";

/** What is served, and where. */
export interface ServeOptions {
  readonly endpoint: Endpoint;
  readonly contract?: Contract | undefined;
  /** 127.0.0.1 unless told; another address makes the server public. */
  readonly host?: string | undefined;
  /** 8080 unless told; 0 lets the system choose. */
  readonly port?: number | undefined;
  /** Total deadline of one call to the endpoint; 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Opens the endpoint again whenever a file below the folder changes. */
  readonly watch?: { readonly folder: string; readonly open: () => Endpoint } | undefined;
  /** Told of every question to an operation that was answered with an error instead of records. */
  readonly onRefusal?: ((operation: string, answer: Answer) => void) | undefined;
  /** Told of changes and of what keeps a changed connector from starting. */
  readonly onReload?: ((reload: { readonly file: string; readonly error?: Error }) => void) | undefined;
}

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  readonly description: ServedDescription;
  close(): Promise<void>;
}

const maxBodyBytes = 64 * 1024 * 1024;
const maxHeaderBytes = 16 * 1024;
/** Of a request, from its first byte to its last: a slow sender does not hold a socket for longer. */
const requestTimeoutMs = 30_000;
const connectionTimeoutMs = 120_000;
/** Longer than the keep-alive of usual clients, so that they close first and never write into a closed socket. */
const keepAliveMs = 65_000;

/** Starts the endpoint and a server before it. Throws a TallyError when either does not start. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { contract, host = "127.0.0.1", port = 8080, timeoutMs = 30_000, watch } = options;
  const reloading = watch && new ReloadingEndpoint(options.endpoint, watch.open);
  const endpoint = reloading ?? options.endpoint;
  await endpoint.start();
  const served = new Served(endpoint, contract, timeoutMs);
  await served.refresh();
  const app = await buildApp(served, host, options.onRefusal);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await endpoint.close();
    throw tallyError("serve-address", { host, port, reason: reasonOf(error) }, { cause: error });
  }
  const watching =
    reloading &&
    watch &&
    watchFolder(watch.folder, (file) => {
      void reload(reloading, served).then((error) => options.onReload?.({ file, ...(error && { error }) }));
    });
  return {
    url: addressOf(app, host),
    get description() {
      return served.description;
    },
    async close() {
      watching?.close();
      await app.close();
      await endpoint.close();
    },
  };
}

async function reload(endpoint: ReloadingEndpoint, served: Served): Promise<Error | undefined> {
  const error = await endpoint.reload();
  if (error === undefined) await served.refresh();
  return error;
}

/** What the routes share: the endpoint, and what it and the contract say of the operations. */
class Served {
  readonly contract: Contract | undefined;
  readonly gatherer: FrameGatherer;
  readonly #endpoint: Endpoint;
  #description: ServedDescription;
  #known: KnownOperations = { names: [], declared: new Set() };

  constructor(endpoint: Endpoint, contract: Contract | undefined, timeoutMs: number) {
    this.contract = contract;
    this.gatherer = new FrameGatherer(endpoint, timeoutMs);
    this.#endpoint = endpoint;
    this.#description = describeServer(contract, undefined);
  }

  get description(): ServedDescription {
    return this.#description;
  }

  get known(): KnownOperations {
    return this.#known;
  }

  /** Asks the endpoint anew what it offers. */
  async refresh(): Promise<void> {
    const said = await this.#endpoint.describe();
    this.#description = describeServer(this.contract, said);
    // Without a word from the endpoint anything may be an operation: it will say itself.
    const names = said?.operations === undefined ? [] : Object.keys(this.#description.operations);
    this.#known = { names, declared: new Set(Object.keys(this.contract?.operations ?? {})) };
  }
}

async function buildApp(served: Served, host: string, onRefusal: ServeOptions["onRefusal"]): Promise<FastifyInstance> {
  const { fastify } = await import("fastify");
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: connectionTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: "idle",
    http: { maxHeaderSize: maxHeaderBytes },
    routerOptions: { maxParamLength: 200 },
  });
  const isAllowedHost = hostCheck(host);
  app.addHook("onRequest", (request, reply, done) => {
    if (isAllowedHost(request.headers.host)) done();
    else send(reply, errorAnswer(403, "host-not-allowed", `This server does not answer to the host ${request.host}.`));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, _request, reply) => send(reply, refused(error)));
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.slice(0, 200)}. Operations: POST /{operation}.`;
    send(reply, errorAnswer(404, "not-found", message, { operations: Object.keys(served.description.operations) }));
  });
  addRoutes(app, served, onRefusal);
  return app;
}

function addRoutes(app: FastifyInstance, served: Served, onRefusal: ServeOptions["onRefusal"]): void {
  app.post<{ Params: { operation: string }; Body: Buffer | undefined }>("/:operation", async (request, reply) => {
    const { operation } = request.params;
    const answer = await answerRequest(served.gatherer, operation, request.body ?? empty, served.known);
    if (answer.status >= 400) onRefusal?.(operation, answer);
    return send(reply, answer);
  });
  app.get("/", (request, reply) => {
    if (!/\btext\/html\b/.test(request.headers.accept ?? ""))
      return send(reply, { status: 200, body: JSON.stringify(served.description) });
    const page = pageHtml(served.description, `http://${request.host}`, served.contract);
    return sendFile(reply, "text/html; charset=utf-8", page);
  });
  app.get("/page.js", (_request, reply) => sendFile(reply, "text/javascript; charset=utf-8", pageScript));
  app.get("/page.css", (_request, reply) => sendFile(reply, "text/css; charset=utf-8", pageCss));
  app.get("/health", (_request, reply) => send(reply, { status: 200, body: '{"status":"ok"}' }));
  app.get("/openapi.json", (request, reply) => {
    if (!served.contract) return send(reply, errorAnswer(404, "no-contract", "There is no tally.toml to describe it."));
    const servers = [`http://${request.host}`];
    return send(reply, { status: 200, body: JSON.stringify(openApi(served.contract, { servers })) });
  });
}

const empty = Buffer.alloc(0);

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  return reply.code(status).header("content-type", "application/json; charset=utf-8").send(body);
}

/** Everything the page needs comes from here, and nothing else may. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function sendFile(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .header("content-type", type)
    .header("content-security-policy", policy)
    .header("x-content-type-options", "nosniff")
    .send(text);
}

/** What Fastify refuses before a route sees it, and what is our own fault. */
function refused(error: FastifyError): Answer {
  const status = error.statusCode ?? 500;
  if (status === 413)
    return errorAnswer(413, "body-too-large", `A body may have ${maxBodyBytes} bytes; send fewer records at a time.`);
  if (status === 415)
    return errorAnswer(415, "content-type", 'The body must be JSON: send "content-type: application/json".');
  if (status < 500) return errorAnswer(status, "bad-request", error.message);
  return errorAnswer(500, isTallyError(error) ? error.code : "internal", error.message);
}

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") return "something else listens there";
  if (code === "EACCES") return "this port needs more rights";
  if (code === "EADDRNOTAVAIL") return "this machine has no such address";
  return error instanceof Error ? error.message : String(error);
}
