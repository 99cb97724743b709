/** An image on a base of somebody else's: pulled from a real registry, kept byte for byte, and nothing of this machine in it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BaseLayer, filesBase, pushBase, runtimeBase } from "../kit/base-image.ts";
import { readBill } from "../kit/bill-of-materials.ts";
import { contract } from "../kit/length-model.ts";
import { project, type Ran } from "../kit/project.ts";
import { type Registry, startRegistry, user, withoutRegistry } from "../kit/registry.ts";
import { env, withoutRuntime } from "../kit/runtime.ts";

const files = {
  "tally.toml": contract,
  "cases/process.jsonl": `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n`,
};
const missing = withoutRuntime ?? withoutRegistry;

/** Of these only the interpreter is the base's to say. */
const steering = ["TALLY_SUITE=/other", "TALLY_CONFIG=/other/tally.toml", "TALLY_OUT=/x", "TALLY_PYTHON=/opt/python"];

interface Configuration {
  readonly architecture: string;
  readonly config: { readonly Env: string[]; readonly Entrypoint: string[]; readonly Labels: Record<string, string> };
  readonly rootfs: { readonly diff_ids: string[] };
  readonly history: readonly object[];
}

interface Manifest {
  readonly manifests: readonly { readonly digest: string; readonly platform: object }[];
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
  readonly annotations: Readonly<Record<string, string>>;
}

describe.skipIf(missing !== undefined)("on another base", () => {
  let registry: Registry;
  let index: string;
  let node: BaseLayer;

  beforeAll(async () => {
    registry = await startRegistry();
    // What a fat base has and Tally has no use for: names that are none, attributes, links.
    node = filesBase([
      { path: "x", type: "x", content: Buffer.from("26 SCHILY.xattr.user.x=\xff\xfe\n", "latin1") },
      { path: "lib/dev-disk\\x2dby.device", content: "" },
      { path: "usr/local/bin/node", type: "2", link: "../../bin/node" },
    ]);
    index = await pushBase(`${registry.host}/base/node:24`, [
      {
        architecture: "amd64",
        layers: [runtimeBase("linux/amd64"), node],
        config: {
          Env: ["PATH=/usr/local/bin:/usr/bin", "NODE_VERSION=26.10.0", "SSL_CERT_FILE=/etc/ca.pem", ...steering],
          User: "root",
          Cmd: ["node"],
          Labels: { vendor: "somebody" },
        },
      },
      {
        architecture: "arm64",
        words: "docker",
        layers: [
          filesBase([{ path: "usr/bin/node", content: "of another processor", mode: 0o755 }]),
          filesBase([{ path: "etc/base", content: "" }], "none"),
        ],
        config: { Env: ["PATH=/usr/bin"] },
      },
    ]);
  }, 60_000);
  afterAll(() => registry?.stop());

  const pack = (words: string, { root = "", ...more }: { root?: string; base?: string } = {}): Promise<Ran> => {
    const base = `${registry.host}/${more.base ?? "base/node:24"}`;
    const options = { env: { ...env, HOME: root }, ...(root === "" ? {} : { cwd: root }) };
    return project(files).tally(["pack", "--base", base, "--plain-http", ...words.split(" ")], options);
  };
  const get = async <Answer>(path: string): Promise<Answer> => {
    const accept = ["index.v1", "manifest.v1"].map((type) => `application/vnd.oci.image.${type}+json`).join(", ");
    const answer = await fetch(`http://${registry.host}/v2/${path}`, { headers: { accept } });
    expect(answer.status, path).toBe(200);
    return JSON.parse(await answer.text());
  };

  test("keeps the base's layers and what its programs need, and puts its own on top", async () => {
    const pushed = await pack(`--push ${registry.host}/team/lengths:1 --json`);
    expect(pushed.exit, pushed.stderr).toBe(0);
    const { base, platforms }: { base: string; platforms: string[] } = JSON.parse(pushed.stdout);
    expect({ base, platforms }).toEqual({
      base: `${registry.host}/base/node@${index}`,
      platforms: ["linux/amd64", "linux/arm64"],
    });
    const top = await get<Manifest>("team/lengths/manifests/1");
    const [amd, arm] = await Promise.all(
      top.manifests.map(({ digest }) => get<Manifest>(`team/lengths/manifests/${digest}`)),
    );
    if (amd === undefined || arm === undefined) throw new Error("two platforms were pushed");
    expect(amd.layers.slice(0, 2).map(({ digest }) => digest)).toEqual([
      runtimeBase("linux/amd64").digest,
      node.digest,
    ]);
    expect(amd.layers.map(({ mediaType }) => mediaType.split("+")[1])).toEqual(["zstd", "gzip", "gzip", "gzip"]);
    expect(arm.layers.map(({ mediaType }) => mediaType)).toEqual(
      ["+gzip", "", "+gzip", "+gzip"].map((packing) => `application/vnd.oci.image.layer.v1.tar${packing}`),
    );
    expect(amd.layers.slice(-2)).toEqual(arm.layers.slice(-2));
    const { config, history, rootfs } = await get<Configuration>(`team/lengths/blobs/${amd.config.digest}`);
    expect(config).toMatchObject({
      User: "65532:65532",
      WorkingDir: "/out",
      Entrypoint: ["/usr/local/bin/node", "--disable-warning=ExperimentalWarning", "/app/tally.mjs"],
      Env: [
        "PATH=/usr/local/bin:/usr/bin",
        "NODE_VERSION=26.10.0",
        "SSL_CERT_FILE=/etc/ca.pem",
        "TALLY_PYTHON=/opt/python",
        "container=oci",
      ],
      Labels: { vendor: "somebody", "org.opencontainers.image.base.digest": index },
    });
    expect(config).not.toHaveProperty("Cmd");
    expect([rootfs.diff_ids.length, history.length]).toEqual([4, 4]);
    const other = await get<Configuration>(`team/lengths/blobs/${arm.config.digest}`);
    expect([other.architecture, other.config.Entrypoint[0]]).toEqual(["arm64", "/usr/bin/node"]);
    const said = {
      "dev.tallyml.base": `${registry.host}/base/node@${index}`,
      "org.opencontainers.image.base.digest": index,
      "org.opencontainers.image.base.name": `${registry.host}/base/node:24`,
    };
    for (const { annotations } of [top, amd, arm]) expect(annotations).toMatchObject(said);
  });

  test("is the same for one base, wherever it is packed, and its bill names the base instead of what is in it", async () => {
    const [first, second] = [project(files), project(files)];
    for (const [at, zone] of [
      [first, "UTC"],
      [second, "Asia/Tokyo"],
    ] as const) {
      const base = `${registry.host}/base/node@${index}`;
      const words = `pack --base ${base} --plain-http --platform linux/amd64 --out i.tar --sbom b.json`;
      const { exit, stderr } = await at.tally(words.split(" "), { env: { TZ: zone } });
      expect(exit, stderr).toBe(0);
    }
    const bytes = ({ root }: { root: string }, name: string): Buffer => readFileSync(join(root, name));
    expect(bytes(first, "i.tar").equals(bytes(second, "i.tar"))).toBe(true);
    const { components } = readBill(bytes(first, "b.json").toString());
    const bases = components.filter(({ type }) => type === "container");
    expect(bases).toMatchObject([{ name: `${registry.host}/base/node`, version: index }]);
    expect(bases[0]?.components).toHaveLength(1);
    expect(components.map(({ name }) => name)).not.toContain("libc6");
  });

  test("to the same registry nothing of the base is sent, to another one all of it, once", async () => {
    await using elsewhere = await startRegistry();
    const sent = async (target: string): Promise<number> => {
      const pushed = await pack(`--platform linux/amd64 --push ${target} --json`);
      expect(pushed.exit, pushed.stderr).toBe(0);
      return JSON.parse(pushed.stdout).bytes;
    };
    const base = runtimeBase("linux/amd64").bytes.length;
    expect(await sent(`${registry.host}/other/lengths:1`)).toBeLessThan(base);
    expect(await sent(`${elsewhere.host}/lengths:1`)).toBeGreaterThan(base);
    expect(await sent(`${elsewhere.host}/lengths:1`)).toBe(0);
  });

  test("a platform that is named twice, in one word or in two, is one image", async () => {
    const layers = [filesBase([{ path: "usr/bin/node", content: "a program", mode: 0o755 }])];
    const base = "base/arm:1";
    await pushBase(`${registry.host}/${base}`, [{ architecture: "arm", variant: "v7", layers }]);
    for (const words of ["--platform linux/arm --platform linux/arm", "--platform linux/arm --platform linux/arm/v7"]) {
      const packed = await pack(`${words} --push ${registry.host}/team/arm:1 --json`, { base });
      expect(packed.exit, packed.stderr).toBe(0);
      expect(JSON.parse(packed.stdout).platforms).toHaveLength(1);
      expect(await get("team/arm/manifests/1")).toHaveProperty("layers");
    }
  });

  test("a layer that is not what its configuration says is not packed", async () => {
    const lying = { ...node, diffId: `sha256:${"0".repeat(64)}` };
    await pushBase(`${registry.host}/base/lying:1`, [
      { architecture: "amd64", layers: [runtimeBase("linux/amd64"), lying] },
    ]);
    const refused = await pack("--platform linux/amd64 --out i.tar", { base: "base/lying:1" });
    expect(refused.stderr).toMatch(/^error\[image-digest\]: /);
    expect(refused.exit).toBe(7);
  });
});

