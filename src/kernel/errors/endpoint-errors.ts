import { defineErrors } from "./define.ts";

/** `17 of 100 body bytes`, `17 body bytes`, `0 bytes`: how far an answer came. */
function progress(a: { received: number; expected?: number | undefined }): string {
  return a.expected === undefined ? `${a.received} body bytes` : `${a.received} of ${a.expected} body bytes`;
}

/** `64 MiB`, `1500 bytes`. */
function size(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}

/** `30 s`, `250 ms`. */
function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${Math.round(ms)} ms`;
}

/** How an endpoint can be wrong: each is an event of a run, never a mismatch (docs/reference/errors.md). */
export const endpointErrors = defineErrors({
  "endpoint-address": {
    exit: 2,
    say: (a: { address: string; reason: string; meant?: string | undefined; schemes: readonly string[] }) =>
      `"${a.address}" is not the address of an endpoint: ${a.reason}.`,
    hint: (a) =>
      `${a.meant === undefined ? "" : `Is it ${a.meant} ? `}Addresses begin with one of ${a.schemes.join(" ")}`,
  },
  "endpoint-header": {
    exit: 2,
    say: (a: { name: string; reason: string }) => `The header "${a.name}" cannot be sent: ${a.reason}.`,
    hint: () => `Write it as --header "Name: value".`,
  },
  "endpoint-unreachable": {
    exit: 3,
    say: (a: { url: string; reason: string; check: string; container?: boolean }) =>
      `No answer from ${a.url} (${a.reason}).`,
    hint: (a) => {
      const start = `Start it first, or check the address: ${a.check}`;
      return a.container === true
        ? `In a container, localhost is the container itself: for an endpoint on the host add --network host to docker run, or name host.docker.internal. ${start}`
        : start;
    },
  },
  "endpoint-not-ready": {
    exit: 3,
    say: (a: { url: string; waitMs: number; last: string }) =>
      `${a.url} was not ready within ${duration(a.waitMs)}. The last time: ${a.last}`,
    hint: () =>
      "Give it more time with --wait 60s, or name another address that tells when it is ready with --ready URL.",
  },
  "endpoint-unknown-host": {
    exit: 3,
    say: (a: { url: string; host: string }) => `Unknown host "${a.host}" (${a.url}).`,
    hint: (a) => `Check the spelling, or whether this machine can look it up: getent hosts ${a.host}`,
  },
  "endpoint-timeout": {
    exit: 3,
    say: (a: { url: string; timeoutMs: number; received?: number | undefined; expected?: number | undefined }) =>
      a.received === undefined
        ? `No answer from ${a.url} within ${duration(a.timeoutMs)}.`
        : `The answer of ${a.url} was not complete within ${duration(a.timeoutMs)} (got ${progress({ received: a.received, expected: a.expected })}).`,
    hint: () =>
      "Allow a call more time with --timeout 60s, ask fewer records at a time with --batch 16, or, if it serves one connection at a time, -j 1.",
  },
  "endpoint-reset": {
    exit: 3,
    say: (a: { url: string; received: number; expected?: number | undefined }) =>
      `${a.url} reset the connection after ${progress(a)}.`,
    hint: () => "The endpoint or something before it broke off: see its log for the time of this call.",
  },
  "endpoint-incomplete": {
    exit: 3,
    say: (a: {
      url: string;
      received?: number;
      expected?: number | undefined;
      chunked?: boolean;
      anonymous?: boolean;
    }) => {
      if (a.received === undefined) return `${a.url} closed the connection without an answer.`;
      if (a.chunked === true) {
        return `${a.url} closed the connection after ${a.received} bytes of a chunked body that was not terminated.`;
      }
      return `${a.url} closed the connection after ${progress({ received: a.received, expected: a.expected })}.`;
    },
    hint: (a) =>
      a.anonymous === true
        ? "It may have died: see its log. A server that wants a certificate of its clients may also end a connection like this: --client-cert our.pem --client-key our.key"
        : "Nothing of a partial answer is judged. The endpoint may have died: see its log for the time of this call.",
  },
  "endpoint-message-length": {
    exit: 3,
    say: (a: { url: string; reason: string }) => `The length of the answer of ${a.url} is ambiguous (${a.reason}).`,
    hint: () => "Send exactly one Content-Length, or Transfer-Encoding: chunked, never both.",
  },
  "endpoint-not-http": {
    exit: 3,
    say: (a: { url: string; reason: string; first: string }) =>
      `${a.url} does not speak HTTP/1.1 (${a.first === "" ? a.reason : `first bytes "${a.first}"`}).`,
    hint: () => "Another service may listen on this port: check the port of the endpoint.",
  },
  "endpoint-headers": {
    exit: 3,
    say: (a: { url: string; limit: string }) => `The headers of the answer of ${a.url} exceed ${a.limit}.`,
    hint: () => "Wire version 1 needs no header at all: remove what the endpoint adds.",
  },
  "endpoint-answer-too-large": {
    exit: 3,
    say: (a: { url: string; limit: number }) => `The answer of ${a.url} exceeds ${size(a.limit)}.`,
    hint: () => "Ask fewer records at a time: --batch 16",
  },
  "endpoint-answer-expands": {
    exit: 3,
    say: (a: { url: string; encoding: string; limit: number }) =>
      `The compressed answer of ${a.url} (${a.encoding}) expands beyond ${size(a.limit)}.`,
    hint: () =>
      "Tally asks for uncompressed answers (Accept-Encoding: identity): turn compression off for the endpoint.",
  },
  "endpoint-encoding": {
    exit: 3,
    say: (a: { url: string; encoding: string; reason: string }) =>
      `The answer of ${a.url} says Content-Encoding: ${a.encoding}, but ${a.reason}.`,
    hint: () =>
      "Tally asks for uncompressed answers (Accept-Encoding: identity): turn compression off for the endpoint.",
  },
  "endpoint-redirect": {
    exit: 3,
    say: (a: { url: string; status: number; location: string; sameOrigin: boolean; endpoint?: string | undefined }) =>
      `${a.url} redirects (${a.status}) ${a.sameOrigin ? `to ${a.location}` : `to another origin (${a.location})`}; not followed.`,
    hint: (a) =>
      a.endpoint === undefined
        ? "Redirects are never followed, and credentials never leave the endpoint's origin: name the right address with --endpoint."
        : `Redirects are never followed. If that is the endpoint: --endpoint ${a.endpoint}`,
  },
  "endpoint-credentials": {
    exit: 3,
    say: (a: { url: string; status: number; sent: boolean; excerpt: string }) =>
      `${a.url} refuses ${a.sent ? "our credentials" : "a call without credentials"} (${a.status})${a.excerpt === "" ? "" : `: "${a.excerpt}"`}.`,
    hint: () => `Set TALLY_TOKEN, or give --header "Authorization: …".`,
  },
  "endpoint-throttled": {
    exit: 3,
    say: (a: { url: string; status: number; attempts: number; retryAfter?: string | undefined }) =>
      `${a.url} asks for fewer calls (${a.status}${a.retryAfter === undefined ? "" : `, Retry-After: ${a.retryAfter}`}), attempt ${a.attempts}.`,
    hint: () => "Ask with fewer calls at a time (-j 1), or raise the limit of the endpoint.",
  },
  "endpoint-status": {
    exit: 3,
    say: (a: { url: string; status: number; text: string; excerpt: string }) =>
      `${a.url} answered ${a.status}${a.text === "" ? "" : ` ${a.text}`}${a.excerpt === "" ? "" : `: "${a.excerpt}"`}.`,
    hint: (a) =>
      a.status >= 500
        ? `See the endpoint's log. A record that fails alone can be answered {"$error": {"type", "message"}} in its place.`
        : "The endpoint does not accept this request: a JSON array of records, sent with POST as application/json.",
  },
  "endpoint-request-too-large": {
    exit: 3,
    say: (a: { url: string; records: number }) =>
      a.records === 1
        ? `${a.url} finds a single record too large (413).`
        : `${a.url} finds a batch of ${a.records} records too large (413).`,
    hint: (a) =>
      a.records === 1 ? "Raise the body limit of the endpoint." : "Ask fewer records at a time: --batch 16",
  },
  "endpoint-path": {
    exit: 3,
    say: (a: { tried: readonly string[]; offers: readonly string[]; endpoint?: string | undefined }) =>
      `Nothing is found under this address (404 for everything); tried ${a.tried.join(", ")}.`,
    hint: (a) => {
      if (a.offers.length === 0) {
        return "Operations are at POST {endpoint}/{operation}: name the part before the operation as the endpoint.";
      }
      const next =
        a.endpoint === undefined ? "name the part before the operation as the endpoint." : `--endpoint ${a.endpoint}`;
      return `Its openapi.json offers ${a.offers.join(", ")}: ${next}`;
    },
  },
  "endpoint-not-json": {
    exit: 3,
    say: (a: { url: string; type: string; excerpt: string }) =>
      a.excerpt === ""
        ? `The answer of ${a.url} is not JSON: the body is empty.`
        : `The answer of ${a.url} is not JSON (${a.type}): "${a.excerpt}".`,
    hint: () => "An operation answers a JSON array with one object for each record.",
  },
  "endpoint-invalid-json": {
    exit: 3,
    say: (a: { url: string; byte: number; what: string; excerpt: string }) =>
      `The answer of ${a.url} is invalid JSON at byte ${a.byte}: ${a.what}, near "${a.excerpt}".`,
    hint: () => "Write answers with a JSON library instead of joining strings.",
  },
  "endpoint-bare-token": {
    exit: 3,
    say: (a: { url: string; byte: number; what: string }) =>
      `The answer of ${a.url} has a ${a.what.replace(/,$/, "")} (byte ${a.byte}).`,
    hint: () => `Send "NaN", "Infinity" and "-Infinity" as strings, or leave --strict-json away.`,
  },
  "endpoint-duplicate-key": {
    exit: 3,
    say: (a: { url: string; byte: number; what: string }) =>
      `The answer of ${a.url} has a ${a.what} at byte ${a.byte}.`,
    hint: () => "Readers disagree which one counts. To take the last one: --duplicate-keys last",
  },
  "endpoint-too-deep": {
    exit: 3,
    say: (a: { url: string; byte: number; what: string }) => `The answer of ${a.url} has ${a.what} at byte ${a.byte}.`,
    hint: () => "At most 128 levels of arrays and objects are read.",
  },
  "endpoint-not-utf8": {
    exit: 3,
    say: (a: { url: string; byte: number }) => `The answer of ${a.url} is not valid UTF-8 at byte ${a.byte}.`,
    hint: () => "Encode answers as UTF-8; an operation's bytes travel as base64.",
  },
  "endpoint-not-array": {
    exit: 3,
    say: (a: { url: string; got: string; wrapper?: string | undefined; excerpt: string }) =>
      `The answer of ${a.url} is ${a.got}, not an array of records: "${a.excerpt}".`,
    hint: (a) =>
      a.wrapper === undefined
        ? "An operation answers a JSON array with one object for each record."
        : `Answer the array itself: [{…}, {…}] instead of {"${a.wrapper}": [{…}, {…}]}.`,
  },
  "endpoint-record-type": {
    exit: 3,
    say: (a: { url: string; index: number; got: string; excerpt: string }) =>
      `Element ${a.index} of the answer of ${a.url} is ${a.got}, not an object: "${a.excerpt}".`,
    hint: () => `Every record is an object with the operation's output fields: {"score": 0.5} instead of 0.5.`,
  },
  "endpoint-record-count": {
    exit: 3,
    say: (a: { url: string; asked: number; got: number }) =>
      `Asked ${a.url} ${a.asked} ${a.asked === 1 ? "record" : "records"}, got ${a.got}.`,
    hint: () =>
      `An answer has one record for each record asked, in the same order; use {"$error": …} for one that fails.`,
  },
  "endpoint-cancelled": {
    exit: 6,
    say: (a: { url: string }) => `The call to ${a.url} was cancelled.`,
    hint: () => "The run was stopped before the answer came.",
  },
  "endpoint-connection": {
    exit: 3,
    say: (a: { url: string; reason: string }) => `The connection to ${a.url} failed (${a.reason}).`,
    hint: () => "See the endpoint's log for the time of this call.",
  },
});
