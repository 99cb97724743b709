/**
 * A server on bare sockets, for endpoints that do what no HTTP library would let them do. Reads whole requests and
 * gives each to a function that writes whatever it likes.
 */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

/** One request as it came. */
export interface FauxRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A running misbehaving endpoint: `await using server = await faux.drip();` or `await server.close()`. */
export interface Faux extends AsyncDisposable {
  /** Fit for `openEndpoint`. */
  readonly url: string;
  readonly port: number;
  /** Everything asked so far. */
  readonly requests: readonly FauxRequest[];
  /** Connections accepted so far, and those still open. */
  readonly connections: { readonly total: number; readonly open: number };
  close(): Promise<void>;
}

export type Respond = (socket: Socket, request: FauxRequest) => void | Promise<void>;

export interface RawServerOptions {
  /** PEM texts: the server then speaks TLS. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    /** Of the authority that clients must be signed by. */
    readonly ca?: string;
    readonly requestCert?: boolean;
    readonly rejectUnauthorized?: boolean;
  };
  /** Listens on a unix socket instead of a port. */
  readonly unix?: boolean;
  /** Host in the URL; the server listens on 127.0.0.1 anyway. */
  readonly host?: string;
  readonly port?: number;
  /** Called before anything is read. */
  readonly onConnect?: (socket: Socket) => void;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function rawServer(respond: Respond, options: RawServerOptions = {}): Promise<Faux> {
  const requests: FauxRequest[] = [];
  const sockets = new Set<Socket>();
  let total = 0;
  const accept = (socket: Socket): void => {
    total++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that gives up resets the connection: that is what many tests are about.
    socket.on("error", () => socket.destroy());
    options.onConnect?.(socket);
    readRequests(socket, async (request) => {
      requests.push(request);
      await respond(socket, request);
    });
  };
  const server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept);
  const folder = options.unix === true ? await mkdtemp(join(tmpdir(), "faux-")) : undefined;
  const socketPath = folder === undefined ? undefined : join(folder, "model.sock");
  const port = await listen(server, socketPath ?? options.port ?? 0);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: socketPath === undefined ? `${scheme}://${options.host ?? "127.0.0.1"}:${port}` : `unix:${socketPath}`,
    port,
    requests,
    connections: {
      get total() {
        return total;
      },
      get open() {
        return sockets.size;
      },
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, where: string | number): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    };
    server.once("error", reject);
    if (typeof where === "string") server.listen(where, done);
    else server.listen(where, "127.0.0.1", done);
  });
}

/** Cuts the byte stream into requests; one at a time, in order. */
function readRequests(socket: Socket, take: (request: FauxRequest) => Promise<void>): void {
  let pending = Buffer.alloc(0);
  let last = Promise.resolve();
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf("\r\n\r\n");
      if (end === -1) return;
      const [line = "", ...lines] = pending.subarray(0, end).toString("latin1").split("\r\n");
      const headers = Object.fromEntries(
        lines.map((header) => [
          header.slice(0, header.indexOf(":")).toLowerCase(),
          header.slice(header.indexOf(":") + 1).trim(),
        ]),
      );
      const length = Number(headers["content-length"] ?? 0);
      if (pending.length < end + 4 + length) return;
      const body = pending.subarray(end + 4, end + 4 + length);
      pending = pending.subarray(end + 4 + length);
      const [method = "", path = ""] = line.split(" ");
      last = last.then(() => take({ method, path, headers, body }));
    }
  });
}

/** The bytes of a whole reply. Content-Length is added unless the headers say something about the length themselves. */
export function reply(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Buffer {
  const bytes = Buffer.from(body);
  const hasLength = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (!hasLength) lines.push(`Content-Length: ${bytes.length}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Faux\r\n${lines.join("")}\r\n`, "latin1"), bytes]);
}
