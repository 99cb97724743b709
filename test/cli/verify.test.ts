import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connector, contract } from "../kit/length-model.ts";
import { normal, project, type Project } from "../kit/project.ts";

const image = `sha256:${"ab".repeat(32)}`;

/** A project with a pair of keys. */
function signing(cases: string): Project {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return project({
    "tally.toml": contract,
    "connector.ts": connector,
    "cases/process.jsonl": cases,
    "key.pem": privateKey.export({ format: "pem", type: "pkcs8" }),
    "key.pub.pem": publicKey.export({ format: "pem", type: "spki" }),
  });
}

const right = `{"name":"short","input":{"text":"abc"},"expect":{"length":3}}\n{"name":"empty","input":{"text":""},"expect":{"length":0}}\n`;

async function verified(suite: Project, ...words: string[]): Promise<string> {
  const ran = await suite.tally(["verify", "tally.attestation.json", "--key", "key.pub.pem", ...words]);
  const text = normal(ran.stdout + ran.stderr, suite.root)
    .replaceAll(/\b[0-9a-f]{16}…/g, "<key>…")
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{4} at [\w:.-]+/g, "<run> at <time>");
  return `${text}exit ${ran.exit}`;
}

test("a signed result says what was tested, with which suite, and how it went", async () => {
  const suite = signing(right);
  const words = [
    "--attest",
    "key.pem",
    "--subject",
    `registry.local/scorer:2.1=${image}`,
    "--subject",
    `scorer=gitCommit:${"1".repeat(40)}`,
  ];
  expect((await suite.tally(["test", "-q", ...words])).exit).toBe(0);
  expect(await verified(suite, "--subject", image)).toMatchInlineSnapshot(`
    " signature  holds; signed by key.pub.pem (<key>…)
     result     PASSED: 2 of 2 tests passed; the whole suite was run
     about      registry.local/scorer:2.1
                sha256:<digest>
     about      scorer gitCommit:1111111111111111111111111111111111111111
     suite      lengths-ml-test
                sha256:<digest>
     run        <run> at <time>, tally 0.1.0
     endpoint   node:connector.ts
    exit 0"
  `);
});

test("--max-age takes a run that is recent enough", async () => {
  const suite = signing(right);
  expect((await suite.tally(["test", "-q", "--attest", "key.pem"])).exit).toBe(0);
  const recent = await verified(suite, "--max-age", "1h");
  expect(recent.endsWith("exit 0")).toBe(true);
  expect(recent).toBe(await verified(suite));
});

test("a part of a suite, however green, is never all of it", async () => {
  const suite = signing(right);
  expect((await suite.tally(["test", "-q", "-k", "short", "--attest", "key.pem"])).exit).toBe(0);
  expect(await verified(suite)).toMatchInlineSnapshot(`
    " signature  holds; signed by key.pub.pem (<key>…)
     result     WARNED: 1 of 1 test passed; NOT the whole suite: only a part of the
                suite was run: -k short
     about      lengths
                sha256:<digest>
                self-described: the endpoint said so; nothing proves which program
                it was
     suite      lengths-ml-test
                sha256:<digest>
     run        <run> at <time>, tally 0.1.0
     endpoint   node:connector.ts
    exit 6"
  `);
});

test("a red run is attested as one, and ends verify with 1", async () => {
  const suite = signing(right.replace('"length":3', '"length":4'));
  expect((await suite.tally(["test", "-q", "--attest", "key.pem", "--out", "report"])).exit).toBe(1);
  const ran = await suite.tally(["verify", "report/attestation.json", "--key", "key.pub.pem", "--json"]);
  const told = JSON.parse(ran.stdout) as { result: string; failed: string[]; exit: number };
  expect([told.result, told.failed, told.exit, ran.exit]).toEqual(["FAILED", ["cases/process.jsonl > short"], 1, 1]);
});

test("the suite that had to be run is the one of the run's header", async () => {
  const suite = signing(right);
  await suite.tally(["test", "-q", "--attest", "key.pem"]);
  const { payload } = JSON.parse(readFileSync(join(suite.root, "tally.attestation.json"), "utf8")) as {
    payload: string;
  };
  const digest = /"digest":"(sha256:[0-9a-f]{64})"/.exec(Buffer.from(payload, "base64").toString())?.[1] ?? "";
  const verify = ["verify", "tally.attestation.json", "--key", "key.pub.pem", "--suite-digest"];
  expect((await suite.tally([...verify, digest])).exit).toBe(0);
  expect((await suite.tally([...verify, image])).exit).toBe(7);
});

test("a run that never began leaves no attestation, and none of an earlier run", async () => {
  const suite = signing(right);
  await suite.tally(["test", "-q", "--attest", "key.pem"]);
  await suite.tally(["test", "-q", "--attest", "key.pem", "-e", "http://127.0.0.1:9", "cases/none.jsonl"]);
  expect((await suite.tally(["verify", "tally.attestation.json", "--key", "key.pub.pem"])).exit).toBe(2);
});
