/** Waits until an endpoint that was just started answers: any HTTP status below 500, or 501, is ready. */
import { isTallyError, TallyError, tallyError } from "../kernel/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { HttpEndpoint } from "./http-endpoint.ts";
import { openEndpoint } from "./open-endpoint.ts";
import { pause } from "./pause.ts";

export interface WaitOptions {
  /** Another URL that tells when the endpoint is ready, or a path under its origin; `/health` of the endpoint unless told. */
  readonly ready?: string | undefined;
  /** How long at most. */
  readonly waitMs: number;
  /** Ends the wait early, with its reason when that is a TallyError: what was started has died. */
  readonly signal?: AbortSignal | undefined;
  /** Between two questions; 100 ms unless told. */
  readonly everyMs?: number;
}

/** One question may take this long; the next one may be answered. */
const probeTimeoutMs = 2_000;

/** Resolves when the endpoint is ready. Throws `endpoint-not-ready`, or at once what waiting cannot repair. */
export async function waitUntilReady(endpoint: Endpoint, options: WaitOptions): Promise<void> {
  await endpoint.start();
  if (!(endpoint instanceof HttpEndpoint)) return;
  const target = targetOf(endpoint, options.ready);
  try {
    await askUntilReady(target, options);
  } finally {
    if (target.endpoint !== endpoint) await target.endpoint.close();
  }
}

/** Where something is ready already, before anything was started; undefined where nothing is. */
export async function readyAlready(endpoint: Endpoint, ready: string | undefined): Promise<string | undefined> {
  if (!(endpoint instanceof HttpEndpoint)) return undefined;
  await endpoint.start();
  const target = targetOf(endpoint, ready);
  try {
    const found = await target.endpoint.probe(target.path, { timeoutMs: probeTimeoutMs });
    return typeof found === "number" && isReady(found) ? target.shown : undefined;
  } finally {
    if (target.endpoint !== endpoint) await target.endpoint.close();
  }
}

interface Target {
  readonly endpoint: HttpEndpoint;
  readonly path: string;
  readonly shown: string;
}

async function askUntilReady({ endpoint, path, shown }: Target, options: WaitOptions): Promise<void> {
  const { waitMs, signal, everyMs = 100 } = options;
  const endsAt = performance.now() + waitMs;
  for (;;) {
    const leftMs = endsAt - performance.now();
    const timeoutMs = Math.max(1, Math.min(probeTimeoutMs, leftMs));
    const found = await endpoint.probe(path, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
    if (typeof found === "number" && isReady(found)) return;
    if (signal?.aborted === true) throw endedBy(signal, shown);
    // An unknown host or a bad certificate stays one; a refused connection is what waiting is for.
    if (typeof found !== "number" && found.stop && found.fault.code !== "endpoint-unreachable") {
      throw new TallyError(found.fault);
    }
    // A question that could not be answered in what is left would only hide why the last one was not enough.
    if (performance.now() + 2 * everyMs >= endsAt) {
      const last = typeof found === "number" ? `It answered ${found}.` : found.fault.message;
      throw tallyError("endpoint-not-ready", { url: shown, waitMs, last });
    }
    await pause(everyMs, signal);
  }
}

/** 501 says that there is no GET, as servers do that know nothing but POST: they are up. */
function isReady(status: number): boolean {
  return status < 500 || status === 501;
}

function endedBy(signal: AbortSignal, url: string): TallyError {
  return isTallyError(signal.reason) ? signal.reason : tallyError("endpoint-cancelled", { url });
}

/** Another origin than the endpoint's gets a client of its own, and with it none of the endpoint's headers. */
function targetOf(endpoint: HttpEndpoint, ready: string | undefined): Target {
  if (ready === undefined) return { endpoint, path: endpoint.paths.health, shown: endpoint.url };
  if (ready.startsWith("/")) return { endpoint, path: ready, shown: `${endpoint.url} (${ready})` };
  const other = openEndpoint(ready, { root: ".", concurrency: 1 });
  if (!(other instanceof HttpEndpoint)) {
    const reason = "only an HTTP address tells when something is ready";
    throw tallyError("endpoint-address", { address: other.url, reason, schemes: ["http://", "https://", "unix:"] });
  }
  return { endpoint: other, path: other.paths.own, shown: other.url };
}
