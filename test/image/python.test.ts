/** A suite with pytest files as an image: Python and pytest come along, and nothing of this machine does. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { enter, type UnpackedImage, unpackImage, withoutContainers } from "../kit/container.ts";
import { contract } from "../kit/length-model.ts";
import { type PackedImage, packImage, removePacked } from "../kit/packed-image.ts";

const suite = {
  "tally.toml": contract.replace("[suite]", '[suite]\npytest = ["tests/test_*.py"]'),
  "tests/conftest.py": `import pytest


@pytest.fixture
def words():
    return ["tea", "milk", "coffee"]
`,
  "tests/texts.py": `def twice(text):
    return text + text
`,
  "tests/test_lengths.py": `import decimal
import hashlib
import sqlite3
import ssl
import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from texts import twice


@pytest.mark.parametrize("text", ["", "a", "naïve", "日本"])
def test_length(process, text):
    assert process({"text": text})["length"] == len(text)


def test_all_at_once(process, words):
    answers = process([{"text": twice(word)} for word in words])
    assert [one["length"] for one in answers] == [6, 8, 12]


def test_the_library_is_whole():
    assert sqlite3.connect(":memory:").execute("select 6 * 7").fetchone() == (42,)
    assert zlib.decompress(zlib.compress(b"tea")) == b"tea"
    assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")
    assert ssl.OPENSSL_VERSION_INFO >= (3, 0)
    assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
    assert datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset().seconds == 7200
`,
};

const server = (extra: number): string => `import { createServer } from "node:http";
const answer = ({ text }) => ({ length: [...text].length + ${extra}, half: 0, label: null });
createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  response.setHeader("content-type", "application/json");
  if (request.method !== "POST") return response.end("{}");
  const asked = JSON.parse(body);
  response.end(JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked)));
}).listen(8080);
`;

const place = mkdtempSync(join(tmpdir(), "tally-python-image-"));
for (const [path, content] of Object.entries({ ...suite, "right.mjs": server(0), "wrong.mjs": server(1) })) {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), content);
}
const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const packed: PackedImage = packImage(place, platform, "--python");
const arm: PackedImage = packImage(place, "linux/arm64", "--python");
const reason = "reason" in packed ? packed.reason : withoutContainers;
if (reason !== undefined) process.stderr.write(`skipped test/image/python: ${reason}\n`);
afterAll(() => {
  removePacked();
  rmSync(place, { recursive: true, force: true });
});

const right = `${process.execPath} ${place}/right.mjs`;
const wrong = `${process.execPath} ${place}/wrong.mjs`;
const endpoint = { ENDPOINT: "http://localhost:8080" };

describe.skipIf(reason !== undefined)("an image with Python", () => {
  let image: UnpackedImage;
  beforeAll(() => {
    image = unpackImage("tar" in packed ? packed.tar : "");
  }, 120_000);
  afterAll(() => image?.[Symbol.dispose]());

  test("runs the pytest files, green and with nothing on stderr", { timeout: 60_000 }, async () => {
    const out = mkdtempSync(join(tmpdir(), "tally-out-"));
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    const { exit, stderr, stdout } = await enter(image, { env: endpoint, server: right });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ 6 passed in /);
    expect(stdout).not.toMatch(/warning/i);
    expect(exit).toBe(0);
  });

  test("is red against what is wrong, with the reason", { timeout: 60_000 }, async () => {
    const { exit, stdout } = await enter(image, { env: endpoint, server: wrong, args: ["-k", "length[a]"] });
    expect(stdout).toContain("test_length[a]");
    expect(stdout).toMatch(/assert 2 == 1/);
    expect(stdout).toContain("1 failed");
    expect(exit).toBe(1);
  });

  test("lists them", { timeout: 60_000 }, async () => {
    const { stdout } = await enter(image, { args: ["list", "--json"] });
    expect(JSON.parse(stdout).tests).toHaveLength(6);
  });

  test("has Node and one Python to run, no shell, and no path of this machine", () => {
    const at = (path: string): string => join(image.root, path);
    expect(existsSync(at("usr/bin/python3.11"))).toBe(true);
    expect(["bin/sh", "usr/bin/sh", "usr/bin/bash", "usr/bin/perl"].filter((path) => existsSync(at(path)))).toEqual([]);
    expect(statSync(at("usr/lib/python3/dist-packages/pytest/__init__.py")).mode & 0o777).toBe(0o644);
    expect(existsSync(at("usr/lib/python3/dist-packages/pandas"))).toBe(false);
    expect(existsSync(at("app/python/tallyml/pytest_plugin.py"))).toBe(true);
    const bill = JSON.parse(readFileSync(at("app/sbom.cdx.json"), "utf8"));
    const names: string[] = bill.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["python3.11-minimal", "libssl3", "pytest", "pluggy", "tzdata"]));
    const licences = readFileSync(at("app/licenses/RUNTIME.txt"), "utf8");
    expect(licences).toContain("apt-get source python3.11=");
    const stated = [...licences.matchAll(/licence {2}.*: (\/\S+)$/gm)].map(([, path = ""]) => path);
    expect(stated.length).toBeGreaterThan(15);
    expect(stated.filter((path) => !existsSync(at(path)))).toEqual([]);
  });
});

const qemu = "/usr/bin/qemu-aarch64-static";

describe.skipIf(reason !== undefined || "reason" in arm)("an image with Python for arm64", () => {
  test("has a Python that imports pytest under qemu", { timeout: 180_000 }, async ({ skip }) => {
    skip(!existsSync(qemu), "no qemu-aarch64-static on this machine");
    using image = unpackImage("tar" in arm ? arm.tar : "", "arm64");
    cpSync(qemu, join(image.root, "usr/bin/qemu"));
    const script = "import pytest, sqlite3, ssl, platform; print(pytest.__version__, platform.machine())";
    const { stderr, stdout } = await enter(image, { entrypoint: ["/usr/bin/qemu", "/usr/bin/python3", "-c", script] });
    expect(`${stdout}${stderr}`).toMatch(/^\d+\.\d+\.\d+ aarch64\n$/);
  });
});
