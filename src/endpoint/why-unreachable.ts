/** Whether an endpoint can be connected to at all: asked once before a run, so that nobody reads the same fault a hundred times. */
import type { ErrorCode, Problem } from "../kernel/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { HttpEndpoint } from "./http-endpoint.ts";

/** What no later call can repair; anything else the tests themselves will tell. */
const hopeless: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "endpoint-unreachable",
  "endpoint-unknown-host",
  "endpoint-certificate",
]);

const probeTimeoutMs = 2_000;

/** The fault of an HTTP endpoint that refuses connections, has no name, or no valid certificate; undefined otherwise. */
export async function whyUnreachable(endpoint: Endpoint): Promise<Problem | undefined> {
  if (!(endpoint instanceof HttpEndpoint)) return undefined;
  const found = await endpoint.probe(endpoint.paths.health, { timeoutMs: probeTimeoutMs });
  return typeof found !== "number" && hopeless.has(found.fault.code) ? found.fault : undefined;
}
