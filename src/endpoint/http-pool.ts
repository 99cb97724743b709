/** Opens the connections of an HTTP endpoint; loads undici's pool (and TLS) only when the first one is needed. */
import type { Pool } from "undici";
import { tallyError } from "../kernel/errors.ts";
import type { HttpAddress } from "./http-address.ts";
import { skipContinue } from "./skip-continue.ts";

export interface PoolOptions {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Absolute path of a PEM file with certificates to trust besides the system's. */
  readonly ca?: string | undefined;
}

/** Bytes of an answer's header section. */
export const maxHeaderBytes = 16 * 1024;

/** Makes a keep-alive pool for one origin. Throws `endpoint-ca` when the certificates cannot be read. */
export async function openPool(address: HttpAddress, options: PoolOptions): Promise<Pool> {
  const [{ default: UndiciPool }, { default: buildConnector }] = await Promise.all([
    import("undici/lib/dispatcher/pool.js"),
    import("undici/lib/core/connect.js"),
  ]);
  const ca = address.isTls && options.ca !== undefined ? { ca: await trustedCertificates(options.ca) } : {};
  const connect = buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
    rejectUnauthorized: true,
    ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
    ...ca,
  });
  return new UndiciPool(address.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    // Deadlines are ours: a total one for each call (http-exchange.ts).
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: maxHeaderBytes,
    connect: (place, callback) =>
      connect(place, (error, socket) => (error ? callback(error, null) : callback(null, skipContinue(socket)))),
  });
}

async function trustedCertificates(path: string): Promise<string[]> {
  const [{ readFile }, { getCACertificates }, { X509Certificate }] = await Promise.all([
    import("node:fs/promises"),
    import("node:tls"),
    import("node:crypto"),
  ]);
  try {
    const pem = await readFile(path, "utf8");
    // Reads the first one only to say early that this is no certificate at all.
    void new X509Certificate(pem);
    return [...getCACertificates("default"), pem];
  } catch (cause) {
    throw tallyError("endpoint-ca", { path, reason: reasonOf(cause) }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "there is no such file";
  return cause instanceof Error && "code" in cause && cause.code === "EISDIR"
    ? "it is a folder"
    : "it is not a PEM certificate";
}
