/** From an address, as people write it after `--endpoint`, to the endpoint behind it. Connects to nothing, starts nothing. */
import { resolve } from "node:path";
import type { LogLine } from "../connector/program-log.ts";
import type { Contract } from "../contract/contract.ts";
import { type TallyError, tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import { isSingleFile } from "../kernel/own-package.ts";
import type { LocalConnector } from "./worker-launch.ts";
import type { Endpoint } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { parseHttpAddress } from "./http-address.ts";
import { HttpEndpoint } from "./http-endpoint.ts";
import { LazyEndpoint } from "./lazy-endpoint.ts";
import type { TlsFiles } from "./tls-files.ts";

export interface OpenOptions {
  /** Folder from which relative paths in the address and of certificates count. */
  readonly root: string;
  /** Sent with every request, to the endpoint's origin only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `Authorization: Bearer …`, unless `headers` or the address say otherwise. */
  readonly token?: string | undefined;
  /** PEM file with certificates to trust besides the system's. */
  readonly ca?: string | undefined;
  /** PEM files of our own certificate and its private key, for servers that want one. */
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  /** Refuses bare NaN and Infinity in answers. */
  readonly strictJson?: boolean | undefined;
  /** What an object with the same key twice is: an error unless told. */
  readonly duplicateKeys?: "error" | "last" | undefined;
  /** Of one answer; 64 MiB unless told. */
  readonly maxAnswerBytes?: number | undefined;
  /** Until a connection stands; 2 s unless told. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long a connector may take to load; 30 s unless told. */
  readonly startTimeoutMs?: number | undefined;
  /** Calls under way at once over HTTP; 8 unless told. A program gets one at a time, a connector as many as it has workers. */
  readonly concurrency?: number | undefined;
  readonly contract?: Contract | undefined;
  /** Loads a `node:` connector into this process instead of a worker. */
  readonly inProcess?: boolean | undefined;
  /** Lines that a started program or connector prints. */
  readonly log?: ((line: LogLine) => void) | undefined;
}

/** How the address of an endpoint may begin. */
const schemes: readonly string[] = ["http://", "https://", "unix:", "cmd:", "py:", "node:"];

const defaultConcurrency = 8;

/** Makes the endpoint of an address. Throws `endpoint-address`, `endpoint-header`. */
export function openEndpoint(address: string, options: OpenOptions): Endpoint {
  if (address.startsWith("cmd:")) return openProgram(address, options);
  if (address.startsWith("py:") || address.startsWith("node:")) return openConnector(address, options);
  const http = parseHttpAddress(address, options.root);
  if (http === undefined) throw badAddress(address, "it does not begin as one does", guess(address));
  if ("reason" in http) throw badAddress(address, http.reason);
  return new HttpEndpoint(http, {
    headers: options.headers ?? {},
    token: options.token,
    tls: tlsFiles(options),
    strictJson: options.strictJson ?? false,
    duplicateKeys: options.duplicateKeys ?? "error",
    maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1024 * 1024,
    connectTimeoutMs: options.connectTimeoutMs ?? 2_000,
    concurrency: options.concurrency ?? defaultConcurrency,
    operations: Object.keys(options.contract?.operations ?? {}),
  });
}

function tlsFiles({ ca, clientCert, clientKey, root }: OpenOptions): TlsFiles {
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(root, path);
  return { ca: absolute(ca), clientCert: absolute(clientCert), clientKey: absolute(clientKey) };
}

/** `cmd:./build/model --flag`: one program; its command is split like POSIX words and given to no shell. */
function openProgram(address: string, { root, log }: OpenOptions): Endpoint {
  const command = address.slice("cmd:".length);
  return new LazyEndpoint({ url: excerpt(address), concurrency: 1 }, async () => {
    const { stdioEndpoint } = await import("./stdio-endpoint.ts");
    return stdioEndpoint({ command, cwd: root, onLog: log });
  });
}

/** `py:research/connector.py`, `node:research/connector.ts`. */
function openConnector(address: string, options: OpenOptions): Endpoint {
  const { root, contract, log, inProcess, startTimeoutMs } = options;
  if (isSingleFile) throw tallyError("connector-not-carried", { address: shownAddress(address) });
  const file = address.slice(address.indexOf(":") + 1);
  if (file === "") throw badAddress(address, "the path of the connector is missing, as in py:research/connector.py");
  const connector = connectorOf(address, resolve(root, file), contract);
  if (inProcess === true && connector.kind === "node") {
    return new LazyEndpoint({ url: excerpt(address), concurrency: 1 }, async () => {
      const { inProcessEndpoint } = await import("./in-process-endpoint.ts");
      return inProcessEndpoint({ path: connector.path, contract, onLog: log });
    });
  }
  return new LazyEndpoint({ url: excerpt(address), concurrency: connector.workers }, async () => {
    const { workerEndpoint } = await import("./worker-endpoint.ts");
    return workerEndpoint({ connector, contract, cwd: root, startTimeoutMs, onLog: log });
  });
}

/** Interpreter, workers and the like are the contract's when it names the same file. */
function connectorOf(address: string, path: string, contract: Contract | undefined): LocalConnector {
  const kind = address.startsWith("py:") ? "python" : "node";
  const declared = contract?.connector;
  if (declared !== undefined && declared.kind === kind && declared.path === path) return declared;
  const common = { path, workers: 1, env: {} };
  return kind === "python" ? { ...common, kind, dtypes: "nullable" } : { ...common, kind };
}

/** What the address may have been meant to be. */
function guess(address: string): string | undefined {
  if (address.endsWith(".py")) return excerpt(`py:${address}`);
  if (/\.[cm]?[jt]s$/.test(address)) return excerpt(`node:${address}`);
  if (address.endsWith(".sock")) return excerpt(`unix:${address}`);
  const scheme = /^[a-z][a-z+.-]*:(\/\/)?/i.exec(address)?.[0];
  const meant = scheme === undefined ? undefined : nearest(scheme.toLowerCase(), schemes);
  if (scheme !== undefined && meant !== undefined) return shownAddress(`${meant}${address.slice(scheme.length)}`);
  if (/^(localhost|[\w-]+(\.[\w-]+)*)(:\d+)(\/|$)/i.test(address)) return shownAddress(`http://${address}`);
  return /^\.{0,2}\//.test(address) ? excerpt(`cmd:${address}`) : undefined;
}

function badAddress(address: string, reason: string, meant?: string): TallyError {
  return tallyError("endpoint-address", { address: shownAddress(address), reason, meant, schemes });
}

/** Fit for a message: no user, password or query string, nothing unprintable. */
function shownAddress(address: string): string {
  return excerpt(address.replace(/\?.*$/s, "").replace(/^([\w+.-]+:\/\/)[^/]*@/, "$1"));
}
