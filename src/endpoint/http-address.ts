/** Takes the address of an HTTP endpoint apart: where to connect, what to ask for, what may be shown. */
import { isAbsolute, join } from "node:path";

/** Where an HTTP endpoint is. */
export interface HttpAddress {
  /** `http://host:8080`; of a unix socket `http://localhost`. */
  readonly origin: string;
  readonly socketPath?: string;
  readonly host: string;
  readonly isTls: boolean;
  /** The path without trailing slash, and the query string with its question mark. */
  readonly basePath: string;
  readonly query: string;
  /** `Basic …` when the address holds a user and a password. */
  readonly authorization?: string;
  /** Fit for reports: no user, password or query string. */
  readonly shown: string;
}

/** Undefined when it is no HTTP or unix address, a reason when it is a bad one. */
export function parseHttpAddress(address: string, root: string): HttpAddress | { readonly reason: string } | undefined {
  if (/^https?:\/\//i.test(address)) return parseUrl(address);
  if (address.startsWith("unix:")) return parseUnix(address.slice("unix:".length), root);
  return undefined;
}

/** The path and query string of an operation, or of anything else under the endpoint. */
export function requestPath(address: HttpAddress, name: string): string {
  return `${address.basePath}/${encodeURIComponent(name)}${address.query}`;
}

/** What a person is shown for a request: `http://host/base/process`. */
export function shownUrl(address: HttpAddress, name: string): string {
  return `${address.shown}${address.socketPath !== undefined && address.basePath === "" ? ":" : ""}/${encodeURIComponent(name)}`;
}

function parseUrl(address: string): HttpAddress | { readonly reason: string } {
  if (!URL.canParse(address)) return { reason: "it is not a valid URL" };
  const url = new URL(address);
  const basePath = withoutTrailingSlash(url.pathname);
  const host = url.hostname;
  return {
    origin: url.origin,
    host,
    isTls: url.protocol === "https:",
    basePath,
    query: url.search,
    shown: `${url.origin}${basePath}`,
    ...(url.username === "" && url.password === "" ? {} : { authorization: basic(url) }),
  };
}

/** `unix:/run/model.sock`, `unix:./model.sock`, and with a path after `:/` as nginx writes it: `unix:/run/model.sock:/v1?x=1`. */
function parseUnix(rest: string, root: string): HttpAddress | { readonly reason: string } {
  const cut = rest.indexOf(":/");
  const socket = (cut === -1 ? rest : rest.slice(0, cut)).replace(/^\/\/(?=\/)/, "");
  if (socket === "") return { reason: "the path of the socket is missing, as in unix:/run/model.sock" };
  const url = new URL(cut === -1 ? "/" : rest.slice(cut + 1), "http://localhost");
  const basePath = withoutTrailingSlash(url.pathname);
  return {
    origin: "http://localhost",
    socketPath: isAbsolute(socket) ? socket : join(root, socket),
    host: "localhost",
    isTls: false,
    basePath,
    query: url.search,
    shown: `unix:${socket}${basePath === "" ? "" : `:${basePath}`}`,
  };
}

function basic(url: URL): string {
  const pair = `${unescaped(url.username)}:${unescaped(url.password)}`;
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}

/** A stray percent sign stays one: people paste passwords as they are. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
