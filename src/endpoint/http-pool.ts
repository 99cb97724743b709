/** Opens the connections of an HTTP endpoint; loads undici's pool (and TLS) only when the first one is needed. */
import type { Pool } from "undici";
import type { HttpAddress } from "./http-address.ts";
import { keepAlert } from "./keep-alert.ts";
import { skipContinue } from "./skip-continue.ts";
import type { TlsFiles } from "./tls-files.ts";

export interface PoolOptions {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly tls: TlsFiles;
}

/** Bytes of an answer's header section. */
export const maxHeaderBytes = 16 * 1024;

/** Makes a keep-alive pool for one origin. Throws `endpoint-ca` and `endpoint-client-cert` when certificates cannot be read. */
export async function openPool(address: HttpAddress, options: PoolOptions): Promise<Pool> {
  const [{ default: UndiciPool }, { default: buildConnector }] = await Promise.all([
    import("undici/lib/dispatcher/pool.js"),
    import("undici/lib/core/connect.js"),
  ]);
  const { readTlsFiles } = address.isTls ? await import("./tls-files.ts") : {};
  const connect = buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
    rejectUnauthorized: true,
    ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
    ...(await readTlsFiles?.(options.tls)),
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
      connect(place, (error, socket) =>
        error ? callback(error, null) : callback(null, skipContinue(keepAlert(socket))),
      ),
  });
}
