import type { endpointErrors } from "../endpoint-errors.ts";
import type { Explanations } from "./explanation.ts";

const url = "http://localhost:8080/process";
const root = "http://localhost:8080";

export const endpointExplanations: Explanations<keyof typeof endpointErrors> = {
  "endpoint-address": {
    example: {
      address: "localhost:8080",
      reason: "it does not begin as one does",
      meant: root,
      schemes: ["http://", "https://", "unix:", "cmd:", "py:", "node:"],
    },
    when: "What `--endpoint`, `ENDPOINT` or `[endpoints]` says is no address that Tally can ask.",
  },
  "endpoint-header": {
    example: { name: "X Key", reason: "this is not a header's name" },
    when: "HTTP does not allow this name or value, or the header is Tally's own to set.",
  },
  "endpoint-unreachable": {
    example: { url: root, reason: "connection refused", check: `curl -i ${root}/health` },
    when: "No connection could be made. Without `--wait` that is said at once; with it, Tally asks again until the time is over.",
  },
  "endpoint-not-ready": {
    example: { url: root, waitMs: 30_000, last: "It answered 503." },
    when: "The endpoint did not answer `/health`, or the address of `--ready`, with a status below 500 within `--wait`.",
  },
  "endpoint-unknown-host": {
    example: { url, host: "modle" },
    when: "The host name has no address here. In a container, the names of the host machine are not known.",
  },
  "endpoint-timeout": {
    example: { url, timeoutMs: 30_000 },
    when: "One call, from the first byte sent to the last byte read, took longer than `--timeout`. A body that drips does not extend it.",
  },
  "endpoint-reset": {
    example: { url, received: 17, expected: 100 },
    when: "The connection was reset. Before the first byte of an answer the call is sent again, up to three times; after it, never.",
  },
  "endpoint-incomplete": {
    example: { url, received: 17, expected: 100 },
    when: "The connection was closed before the answer was complete. A part that happens to be JSON is not taken for the whole.",
  },
  "endpoint-message-length": {
    example: { url, reason: "more than one length is declared" },
    when: "Two readers of this answer could disagree where it ends.",
  },
  "endpoint-not-http": {
    example: { url, reason: "bad response", first: "SSH-2.0-OpenSSH_9.2p1" },
    when: "What answers is something else than an HTTP/1.1 server: another service on the port, or TLS where none was expected.",
  },
  "endpoint-headers": {
    example: { url, limit: "16384 bytes" },
    when: "The headers of an answer are larger, or more, than Tally reads.",
  },
  "endpoint-answer-too-large": {
    example: { url, limit: 67_108_864 },
    when: "An answer is larger than 64 MiB. Reading stops there, whatever is still to come.",
  },
  "endpoint-answer-expands": {
    example: { url, encoding: "gzip", limit: 67_108_864 },
    when: "A compressed answer grows without proportion when it is unpacked.",
  },
  "endpoint-encoding": {
    example: { url, encoding: "gzip", reason: "the body is not gzip" },
    when: "The answer is not encoded as it says, or more than once.",
  },
  "endpoint-redirect": {
    example: { url, status: 301, location: "/v2/process", sameOrigin: true, endpoint: `${root}/v2` },
    when: "The endpoint sends Tally elsewhere. Following could test another system than the one that was named, and carry its credentials there.",
  },
  "endpoint-credentials": {
    example: { url, status: 401, sent: false, excerpt: "token missing" },
    when: "The endpoint answered 401 or 403.",
  },
  "endpoint-throttled": {
    example: { url, status: 429, attempts: 3, retryAfter: "5" },
    when: "The endpoint asked for patience (429, or 503 with `Retry-After`) three times, or for longer than 30 s.",
  },
  "endpoint-status": {
    example: { url, status: 500, text: "Internal Server Error", excerpt: "weights are missing" },
    when: "The endpoint answered with a status that is not success. The batch is split, so that one record that cannot be answered does not hide the others.",
  },
  "endpoint-request-too-large": {
    example: { url, records: 1 },
    when: "The endpoint answered 413. Tally halves the batch until a single record is refused.",
  },
  "endpoint-path": {
    example: { tried: [`POST ${url}`, `GET ${root}/`], offers: ["POST /v1/process"], endpoint: `${root}/v1` },
    when: "Everything under this address is 404: the address lacks a part of the path, or has one too many.",
  },
  "endpoint-not-json": {
    example: { url, type: "text/html", excerpt: "<h1>It works!</h1>" },
    when: "The answer is a page, a text or empty, usually from a proxy or a framework rather than from the model.",
  },
  "endpoint-invalid-json": {
    example: { url, byte: 14, what: 'unexpected "]"', excerpt: '[{"length":3},]' },
    when: "The answer begins as JSON and is none.",
  },
  "endpoint-bare-token": {
    example: { url, byte: 10, what: "bare NaN, which is not JSON" },
    when: "With `--strict-json`, the tokens NaN and Infinity without quotes are refused. Without it they are read as numbers, with a warning.",
  },
  "endpoint-duplicate-key": {
    example: { url, byte: 12, what: 'duplicate key "score"' },
    when: "An object of the answer has a key twice; which value counts depends on who reads it.",
  },
  "endpoint-too-deep": {
    example: { url, byte: 136, what: "nesting deeper than 128 levels" },
    when: "Lists and objects of the answer lie within each other beyond any use.",
  },
  "endpoint-not-utf8": {
    example: { url, byte: 10 },
    when: "The answer has bytes that are no UTF-8: the endpoint writes texts in another encoding, or bytes without base64.",
  },
  "endpoint-not-array": {
    example: { url, got: "an object", wrapper: "predictions", excerpt: '{"predictions": [{"score":0.5}]}' },
    when: "The answer is not the array of records that wire version 1 asks for.",
  },
  "endpoint-record-type": {
    example: { url, index: 0, got: "a number", excerpt: "0.5" },
    when: "An element of the answer is a bare value.",
  },
  "endpoint-record-count": {
    example: { url, asked: 3, got: 2 },
    when: "The answer has more or fewer records than were asked. Nothing of the batch is judged, as nobody knows which is missing.",
  },
  "endpoint-cancelled": {
    example: { url },
    when: "Ctrl-C or `--max-time` ended the run while the endpoint was working.",
  },
  "endpoint-connection": {
    example: { url, reason: "ssl/tls alert handshake failure" },
    when: "The connection failed in a way that has no code of its own; the system's own words are shown.",
  },
};
