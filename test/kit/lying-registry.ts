/** A registry that answers what it is told to, over real HTTP: for everything that a real one would never say. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BuiltImage } from "./archive.ts";

export interface LyingRegistry extends AsyncDisposable {
  readonly host: string;
}

export type Lie = (request: IncomingMessage, response: ServerResponse) => boolean | void;

/** Serves an image as `x:1`; a `lie` that returns true has answered itself. */
export async function startLyingRegistry(
  { blobs, manifest }: BuiltImage,
  lie: Lie = () => false,
): Promise<LyingRegistry> {
  const known = new Map([...blobs, manifest].map((blob) => [blob.digest, blob]));
  known.set("1", manifest);
  const server = createServer((request, response) => {
    if (lie(request, response) === true) return;
    const blob = known.get((request.url ?? "").split("/").at(-1) ?? "");
    if (blob === undefined) response.writeHead(404).end(`{"errors":[{"code":"BLOB_UNKNOWN","message":"none"}]}`);
    else response.writeHead(200, { "content-type": blob.mediaType }).end(blob.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
