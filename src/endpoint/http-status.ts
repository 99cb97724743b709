/** What a complete reply's status says, before anybody reads its body as records. */
import { type Problem, problem } from "../kernel/errors.ts";
import { excerpt } from "./excerpt.ts";
import type { HttpAddress } from "./http-address.ts";
import type { Reply } from "./http-exchange.ts";
import type { HttpFault } from "./http-fault.ts";

type Complete = Extract<Reply, { readonly kind: "complete" }>;

/** How a reply is to be taken. */
export type StatusOutcome =
  | { readonly kind: "answer" }
  | ({ readonly kind: "fault"; readonly retryAfterMs?: number } & HttpFault)
  /** 404 or 405: whether only the operation is missing is found out by asking elsewhere. */
  | { readonly kind: "missing" }
  | { readonly kind: "not-implemented" }
  | { readonly kind: "too-large"; readonly fault: Problem };

export interface StatusContext {
  readonly address: HttpAddress;
  readonly url: string;
  readonly operation: string;
  readonly records: number;
  readonly attempt: number;
  /** Whether the request carried credentials. */
  readonly hasCredentials: boolean;
  /** Shortens and escapes what the endpoint sent, secrets removed. */
  readonly show: (sent: string | Uint8Array) => string;
}

/** A Retry-After beyond this is not waited for. */
const longestPauseMs = 30_000;

/** Reads the status of a reply. */
export function judgeStatus(reply: Complete, context: StatusContext): StatusOutcome {
  const { status } = reply;
  const { url } = context;
  if (status >= 200 && status < 300) return { kind: "answer" };
  if (status >= 300 && status < 400) return redirect(reply, context);
  switch (status) {
    case 401:
    case 403: {
      const args = { url, status, sent: context.hasCredentials, excerpt: context.show(reply.body) };
      return faulty(problem("endpoint-credentials", args), { stop: true });
    }
    case 404:
    case 405:
      return { kind: "missing" };
    case 413:
      return { kind: "too-large", fault: problem("endpoint-request-too-large", { url, records: context.records }) };
    case 429:
      return throttled(reply, context);
    case 501:
      return { kind: "not-implemented" };
    case 503:
      return reply.headers["retry-after"] === undefined ? unavailable(reply, context) : throttled(reply, context);
    case 502:
    case 504:
      return unavailable(reply, context);
    default:
      return faulty(statusProblem(reply, context), { splitting: true });
  }
}

function redirect(reply: Complete, context: StatusContext): StatusOutcome {
  const { address, url, operation } = context;
  const location = firstOf(reply.headers["location"]) ?? "";
  const target = URL.canParse(location, address.origin) ? new URL(location, address.origin) : undefined;
  const sameOrigin = target?.origin === address.origin;
  // The query string of another address may hold secrets, as ours may.
  const whole = target === undefined ? location : `${target.origin}${target.pathname}`;
  const shown = sameOrigin ? target.pathname : whole;
  const end = `/${encodeURIComponent(operation)}`;
  const isFit = address.socketPath === undefined && target !== undefined && whole.endsWith(end);
  const endpoint = isFit ? excerpt(whole.slice(0, -end.length)) : undefined;
  const args = { url, status: reply.status, location: excerpt(shown), sameOrigin, endpoint };
  return faulty(problem("endpoint-redirect", args), { stop: true });
}

function throttled(reply: Complete, context: StatusContext): StatusOutcome {
  const header = firstOf(reply.headers["retry-after"]);
  const pauseMs = header === undefined ? undefined : retryAfterMs(header, Date.now());
  const fault = problem("endpoint-throttled", {
    url: context.url,
    status: reply.status,
    attempts: context.attempt,
    retryAfter: header === undefined ? undefined : excerpt(header, 40),
  });
  const isTooLong = pauseMs !== undefined && pauseMs > longestPauseMs;
  const outcome = faulty(fault, { again: !isTooLong, stop: isTooLong });
  return pauseMs === undefined || outcome.kind !== "fault" ? outcome : { ...outcome, retryAfterMs: pauseMs };
}

function unavailable(reply: Complete, context: StatusContext): StatusOutcome {
  return faulty(statusProblem(reply, context), { splitting: true, again: true });
}

function statusProblem(reply: Complete, context: StatusContext): Problem {
  const text = excerpt(reply.statusText, 60);
  return problem("endpoint-status", {
    url: context.url,
    status: reply.status,
    text,
    excerpt: context.show(reply.body),
  });
}

function faulty(fault: Problem, flags: Partial<Omit<HttpFault, "fault">>): StatusOutcome {
  return { kind: "fault", fault, splitting: false, stop: false, again: false, ...flags };
}

/** Seconds or an HTTP date; undefined when it is neither. */
function retryAfterMs(header: string, now: number): number | undefined {
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
