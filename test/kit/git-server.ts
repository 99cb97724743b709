/** Real servers of git: its own smart HTTP behind TLS (`git http-backend`), with a password if asked; and sshd. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { createConnection, type AddressInfo, createServer as createSocketServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const certificates = fileURLToPath(new URL("../faux/certificates/", import.meta.url));

/** The authority that signed the certificate of the server. */
export const authority = `${certificates}ca.pem`;

export interface GitServer extends AsyncDisposable {
  /** `https://localhost:PORT` or `ssh://USER@127.0.0.1:PORT`. */
  readonly origin: string;
  /** What a request asked for, one after the other. */
  readonly asked: readonly string[];
}

/** Serves the repositories below a folder over HTTPS. */
export async function serveGit(root: string, password?: string): Promise<GitServer> {
  const asked: string[] = [];
  const options = { key: readFileSync(`${certificates}server.key`), cert: readFileSync(`${certificates}good.pem`) };
  const server = createServer(options, (request, response) => {
    const url = new URL(request.url ?? "/", "https://localhost");
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (
      password !== undefined &&
      request.headers.authorization !== `Basic ${Buffer.from(password).toString("base64")}`
    ) {
      response.writeHead(401, { "www-authenticate": `Basic realm="git"` }).end();
      return;
    }
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_CONFIG_COUNT: "3",
        GIT_CONFIG_KEY_0: "uploadpack.allowFilter",
        GIT_CONFIG_VALUE_0: "true",
        GIT_CONFIG_KEY_1: "uploadpack.allowAnySHA1InWant",
        GIT_CONFIG_VALUE_1: "true",
        GIT_CONFIG_KEY_2: "safe.directory",
        GIT_CONFIG_VALUE_2: "*",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        REQUEST_METHOD: request.method,
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      },
    });
    request.pipe(backend.stdin);
    let head: Buffer | undefined = Buffer.alloc(0);
    backend.stdout.on("data", (chunk: Buffer) => {
      if (head === undefined) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end === -1) return undefined;
      for (const line of head.toString("latin1", 0, end).split("\r\n")) {
        const [name = "", value = ""] = line.split(": ");
        if (name === "Status") response.statusCode = Number(value.slice(0, 3));
        else response.setHeader(name, value);
      }
      response.write(head.subarray(end + 4));
      head = undefined;
      return undefined;
    });
    backend.once("close", () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const sshd = "/usr/sbin/sshd";

/** Why sshd cannot be started here; undefined when it can. */
export const withoutSshd: string | undefined = !existsSync(sshd)
  ? "no sshd on this machine"
  : userInfo().uid !== 0
    ? "sshd is started by root alone here"
    : undefined;

export interface SshServer extends AsyncDisposable {
  readonly origin: string;
  /** What git has to be told to get in: the key, and the server's own. */
  readonly command: string;
}

/** Starts sshd on a port of its own, with a key that it lets in. */
export async function serveSsh(): Promise<SshServer> {
  const root = mkdtempSync(join(tmpdir(), "tally-sshd-"));
  for (const name of ["host", "client"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(root, name)]);
  writeFileSync(join(root, "authorized"), readFileSync(join(root, "client.pub")));
  chmodSync(root, 0o700);
  const port = await freePort();
  writeFileSync(
    join(root, "config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${root}/host`,
      `AuthorizedKeysFile ${root}/authorized`,
      `PidFile ${root}/pid`,
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
    ].join("\n"),
  );
  spawnSync("mkdir", ["-p", "/run/sshd"]);
  const child = spawn(sshd, ["-D", "-e", "-f", join(root, "config")], { stdio: "ignore" });
  for (let tries = 0; tries < 100 && !(await isOpen(port)); tries += 1) await pause(20);
  writeFileSync(join(root, "known"), `[127.0.0.1]:${port} ${readFileSync(join(root, "host.pub"), "utf8")}`);
  return {
    origin: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    command: `ssh -i ${root}/client -o UserKnownHostsFile=${root}/known -o IdentitiesOnly=yes`,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill("SIGKILL")) await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createSocketServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
