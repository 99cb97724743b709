import { expect, test } from "vitest";
import { tallyError } from "../../src/kernel/errors.ts";
import { openEndpoint, type OpenOptions } from "../../src/endpoint/open-endpoint.ts";
import { waitUntilReady, type WaitOptions } from "../../src/endpoint/wait-until-ready.ts";
import { faux } from "../faux/faux.ts";
import { fauxModel } from "../faux/faux-model.ts";
import { withoutPlace } from "./outcome-text.ts";

async function wait(url: string, options: Partial<WaitOptions> = {}, open: Partial<OpenOptions> = {}): Promise<string> {
  const endpoint = openEndpoint(url, { root: ".", ...open });
  try {
    await waitUntilReady(endpoint, { waitMs: 200, everyMs: 20, ...options });
    return "ready";
  } catch (error) {
    return withoutPlace(error instanceof Error ? error.message : String(error));
  } finally {
    await endpoint.close();
  }
}

test("any status below 500 is ready", async () => {
  await using missing = await faux.nothingThere();
  expect(await wait(missing.url)).toBe("ready");
  expect(missing.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /health"]);
});

test("501 is ready: a server that knows nothing but POST is up", async () => {
  await using server = await faux.status(501);
  expect(await wait(server.url)).toBe("ready");
});

test("500 and above is not ready, and is asked again", async () => {
  await using server = await faux.status(503);
  expect(await wait(server.url)).toMatchInlineSnapshot(
    `"http://HOST was not ready within 200 ms. The last time: It answered 503."`,
  );
  expect(server.requests.length).toBeGreaterThan(3);
});

test("what waiting cannot repair ends the wait at once", async () => {
  expect(await wait("http://no-such-host.invalid", { waitMs: 20_000 })).toMatchInlineSnapshot(
    `"Unknown host "no-such-host.invalid" (http://no-such-host.invalid)."`,
  );
});

test("another address may tell, and gets no credentials of the endpoint", async () => {
  await using teller = await fauxModel();
  await using silent = await faux.never();
  expect(await wait(silent.url, { ready: `${teller.url}/health?deep=1` }, { token: "secret" })).toBe("ready");
  expect(teller.requests.map(({ path, headers }) => [path, headers["authorization"]])).toEqual([
    ["/health?deep=1", undefined],
  ]);
  expect(silent.requests).toEqual([]);
});

test("a path may tell, under the endpoint's origin", async () => {
  await using server = await fauxModel();
  expect(await wait(server.url, { ready: "/" })).toBe("ready");
  expect(server.requests.map(({ path }) => path)).toEqual(["/"]);
});

test("a signal ends the wait with its reason", async () => {
  await using server = await faux.status(500);
  const controller = new AbortController();
  setTimeout(() => controller.abort(tallyError("endpoint-cancelled", { url: "what was started" })), 50);
  expect(await wait(server.url, { waitMs: 20_000, signal: controller.signal })).toMatchInlineSnapshot(
    `"The call to what was started was cancelled."`,
  );
});
