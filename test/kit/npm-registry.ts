/** A registry of npm with a few packages, which npm itself packed: real metadata, real tarballs, with a token if asked. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

export interface Published {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What its package.json says besides name and version. */
  readonly says?: Readonly<Record<string, unknown>>;
}

export interface NpmRegistry extends AsyncDisposable {
  readonly url: string;
  /** `//127.0.0.1:PORT/`, as .npmrc names it. */
  readonly scope: string;
  /** What was asked for, one after the other. */
  readonly asked: readonly string[];
  /** Entries of a lock, by place. */
  readonly locked: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** npm asks this registry, and has nothing at hand. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when somebody is connected, or when nobody is. */
  readonly connected: (is: boolean) => Promise<void>;
}

export interface RegistryOptions {
  readonly token?: string;
  /** Takes requests and answers none. */
  readonly isSilent?: boolean;
}

const version = "1.0.0";

export async function npmRegistry(packages: readonly Published[], options: RegistryOptions = {}): Promise<NpmRegistry> {
  const folder = temporaryFolder("npm-registry");
  const tarballs = packages.map((one, i) => packedByNpm(one, join(folder, String(i))));
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let url = "";
  const answer = (path: string, response: ServerResponse): void => {
    const [, at] = /^\/tarballs\/(\d+)\.tgz$/.exec(path) ?? [];
    if (at !== undefined) return void response.end(tarballs[Number(at)]);
    const found = packages.findIndex(({ name }) => name === path.slice(1));
    const [one, tarball] = [packages[found], tarballs[found]];
    if (one === undefined || tarball === undefined) return void response.writeHead(404).end(`{"error":"not found"}`);
    const dist = { tarball: `${url}tarballs/${found}.tgz`, integrity: integrity(tarball) };
    const versions = { [version]: { name: one.name, version, ...one.says, dist } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: one.name, "dist-tags": { latest: version }, versions }));
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    asked.push(path);
    if (options.isSilent) return;
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`)
      return void response.writeHead(401).end(`{"error":"unauthorized"}`);
    answer(path, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      server.emit("gone");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  url = `http://127.0.0.1:${port}/`;
  return {
    url,
    scope: `//127.0.0.1:${port}/`,
    asked,
    locked: Object.fromEntries(
      packages.map(({ name, says }, i) => [
        `node_modules/${name}`,
        { version, integrity: integrity(tarballs[i] ?? new Uint8Array()), ...says },
      ]),
    ),
    env: { npm_config_registry: url, npm_config_cache: join(folder, "cache"), npm_config_fetch_retries: "0" },
    async connected(is) {
      while (sockets.size > 0 !== is) await once(server, is ? "connection" : "gone");
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function packedByNpm({ files, name, says }: Published, folder: string): Uint8Array {
  const all = { ...files, "package.json": JSON.stringify({ name, version, ...says }) };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const said: unknown = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts"], { cwd: folder, encoding: "utf8" }),
  );
  const file = Array.isArray(said) ? String(said[0].filename) : "";
  return readFileSync(join(folder, file));
}

function integrity(tarball: Uint8Array): string {
  return `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
}
