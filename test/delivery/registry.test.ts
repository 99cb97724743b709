import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readImageReference } from "../../src/delivery/registry/image-reference.ts";
import { type Pushed, pushImage } from "../../src/delivery/registry/push-image.ts";
import { registrySuite } from "../../src/delivery/registry/registry-suite.ts";
import { type BuiltImage, deliveredSuite, imageOf, indexOf, suiteEntries, tarOf } from "../kit/archive.ts";
import { contract } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";
import { type Registry, startRegistry, user, withoutRegistry } from "../kit/registry.ts";

const suite = deliveredSuite({
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
});
const image = imageOf([
  tarOf([
    { path: "usr/bin/node", content: "a runtime" },
    { path: "lib", type: "2", link: "usr/lib" },
  ]),
  tarOf([{ path: "app/", type: "5" }, ...suiteEntries(suite, "app/suite")]),
]);

function push(reference: string, built: BuiltImage, env: NodeJS.ProcessEnv = {}): Promise<Pushed> {
  const blobs = built.blobs.map(({ bytes, digest, size }) => ({ digest, size, read: () => bytes }));
  return pushImage(
    readImageReference(reference),
    { blobs, manifests: [], top: built.manifest },
    { plainHttp: true, env },
  );
}

async function pulled(reference: string): Promise<string[]> {
  const options = { tally: "0.1.0", isTyped: true, plainHttp: true };
  return [...(await registrySuite(reference, options)).keys()].toSorted();
}

/** The code of the error that comes of it. */
async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "none",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
}

describe.skipIf(withoutRegistry !== undefined)("a registry", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.stop());

  test("what is pushed comes back, and skopeo reads it", async () => {
    const reference = `${registry.host}/team/lengths:1.0.0`;
    const { digest, sent } = await push(reference, image);
    expect(digest).toBe(image.manifest.digest);
    expect(sent).toBe(image.blobs.reduce((sum, { size }) => sum + size, 0));
    expect(await pulled(reference)).toEqual(["cases/process.jsonl", "suite.json", "tally.toml"]);
    expect(await pulled(`${registry.host}/team/lengths@${digest}`)).toHaveLength(3);
    const inspected = execFileSync("skopeo", ["inspect", "--tls-verify=false", "--raw", `docker://${reference}`]);
    expect(inspected).toEqual(image.manifest.bytes);
  });

  test("a second push sends no blob", async () => {
    const reference = `${registry.host}/team/twice:1`;
    await push(reference, image);
    expect(await push(`${registry.host}/team/twice:2`, image)).toEqual({ digest: image.manifest.digest, sent: 0 });
  });

  test("an index of two architectures is pushed as one, and the suite of either is the suite", async () => {
    const reference = readImageReference(`${registry.host}/team/both:1`);
    const other = imageOf(
      [tarOf([{ path: "usr/bin/node", content: "of arm" }, ...suiteEntries(suite, "app/suite")])],
      "zstd",
    );
    const index = indexOf([
      { ...image.manifest, architecture: "amd64" },
      { ...other.manifest, architecture: "arm64" },
    ]);
    const blobs = [...image.blobs, ...other.blobs].map(({ bytes, digest, size }) => ({
      digest,
      size,
      read: () => bytes,
    }));
    const manifests = [image.manifest, other.manifest];
    const { digest } = await pushImage(reference, { blobs, manifests, top: index }, { plainHttp: true, env: {} });
    expect(digest).toBe(index.digest);
    expect(await pulled(reference.shown)).toHaveLength(3);
    const raw = execFileSync("skopeo", ["inspect", "--tls-verify=false", "--raw", `docker://${reference.shown}`]);
    expect(raw).toEqual(index.bytes);
  });

  test("an image that skopeo copied into Docker's own formats is the same suite", async () => {
    const reference = `${registry.host}/team/copied`;
    await push(`${reference}:oci`, image);
    const here = project({});
    const copy = (...words: string[]): unknown =>
      execFileSync("skopeo", ["copy", "--quiet", "--src-tls-verify=false", ...words], { cwd: here.root });
    copy("--dest-tls-verify=false", "--format", "v2s2", `docker://${reference}:oci`, `docker://${reference}:docker`);
    copy(`docker://${reference}:oci`, "docker-archive:saved.tar:copied:1");
    copy(`docker://${reference}:oci`, "oci-archive:copied.tar:1");
    const env = { XDG_CACHE_HOME: join(here.root, "cache") };
    for (const suite of [`oci://${reference}:docker`, "saved.tar", "copied.tar"]) {
      const { exit, stderr, stdout } = await here.tally(["list", "--suite", suite, "--plain-http", "--json"], { env });
      expect([suite, exit, stderr]).toEqual([suite, 0, ""]);
      expect(JSON.parse(stdout).tests).toHaveLength(1);
    }
  });

  test("a suite in a registry is listed and run by an installed Tally, and its runs stay here", async () => {
    const reference = `${registry.host}/team/run:1`;
    await push(reference, image);
    const here = project({});
    const env = { XDG_CACHE_HOME: join(here.root, "cache") };
    const { exit, stdout } = await here.tally(["list", "--suite", `oci://${reference}`, "--plain-http", "--json"], {
      env,
    });
    expect(exit).toBe(0);
    expect(JSON.parse(stdout).tests).toHaveLength(1);
  });
});

