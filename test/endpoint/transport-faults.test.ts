/** Rows A1 to A17 and A35 of the fault matrix: connections and HTTP itself. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { problem } from "../../src/kernel/errors.ts";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { waitUntilReady } from "../../src/endpoint/wait-until-ready.ts";
import { faux, fauxAuthority } from "../faux/faux.ts";
import { fauxModel } from "../faux/faux-model.ts";
import { ask, asked, withoutPlace } from "./outcome-text.ts";

test("A1 nothing listens: without a wait the call fails at once and says so", async () => {
  const gone = await faux.never();
  await gone.close();
  const startedAt = performance.now();
  expect(await asked(gone, { timeoutMs: 5_000 })).toMatchInlineSnapshot(`
    "error[endpoint-unreachable]: No answer from http://HOST (connection refused).
    hint: Start it first, or check the address: curl -i http://HOST/health
    exit 3, stop"
  `);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("A1 nothing listens: a wait asks again until its end", async () => {
  const gone = await faux.never();
  await gone.close();
  const endpoint = openEndpoint(gone.url, { root: "." });
  const failed = waitUntilReady(endpoint, { waitMs: 250, everyMs: 50 });
  await expect(failed.catch((error: Error) => withoutPlace(error.message))).resolves.toMatchInlineSnapshot(
    `"http://HOST was not ready within 250 ms. The last time: No answer from http://HOST (connection refused)."`,
  );
});

test("A1 nothing listens yet: a wait ends as soon as something answers", async () => {
  const first = await faux.never();
  await first.close();
  const endpoint = openEndpoint(first.url, { root: "." });
  const waiting = waitUntilReady(endpoint, { waitMs: 5_000, everyMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await using server = await fauxModel(undefined, { port: first.port });
  await waiting;
  expect(server.requests.map(({ path }) => path)).toEqual(["/health"]);
  await endpoint.close();
});

test("A1 nothing listens: in a container the hint says what localhost is there", () => {
  const { hint } = problem("endpoint-unreachable", {
    url: "http://localhost:8080",
    reason: "connection refused",
    check: "curl -i http://localhost:8080/health",
    container: true,
  });
  expect(hint).toMatchInlineSnapshot(
    `"In a container, localhost is the container itself: for an endpoint on the host add --network host to docker run, or name host.docker.internal. Start it first, or check the address: curl -i http://localhost:8080/health"`,
  );
});

test("A1 a unix socket that is not there", async () => {
  expect(await asked({ url: "unix:/nowhere/model.sock:/v1" })).toMatchInlineSnapshot(`
    "error[endpoint-unreachable]: No answer from unix:SOCKET:/v1 (there is no such socket).
    hint: Start it first, or check the address: curl -i --unix-socket /nowhere/model.sock http://localhost/v1/health
    exit 3, stop"
  `);
});

test("A2 the host name is unknown: nothing is tried again", async () => {
  expect(await asked({ url: "http://no-such-host.invalid" }, { timeoutMs: 10_000 })).toMatchInlineSnapshot(`
    "error[endpoint-unknown-host]: Unknown host "no-such-host.invalid" (http://no-such-host.invalid/process).
    hint: Check the spelling, or whether this machine can look it up: getent hosts no-such-host.invalid
    exit 3, stop"
  `);
});

test("A3 accepts and never answers: the deadline ends it, the next call gets a new connection", async () => {
  await using server = await faux.never();
  const endpoint = openEndpoint(server.url, { root: "." });
  await endpoint.call("process", ["{}"], { timeoutMs: 200 });
  await expect.poll(() => server.connections.open).toBe(0);
  const outcome = await endpoint.call("process", ["{}"], { timeoutMs: 200 });
  expect(server.connections.total).toBe(2);
  expect(outcome.ms).toBeGreaterThanOrEqual(195);
  expect(outcome.ms).toBeLessThan(600);
  await endpoint.close();
  expect(await asked(server, { timeoutMs: 200 })).toMatchInlineSnapshot(`
    "error[endpoint-timeout]: No answer from http://HOST/process within 200 ms.
    hint: Allow a call more time with --timeout 60s, ask fewer records at a time with --batch 16, or, if it serves one connection at a time, -j 1.
    exit 3, splitting"
  `);
});

test("A3 accepts and never finishes the handshake: the time for connecting ends it", async () => {
  await using server = await faux.never();
  const url = server.url.replace("http:", "https:");
  expect(await asked({ url }, { timeoutMs: 5_000, connectTimeoutMs: 200 })).toMatchInlineSnapshot(`
    "error[endpoint-unreachable]: No answer from https://HOST (no connection in time).
    hint: Start it first, or check the address: curl -i https://HOST/health
    exit 3, stop"
  `);
});

test("A4 headers then a drip: the total deadline ends it", async () => {
  await using server = await faux.drip({ length: 4096, everyMs: 500 });
  const outcome = await ask(server, { timeoutMs: 250 });
  expect(outcome.ms).toBeLessThan(700);
  expect(await asked(server, { timeoutMs: 250 })).toMatchInlineSnapshot(`
    "error[endpoint-timeout]: The answer of http://HOST/process was not complete within 250 ms (got 0 of 4096 body bytes).
    hint: Allow a call more time with --timeout 60s, ask fewer records at a time with --batch 16, or, if it serves one connection at a time, -j 1.
    exit 3, splitting"
  `);
  await using steady = await faux.drip({ everyMs: 10 });
  expect(outcome.kind).toBe("fault");
  expect((await ask(steady, { timeoutMs: 250 })).ms).toBeLessThan(700);
});

test("A5 reset before an answer: sent again, then a fault", async () => {
  await using server = await faux.reset();
  expect(await asked(server, { timeoutMs: 3_000 })).toMatchInlineSnapshot(`
    "error[endpoint-reset]: http://HOST/process reset the connection after 0 body bytes.
    hint: The endpoint or something before it broke off: see its log for the time of this call.
    exit 3, splitting"
  `);
  expect(server.requests).toHaveLength(3);
});

test("A5 reset before an answer: an answer to the second attempt counts, and so does the retry", async () => {
  await using server = await faux.flaky(1);
  const endpoint = openEndpoint(server.url, { root: "." });
  const outcome = await endpoint.call("process", ['{"query":"abc"}'], { timeoutMs: 3_000 });
  expect(outcome).toMatchObject({ kind: "answered", answers: ['{"length":3}'] });
  expect(endpoint.retries).toBe(1);
  await endpoint.close();
});

test("A5 reset in the middle of an answer: nothing is sent again", async () => {
  await using server = await faux.reset({ afterHeaders: true });
  expect(await asked(server, { timeoutMs: 3_000 })).toMatchInlineSnapshot(`
    "error[endpoint-reset]: http://HOST/process reset the connection after 2 of 100 body bytes.
    hint: The endpoint or something before it broke off: see its log for the time of this call.
    exit 3, splitting"
  `);
  expect(server.requests).toHaveLength(1);
});

test("A5 closed without an answer: sent again, then a fault", async () => {
  await using server = await faux.hangUp();
  expect(await asked(server, { timeoutMs: 3_000 })).toMatchInlineSnapshot(`
    "error[endpoint-incomplete]: http://HOST/process closed the connection without an answer.
    hint: Nothing of a partial answer is judged. The endpoint may have died: see its log for the time of this call.
    exit 3, splitting"
  `);
  expect(server.requests).toHaveLength(3);
});

test("A6 a body shorter than Content-Length is never read as an answer", async () => {
  await using server = await faux.shortBody();
  const text = await asked(server);
  expect(text).toMatchInlineSnapshot(`
    "error[endpoint-incomplete]: http://HOST/process closed the connection after 17 of 100 body bytes.
    hint: Nothing of a partial answer is judged. The endpoint may have died: see its log for the time of this call.
    exit 3, splitting"
  `);
  await using closing = await faux.shortBody({ closing: true });
  expect(await asked(closing)).toBe(text);
});

test("A7 a chunked body that is cut is never read as an answer", async () => {
  await using server = await faux.cutChunks();
  const text = await asked(server);
  expect(text).toMatchInlineSnapshot(`
    "error[endpoint-incomplete]: http://HOST/process closed the connection after 16 bytes of a chunked body that was not terminated.
    hint: Nothing of a partial answer is judged. The endpoint may have died: see its log for the time of this call.
    exit 3, splitting"
  `);
  await using closing = await faux.cutChunks({ closing: true });
  expect(await asked(closing)).toBe(text);
});

test("A7 a chunk whose size is no number", async () => {
  await using server = await faux.badChunks();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-message-length]: The length of the answer of http://HOST/process is ambiguous (Invalid character in chunk size).
    hint: Send exactly one Content-Length, or Transfer-Encoding: chunked, never both.
    exit 3, splitting"
  `);
});

test("A8 conflicting lengths: the answer is refused", async () => {
  await using server = await faux.twoLengths(14, 15);
  const text = await asked(server);
  expect(text).toMatchInlineSnapshot(`
    "error[endpoint-message-length]: The length of the answer of http://HOST/process is ambiguous (more than one length is declared).
    hint: Send exactly one Content-Length, or Transfer-Encoding: chunked, never both.
    exit 3"
  `);
  await using same = await faux.twoLengths(14, 14);
  expect(await asked(same)).toBe(text);
  await using both = await faux.lengthAndChunked();
  expect(await asked(both)).toBe(text);
});

test("A9 bytes after an answer: the connection is not used again, the next answer is the right one", async () => {
  await using server = await faux.extraBytes();
  const endpoint = openEndpoint(server.url, { root: "." });
  const first = await endpoint.call("process", ['{"query":"a"}'], { timeoutMs: 1_000 });
  const second = await endpoint.call("process", ['{"query":"abc"}'], { timeoutMs: 1_000 });
  expect([first, second]).toMatchObject([
    { kind: "answered", answers: ['{"length":1}'], notes: [] },
    { kind: "answered", answers: ['{"length":3}'], notes: [{ code: "extra-bytes", count: 1 }] },
  ]);
  await endpoint.close();
});

test("A10 not HTTP: what it sends first is shown", async () => {
  await using server = await faux.banner();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-http]: http://HOST/process does not speak HTTP/1.1 (first bytes "SSH-2.0-OpenSSH_9.2p1").
    hint: Another service may listen on this port: check the port of the endpoint.
    exit 3, stop"
  `);
  expect(server.requests.length).toBeLessThanOrEqual(1);
});

test("A10 HTTP/0.9: a body without a status line is no answer", async () => {
  await using server = await faux.noStatusLine();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-http]: http://HOST/process does not speak HTTP/1.1 (first bytes "[{"length":1}]").
    hint: Another service may listen on this port: check the port of the endpoint.
    exit 3, stop"
  `);
});

test("A10 TLS is asked of a server without it", async () => {
  await using server = await faux.banner("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  expect(await asked({ url: server.url.replace("http:", "https:") })).toMatchInlineSnapshot(`
    "error[endpoint-not-http]: https://HOST/process does not speak HTTP/1.1 (it does not speak TLS; is it http:// instead of https://?).
    hint: Another service may listen on this port: check the port of the endpoint.
    exit 3, stop"
  `);
});

test("A11 headers beyond 16 KiB, or more than 200 of them", async () => {
  await using big = await faux.hugeHeader();
  expect(await asked(big)).toMatchInlineSnapshot(`
    "error[endpoint-headers]: The headers of the answer of http://HOST/process exceed 16384 bytes.
    hint: Wire version 1 needs no header at all: remove what the endpoint adds.
    exit 3"
  `);
  await using many = await faux.manyHeaders(250);
  expect(await asked(many)).toMatchInlineSnapshot(`
    "error[endpoint-headers]: The headers of the answer of http://HOST/process exceed 200 lines (251).
    hint: Wire version 1 needs no header at all: remove what the endpoint adds.
    exit 3"
  `);
  await using fine = await faux.manyHeaders(150);
  expect((await ask(fine)).kind).toBe("answered");
});

test("A12 an endless body: reading stops at the limit, memory stays bounded", async () => {
  await using server = await faux.endless();
  const before = process.memoryUsage().rss;
  expect(await asked(server, { timeoutMs: 10_000, maxAnswerBytes: 8 * 1024 * 1024 })).toMatchInlineSnapshot(`
    "error[endpoint-answer-too-large]: The answer of http://HOST/process exceeds 8 MiB.
    hint: Ask fewer records at a time: --batch 16
    exit 3, splitting"
  `);
  // The server runs in this process too, and writes as fast as it can.
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  await expect.poll(() => server.connections.open).toBe(0);
});

test.for(["gzip", "br"] as const)("A13 a %s bomb: inflating stops at the limit", async (encoding) => {
  await using server = await faux.bomb(encoding);
  const text = await asked(server, { timeoutMs: 5_000, maxAnswerBytes: 1024 * 1024 });
  expect(text.replace(encoding, "ENCODING")).toMatchInlineSnapshot(`
    "error[endpoint-answer-expands]: The compressed answer of http://HOST/process (ENCODING) expands beyond 1 MiB.
    hint: Tally asks for uncompressed answers (Accept-Encoding: identity): turn compression off for the endpoint.
    exit 3, splitting"
  `);
});

test("A13 a bomb below the limit of an answer: the ratio of 200 to 1 stops it", async () => {
  await using server = await faux.bomb("br");
  const outcome = await ask(server, { timeoutMs: 5_000 });
  expect(outcome).toMatchObject({ kind: "fault", fault: { code: "endpoint-answer-expands" } });
});

test("A13 compressed although not asked for: one layer is undone, two are refused", async () => {
  for (const encoding of ["gzip", "br"] as const) {
    await using server = await faux.compressed(encoding);
    expect(await asked(server)).toBe('answered\n{"length":3}');
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
  }
  await using nested = await faux.nestedEncodings();
  expect(await asked(nested)).toMatchInlineSnapshot(`
    "error[endpoint-encoding]: The answer of http://HOST/process says Content-Encoding: gzip, gzip, but only one layer of compression is undone.
    hint: Tally asks for uncompressed answers (Accept-Encoding: identity): turn compression off for the endpoint.
    exit 3, splitting"
  `);
});

test("A14 says gzip and is not", async () => {
  await using server = await faux.badGzip();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-encoding]: The answer of http://HOST/process says Content-Encoding: gzip, but the body is not gzip.
    hint: Tally asks for uncompressed answers (Accept-Encoding: identity): turn compression off for the endpoint.
    exit 3, splitting"
  `);
});

test("A15 a redirect to another origin is not followed, credentials stay", async () => {
  await using other = await fauxModel();
  await using server = await faux.redirect(`${other.url}/process?session=secret`);
  expect(await asked(server, { token: "hush-hush" })).toMatchInlineSnapshot(`
    "error[endpoint-redirect]: http://HOST/process redirects (307) to another origin (http://HOST/process); not followed.
    hint: Redirects are never followed. If that is the endpoint: --endpoint http://HOST
    exit 3, stop"
  `);
  expect(other.requests).toEqual([]);
});

test("A16 a redirect to the same origin is not followed, its address is named", async () => {
  await using server = await faux.redirect("/v2/process", 301);
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-redirect]: http://HOST/process redirects (301) to /v2/process; not followed.
    hint: Redirects are never followed. If that is the endpoint: --endpoint http://HOST/v2
    exit 3, stop"
  `);
  expect(server.requests).toHaveLength(1);
});

test("A17 401 and 403 stop at once", async () => {
  await using server = await faux.guarded("right-token");
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-credentials]: http://HOST/process refuses a call without credentials (401): "who are you? undefined".
    hint: Set TALLY_TOKEN, or give --header "Authorization: …".
    exit 3, stop"
  `);
  expect(await asked(server, { token: "wrong-token" })).toMatchInlineSnapshot(`
    "error[endpoint-credentials]: http://HOST/process refuses our credentials (401): "who are you? [redacted]".
    hint: Set TALLY_TOKEN, or give --header "Authorization: …".
    exit 3, stop"
  `);
  expect(await asked(server, { token: "right-token" })).toBe('answered\n{"length":3}');
  expect(server.requests).toHaveLength(3);
});

test("A18 429 with Retry-After: waited for, asked again, counted", async () => {
  await using server = await faux.throttling(1, "1");
  const endpoint = openEndpoint(server.url, { root: "." });
  const outcome = await endpoint.call("process", ['{"query":"abc"}'], { timeoutMs: 5_000 });
  expect(outcome.kind).toBe("answered");
  expect(outcome.ms).toBeGreaterThanOrEqual(995);
  expect(endpoint.retries).toBe(1);
  await endpoint.close();
});

test("A18 Retry-After beyond 30 s is not waited for", async () => {
  await using server = await faux.throttling(10, "120", 503);
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-throttled]: http://HOST/process asks for fewer calls (503, Retry-After: 120), attempt 1.
    hint: Ask with fewer calls at a time (-j 1), or raise the limit of the endpoint.
    exit 3, stop"
  `);
  expect(server.requests).toHaveLength(1);
});

test.for([502, 503, 504])("A18 %d without Retry-After is asked three times", async (status) => {
  await using server = await faux.status(status, "try later");
  const outcome = await ask(server, { timeoutMs: 5_000 });
  expect(outcome).toMatchObject({ kind: "fault", splitting: true, stop: false, fault: { code: "endpoint-status" } });
  expect(server.requests).toHaveLength(3);
});

test("A18 no retry outlives the deadline of its call", async () => {
  await using server = await faux.throttling(10, "5");
  const outcome = await ask(server, { timeoutMs: 300 });
  expect(outcome).toMatchObject({ kind: "fault", stop: false, fault: { code: "endpoint-throttled" } });
  expect(outcome.ms).toBeLessThan(300);
});

test("A34 status text and body with escape sequences are shown escaped", async () => {
  await using server = await faux.hostileText();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-status]: http://HOST/process answered 500 \\x1b[31mred\\x1b[0m: "\\x1b]0;title\\x07\\r\\nnext\\x9b1".
    hint: See the endpoint's log. A record that fails alone can be answered {"$error": {"type", "message"}} in its place.
    exit 3, splitting"
  `);
});

test("A35 bad certificates: each is refused with its reason", async () => {
  const ca = fileURLToPath(fauxAuthority);
  await using selfSigned = await faux.tls("self-signed");
  expect(await asked(selfSigned, { ca })).toMatchInlineSnapshot(`
    "error[endpoint-certificate]: The certificate of https://HOST/process is not valid: it is self-signed.
    hint: If an authority of your own signed it, name its certificate: --ca authority.pem. Tally never skips this check, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    exit 3, stop"
  `);
  await using expired = await faux.tls("expired");
  expect(await asked(expired, { ca })).toMatchInlineSnapshot(`
    "error[endpoint-certificate]: The certificate of https://HOST/process is not valid: it has expired.
    hint: If an authority of your own signed it, name its certificate: --ca authority.pem. Tally never skips this check, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    exit 3, stop"
  `);
  await using wrongHost = await faux.tls("wrong-host");
  expect(await asked(wrongHost, { ca })).toMatchInlineSnapshot(`
    "error[endpoint-certificate]: The certificate of https://HOST/process is not valid: it is for another host (IP: 127.0.0.1 is not in the cert's list: ).
    hint: If an authority of your own signed it, name its certificate: --ca authority.pem. Tally never skips this check, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    exit 3, stop"
  `);
  await using good = await faux.tls("good");
  expect(await asked(good)).toMatchInlineSnapshot(`
    "error[endpoint-certificate]: The certificate of https://HOST/process is not valid: the authority that signed it is not trusted here.
    hint: If an authority of your own signed it, name its certificate: --ca authority.pem. Tally never skips this check, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    exit 3, stop"
  `);
  expect([selfSigned, expired, wrongHost, good].flatMap(({ requests }) => requests)).toEqual([]);
});

test("A35 a certificate of an authority named with ca is good", async () => {
  await using good = await faux.tls("good");
  expect(await asked(good, { ca: fileURLToPath(fauxAuthority) })).toBe('answered\n{"length":3}');
});

test("A35 NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing", async () => {
  await using server = await faux.tls("self-signed");
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    expect(await ask(server)).toMatchObject({ kind: "fault", fault: { code: "endpoint-certificate" } });
  } finally {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  }
});

test("A35 a file with authorities that cannot be read is said before anything is asked", async () => {
  await using good = await faux.tls("good");
  const endpoint = openEndpoint(good.url, { root: "/nowhere", ca: "authority.pem" });
  const failed = endpoint.start().catch((error: Error) => error.message);
  await expect(failed).resolves.toMatchInlineSnapshot(
    `"The certificates in /nowhere/authority.pem cannot be used: there is no such file."`,
  );
});

test.each([false, true])("one 100 Continue before each answer is legal (in pieces: %s)", async (split) => {
  await using server = await faux.continues({ split });
  const endpoint = openEndpoint(server.url, { root: "." });
  for (const query of ["abc", "long"]) {
    const outcome = await endpoint.call("process", [JSON.stringify({ query })], { timeoutMs: 2_000 });
    expect(outcome).toMatchObject({ kind: "answered", answers: [`{"length":${query.length}}`] });
  }
  expect(server.connections.total).toBe(1);
  await endpoint.close();
});

test("A36 a flood of 100 Continue ends the call", async () => {
  await using server = await faux.continueFlood();
  expect(await asked(server)).toMatchInlineSnapshot(`
    "error[endpoint-not-http]: http://HOST/process does not speak HTTP/1.1 (bad response).
    hint: Another service may listen on this port: check the port of the endpoint.
    exit 3, stop"
  `);
});