test.skipIf(withoutRegistry !== undefined)(
  "a registry that asks who we are, and is known by an authority of its own, is asked so for both ends",
  async () => {
    const place = project(files);
    const at = (name: string): string => join(place.root, name);
    const words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=registry -addext subjectAltName=IP:127.0.0.1";
    const made = spawnSync("openssl", [...words.split(" "), "-keyout", at("key.pem"), "-out", at("ca.pem")]);
    expect(made.status, String(made.stderr)).toBe(0);
    await using registry = await startRegistry("htpasswd", { certificate: at("ca.pem"), key: at("key.pem") });
    const auth = Buffer.from(`${user.name}:${user.password}`).toString("base64");
    place.write({ "docker/config.json": JSON.stringify({ auths: { [registry.host]: { auth } } }) });
    const known = { HOME: place.root, DOCKER_CONFIG: at("docker") };
    const base = `${registry.host}/base/node:24`;
    const layers = [filesBase([{ path: "usr/bin/node", content: "a program", mode: 0o755 }])];
    const digest = await pushBase(base, [{ architecture: "s390x", layers }], { ca: at("ca.pem"), env: known });
    const pack = (env: Record<string, string>, ...more: string[]): Promise<Ran> =>
      place.tally(["pack", "--base", base, "--platform", "linux/s390x", "--push", `${registry.host}/x:1`, ...more], {
        env,
      });
    expect((await pack(known)).stderr).toMatch(/^error\[registry-unreachable\]: /);
    expect((await pack({ HOME: at("nobody") }, "--ca", "ca.pem")).stderr).toMatch(/^error\[registry-refused\]: /);
    const packed = await pack(known, "--ca", "ca.pem", "--json");
    expect(packed.exit, packed.stderr).toBe(0);
    expect(JSON.parse(packed.stdout)).toMatchObject({ base: `${registry.host}/base/node@${digest}`, isPushed: true });
  },
);