test.skipIf(withoutRegistry !== undefined)(
  "a registry with passwords is told the one of Docker's configuration",
  async () => {
    await using registry = await startRegistry("htpasswd");
    const reference = `${registry.host}/team/lengths:1`;
    const auth = (password: string): string => Buffer.from(`${user.name}:${password}`).toString("base64");
    const home = project({
      "right/config.json": JSON.stringify({ auths: { [registry.host]: { auth: auth(user.password) } } }),
      "wrong/config.json": JSON.stringify({ auths: { [registry.host]: { auth: auth("other") } } }),
      "helper/config.json": JSON.stringify({ credHelpers: { [registry.host]: "test" } }),
      "empty/config.json": "{}",
      "bin/docker-credential-test": `#!/bin/sh\nread server\n[ "$1 $server" = "get ${registry.host}" ] || exit 1\necho '{"Username":"${user.name}","Secret":"${user.password}"}'\n`,
    }).root;
    chmodSync(join(home, "bin/docker-credential-test"), 0o755);
    const as = (folder: string): Promise<Pushed> =>
      push(reference, image, {
        HOME: home,
        DOCKER_CONFIG: join(home, folder),
        PATH: `${home}/bin:${process.env["PATH"]}`,
      });
    expect(await codeOf(as("empty"))).toBe("registry-refused");
    expect(await codeOf(as("wrong"))).toBe("registry-refused");
    expect((await as("right")).digest).toBe(image.manifest.digest);
    expect((await as("helper")).digest).toBe(image.manifest.digest);
    mkdirSync(join(home, ".config/containers"), { recursive: true });
    writeFileSync(
      join(home, ".config/containers/auth.json"),
      JSON.stringify({ auths: { [registry.host]: { auth: auth(user.password) } } }),
    );
    expect((await as("empty")).digest).toBe(image.manifest.digest);
  },
);

test.skipIf(withoutRegistry !== undefined)(
  "a registry with a token service is shown a token, for which the service was shown the password",
  async () => {
    const work = project({});
    const key = join(work.root, "key.pem");
    const certificate = join(work.root, "certificate.pem");
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        certificate,
        "-days",
        "2",
        "-subj",
        "/CN=tokens",
      ],
      { stdio: "ignore" },
    );
    const { createSign, X509Certificate } = await import("node:crypto");
    const { readFileSync } = await import("node:fs");
    const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString("base64")];
    const asked: (string | undefined)[] = [];
    const service = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://localhost");
      asked.push(request.headers.authorization);
      if (request.headers.authorization !== `Basic ${Buffer.from("tally:secret").toString("base64")}`) {
        response.writeHead(401).end(`{"errors":[{"code":"UNAUTHORIZED","message":"who?"}]}`);
        return;
      }
      const [type = "", name = "", actions = ""] = (url.searchParams.get("scope") ?? "").split(":");
      const now = Math.floor(Date.now() / 1000);
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
      const unsigned = `${part({ typ: "JWT", alg: "RS256", x5c })}.${part({ iss: "tokens", sub: "tally", aud: url.searchParams.get("service"), exp: now + 300, nbf: now - 10, iat: now, jti: "1", access: [{ type, name, actions: actions.split(",") }] })}`;
      const signature = createSign("RSA-SHA256").update(unsigned).sign(readFileSync(key)).toString("base64url");
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ token: `${unsigned}.${signature}` }));
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const { port } = service.address() as AddressInfo;
    await using registry = await startRegistry({
      token: {
        realm: `http://127.0.0.1:${port}/token`,
        service: "registry",
        issuer: "tokens",
        rootcertbundle: certificate,
      },
    });
    work.write({
      "docker/config.json": JSON.stringify({
        auths: { [registry.host]: { auth: Buffer.from("tally:secret").toString("base64") } },
      }),
    });
    const reference = `${registry.host}/team/lengths:1`;
    expect((await push(reference, image, { HOME: work.root, DOCKER_CONFIG: join(work.root, "docker") })).digest).toBe(
      image.manifest.digest,
    );
    expect(await codeOf(push(reference, image, { HOME: work.root }))).toBe("registry-refused");
    expect(asked).toEqual([`Basic ${Buffer.from("tally:secret").toString("base64")}`, undefined]);
    service.close();
    rmSync(key);
  },
);
