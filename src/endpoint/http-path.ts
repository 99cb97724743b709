/**
 * An operation answered 404: is only this operation missing, or is the address wrong? Asks `/`, `/health` and the other
 * operations (with an empty batch); when nothing at all is there, looks what an openapi.json offers instead.
 */
import { excerpt } from "./excerpt.ts";
import { requestPath, shownUrl } from "./http-address.ts";
import type { HttpClient } from "./http-client.ts";
import type { Reply } from "./http-exchange.ts";

export type PathFinding =
  | { readonly kind: "there" }
  | {
      readonly kind: "nothing";
      readonly tried: readonly string[];
      /** `POST /api/process`: what an openapi.json names. */
      readonly offers: readonly string[];
      /** The address under which it offers an operation that was looked for. */
      readonly endpoint?: string | undefined;
    };

const maxProbeBytes = 1024 * 1024;
const mostOffers = 10;

/** Finds out whether there is an endpoint under the address. `operations`: names that may be there. */
export async function findPath(
  client: HttpClient,
  operations: readonly string[],
  timeoutMs: number,
): Promise<PathFinding> {
  const { address } = client;
  const limits = { timeoutMs, maxAnswerBytes: maxProbeBytes };
  const probes = ["", "health"].map((name) => client.get(requestPath(address, name), limits));
  const empty = operations.map((name) => client.post(requestPath(address, name), Buffer.from("[]"), limits));
  const replies = await Promise.all([...probes, ...empty]);
  if (replies.some(isSuccess)) return { kind: "there" };
  const tried = operations.map((name) => `POST ${shownUrl(address, name)}`);
  tried.push(`GET ${shownUrl(address, "")}`, `GET ${shownUrl(address, "health")}`);
  const catalogues = await Promise.all([
    client.get(requestPath(address, "openapi.json"), limits),
    ...(address.basePath === "" ? [] : [client.get("/openapi.json", limits)]),
  ]);
  const paths = catalogues.flatMap(postPaths).slice(0, mostOffers);
  const ends = operations.map((name) => `/${name}`);
  const fit = paths.flatMap((path) =>
    ends.filter((end) => path.endsWith(end)).map((end) => path.slice(0, -end.length)),
  );
  const endpoint = fit[0] === undefined || address.socketPath !== undefined ? undefined : `${address.origin}${fit[0]}`;
  return { kind: "nothing", tried, offers: paths.map((path) => `POST ${path}`), endpoint };
}

function isSuccess(reply: Reply): boolean {
  return reply.kind === "complete" && reply.status >= 200 && reply.status < 300;
}

/** The paths of an OpenAPI document that take a POST. */
function postPaths(reply: Reply): string[] {
  if (reply.kind !== "complete" || reply.status !== 200) return [];
  let document: unknown;
  try {
    document = JSON.parse(reply.body.toString("utf8"));
  } catch {
    return [];
  }
  if (typeof document !== "object" || document === null || !("paths" in document)) return [];
  const { paths } = document;
  if (typeof paths !== "object" || paths === null) return [];
  return Object.entries(paths).flatMap(([path, methods]) =>
    typeof methods === "object" && methods !== null && "post" in methods ? [excerpt(path, 80)] : [],
  );
}
