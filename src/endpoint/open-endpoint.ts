/** From an address, as people write it after `--endpoint`, to the endpoint behind it. Connects to nothing, starts nothing. */
import { resolve } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { type TallyError, tallyError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import type { Endpoint } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { parseHttpAddress } from "./http-address.ts";
import { HttpEndpoint } from "./http-endpoint.ts";

export interface OpenOptions {
  /** Folder from which relative paths in the address and `ca` count. */
  readonly root: string;
  /** Sent with every request, to the endpoint's origin only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `Authorization: Bearer …`, unless `headers` or the address say otherwise. */
  readonly token?: string | undefined;
  /** PEM file with certificates to trust besides the system's. */
  readonly ca?: string | undefined;
  /** Refuses bare NaN and Infinity in answers. */
  readonly strictJson?: boolean | undefined;
  /** What an object with the same key twice is: an error unless told. */
  readonly duplicateKeys?: "error" | "last" | undefined;
  /** Of one answer; 64 MiB unless told. */
  readonly maxAnswerBytes?: number | undefined;
  /** Until a connection stands; 2 s unless told. */
  readonly connectTimeoutMs?: number | undefined;
  /** Calls under way at once; 8 unless told. */
  readonly concurrency?: number | undefined;
  readonly contract?: Contract | undefined;
  /** Lines that a started program writes to its standard error. */
  readonly log?: ((line: string) => void) | undefined;
}

/** How the address of an endpoint may begin. */
export const schemes: readonly string[] = ["http://", "https://", "unix:", "cmd:", "py:", "node:"];

const defaultConcurrency = 8;

/** Makes the endpoint of an address. Throws `endpoint-address`, `endpoint-header`. */
export function openEndpoint(address: string, options: OpenOptions): Endpoint {
  const http = parseHttpAddress(address, options.root);
  if (http === undefined) throw notAnAddress(address);
  if ("reason" in http) throw badAddress(address, http.reason);
  return new HttpEndpoint(http, {
    headers: options.headers ?? {},
    token: options.token,
    ca: options.ca === undefined ? undefined : resolve(options.root, options.ca),
    strictJson: options.strictJson ?? false,
    duplicateKeys: options.duplicateKeys ?? "error",
    maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1024 * 1024,
    connectTimeoutMs: options.connectTimeoutMs ?? 2_000,
    concurrency: options.concurrency ?? defaultConcurrency,
    operations: Object.keys(options.contract?.operations ?? {}),
  });
}

/** Says what the address may have been meant to be. */
function notAnAddress(address: string): TallyError {
  const meant = guess(address);
  const reason = "it does not begin as one does";
  return badAddress(address, meant === undefined ? reason : `${reason}; is it ${meant}?`);
}

function guess(address: string): string | undefined {
  if (/\.py$/.test(address)) return excerpt(`py:${address}`);
  if (/\.[cm]?[jt]s$/.test(address)) return excerpt(`node:${address}`);
  if (/\.sock$/.test(address)) return excerpt(`unix:${address}`);
  const scheme = /^[a-z][a-z+.-]*:(\/\/)?/i.exec(address)?.[0];
  const meant = scheme === undefined ? undefined : nearest(scheme.toLowerCase(), schemes);
  if (scheme !== undefined && meant !== undefined) return shownAddress(`${meant}${address.slice(scheme.length)}`);
  if (/^(localhost|[\w-]+(\.[\w-]+)*)(:\d+)(\/|$)/i.test(address)) return shownAddress(`http://${address}`);
  return /^\.{0,2}\//.test(address) ? excerpt(`cmd:${address}`) : undefined;
}

function badAddress(address: string, reason: string): TallyError {
  return tallyError("endpoint-address", { address: shownAddress(address), reason, schemes });
}

/** Fit for a message: no user, password or query string, nothing unprintable. */
function shownAddress(address: string): string {
  return excerpt(address.replace(/\?.*$/s, "").replace(/^([\w+.-]+:\/\/)[^/]*@/, "$1"));
}
