/** Says what is wrong when no complete reply came, and whether asking again may help. */
import { type Problem, problem } from "../kernel/errors.ts";
import { certificateReason, refusalOfOurs } from "./certificate-reason.ts";
import { excerpt } from "./excerpt.ts";
import type { HttpAddress } from "./http-address.ts";
import { maxHeaders, type Reply } from "./http-exchange.ts";
import { maxHeaderBytes } from "./http-pool.ts";
import { isInContainer, isLocalhost } from "./in-container.ts";

/** A fault and what may be done about it. */
export interface HttpFault {
  readonly fault: Problem;
  /** Asking fewer records may help. */
  readonly splitting: boolean;
  /** Asking anything more is pointless. */
  readonly stop: boolean;
  /** Nothing was answered: the same call may be sent again. */
  readonly again: boolean;
}

export interface FaultContext {
  readonly address: HttpAddress;
  /** Shown address of the request. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Whether the endpoint answered anything in this run: then a refused connection may be a restart. */
  readonly hasAnswered: boolean;
  /** Whether we show a certificate of our own. */
  readonly hasCertificate: boolean;
}

type Broken = Extract<Reply, { readonly kind: "broken" }>;

/** Turns a broken exchange into a fault. */
export function faultOf(broken: Broken, context: FaultContext): HttpFault {
  const { url } = context;
  const { cause, received, expected } = broken;
  switch (cause.kind) {
    case "deadline":
      return perCall(problem("endpoint-timeout", { url, timeoutMs: context.timeoutMs, received, expected }));
    case "cancelled":
      return pointless(problem("endpoint-cancelled", { url }));
    case "too-large":
      return perCall(problem("endpoint-answer-too-large", { url, limit: context.maxAnswerBytes }));
    case "too-many-headers":
      return perEndpoint(problem("endpoint-headers", { url, limit: `${maxHeaders} lines (${cause.count})` }));
    case "ambiguous-length":
      return perEndpoint(problem("endpoint-message-length", { url, reason: cause.reason }));
    case "network":
      return networkFault(broken, cause.error, context);
  }
}

const unreachable = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ENOENT", "there is no such socket"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EHOSTUNREACH", "no route to the host"],
  ["EHOSTDOWN", "the host is down"],
  ["ENETUNREACH", "the network is unreachable"],
  ["EADDRNOTAVAIL", "the address is not available"],
  ["ENOTSOCK", "this is not a socket"],
  ["ETIMEDOUT", "no connection in time"],
  ["UND_ERR_CONNECT_TIMEOUT", "no connection in time"],
]);

const unknownHost = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME", "EAI_NODATA", "EAI_FAIL"]);

function networkFault(broken: Broken, error: Error, context: FaultContext): HttpFault {
  const { url, address } = context;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const certificate = address.isTls ? certificateReason(error, code) : undefined;
  if (certificate !== undefined) return pointless(problem("endpoint-certificate", { url, reason: certificate }));
  const refusal = address.isTls ? refusalOfOurs(code) : undefined;
  if (refusal !== undefined)
    return pointless(problem("endpoint-wants-certificate", { url, reason: refusal, given: context.hasCertificate }));
  if (unknownHost.has(code)) return pointless(problem("endpoint-unknown-host", { url, host: address.host }));
  const reason = unreachable.get(code);
  if (reason !== undefined && !broken.started) {
    const fault = problem("endpoint-unreachable", {
      url: address.shown,
      reason,
      check: reachabilityCheck(address),
      container: isLocalhost(address) && isInContainer(),
    });
    return { fault, splitting: false, stop: true, again: context.hasAnswered };
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return perEndpoint(problem("endpoint-headers", { url, limit: `${maxHeaderBytes} bytes` }));
  }
  return protocolFault(broken, error, code, url) ?? brokenOff(broken, code, error, context);
}

/** What is not, or not quite, HTTP/1.1. */
function protocolFault(broken: Broken, error: Error, code: string, url: string): HttpFault | undefined {
  const hasHeaders = broken.received !== undefined;
  // undici counts the body against the sum of what the headers said: without headers they contradict each other.
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" && !hasHeaders) {
    return perEndpoint(problem("endpoint-message-length", { url, reason: "more than one length is declared" }));
  }
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" || code === "EPROTO") {
    const reason = "it does not speak TLS; is it http:// instead of https://?";
    return pointless(problem("endpoint-not-http", { url, reason, first: "" }));
  }
  const isParserError = error.name === "HTTPParserError";
  if (!isParserError && !/^bad (response|upgrade)$/.test(error.message)) return undefined;
  const first = "data" in error && typeof error.data === "string" ? excerpt(error.data, 40) : "";
  const reason = parserReason(error);
  if (!hasHeaders) return pointless(problem("endpoint-not-http", { url, reason, first }));
  // Nothing left to complain about: the body just ended too soon.
  return first === "" ? undefined : perCall(problem("endpoint-message-length", { url, reason }));
}

/** The connection ended before the reply did. */
function brokenOff(broken: Broken, code: string, error: Error, context: FaultContext): HttpFault {
  const { url } = context;
  const { received, expected, chunked, started } = broken;
  if (code === "ECONNRESET" || code === "EPIPE") {
    return again(problem("endpoint-reset", { url, received: received ?? 0, expected }), started);
  }
  const isCut = code === "UND_ERR_SOCKET" || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";
  if (isCut || error.name === "HTTPParserError") {
    const anonymous = context.address.isTls && !context.hasCertificate && !context.hasAnswered;
    const args = received === undefined ? { url, anonymous } : { url, received, expected, chunked };
    return again(problem("endpoint-incomplete", args), started);
  }
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED")
    return pointless(problem("endpoint-cancelled", { url }));
  const reason = excerpt(tlsReason(error) ?? (code === "" ? error.message : `${code}: ${error.message}`));
  return again(problem("endpoint-connection", { url, reason }), started);
}

/** Of `405D…:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:…` what a person can read. */
function tlsReason({ message }: Error): string | undefined {
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1];
}

function parserReason(error: Error): string {
  return excerpt(/\((.*)\)$/s.exec(error.message)?.[1] ?? error.message);
}

function reachabilityCheck(address: HttpAddress): string {
  return address.socketPath === undefined
    ? `curl -i ${address.shown}/health`
    : `curl -i --unix-socket ${address.socketPath} http://localhost${address.basePath}/health`;
}

function perCall(fault: Problem): HttpFault {
  return { fault, splitting: true, stop: false, again: false };
}

function perEndpoint(fault: Problem): HttpFault {
  return { fault, splitting: false, stop: false, again: false };
}

function pointless(fault: Problem): HttpFault {
  return { fault, splitting: false, stop: true, again: false };
}

/** May be sent again as long as nothing had been answered. */
function again(fault: Problem, started: boolean): HttpFault {
  return { fault, splitting: true, stop: false, again: !started };
}
