import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Contract } from "../../src/contract/contract.ts";
import { isTallyError } from "../../src/kernel/errors.ts";
import { openEndpoint, type OpenOptions } from "../../src/endpoint/open-endpoint.ts";

/** What opening an address says: the endpoint's shown address, or the error. */
function opened(address: string, options: Partial<OpenOptions> = {}): string {
  try {
    return openEndpoint(address, { root: "/project", ...options }).url;
  } catch (error) {
    return isTallyError(error) ? `error[${error.code}]: ${error.message}\n${error.problem.hint}` : String(error);
  }
}

test("addresses are shown without user, password and query string", () => {
  const addresses = [
    "http://host:8080/",
    "HTTP://Host:80/v1/",
    "https://me:secret@host/v1?key=secret",
    "unix:/run/model.sock",
    "unix:./model.sock:/v1/?key=secret",
    "cmd:./build/model --flag",
    "py:research/connector.py",
    "node:connector.ts",
  ];
  expect(addresses.map((address) => opened(address))).toMatchInlineSnapshot(`
    [
      "http://host:8080",
      "http://host/v1",
      "https://host/v1",
      "unix:/run/model.sock",
      "unix:./model.sock:/v1",
      "cmd:./build/model --flag",
      "py:research/connector.py",
      "node:connector.ts",
    ]
  `);
});

test("anything else is refused, with what it may have been meant to be", () => {
  const addresses = [
    "localhost:8080",
    "htp://host",
    "ftp://me:secret@host/x?y",
    "./build/model",
    "research/connector.py",
    "/run/model.sock",
    "model",
  ];
  expect(addresses.map((address) => opened(address))).toMatchInlineSnapshot(`
    [
      "error[endpoint-address]: "localhost:8080" is not the address of an endpoint: it does not begin as one does.
    Is it http://localhost:8080 ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "htp://host" is not the address of an endpoint: it does not begin as one does.
    Is it http://host ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "ftp://host/x" is not the address of an endpoint: it does not begin as one does.
    Is it http://host/x ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "./build/model" is not the address of an endpoint: it does not begin as one does.
    Is it cmd:./build/model ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "research/connector.py" is not the address of an endpoint: it does not begin as one does.
    Is it py:research/connector.py ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "/run/model.sock" is not the address of an endpoint: it does not begin as one does.
    Is it unix:/run/model.sock ? Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "model" is not the address of an endpoint: it does not begin as one does.
    Addresses begin with one of http:// https:// unix: cmd: py: node:",
    ]
  `);
});

test("an address that lacks its half is refused", () => {
  expect(["http://", "unix:", "py:", "node:"].map((address) => opened(address))).toMatchInlineSnapshot(`
    [
      "error[endpoint-address]: "http://" is not the address of an endpoint: it is not a valid URL.
    Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "unix:" is not the address of an endpoint: the path of the socket is missing, as in unix:/run/model.sock.
    Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "py:" is not the address of an endpoint: the path of the connector is missing, as in py:research/connector.py.
    Addresses begin with one of http:// https:// unix: cmd: py: node:",
      "error[endpoint-address]: "node:" is not the address of an endpoint: the path of the connector is missing, as in py:research/connector.py.
    Addresses begin with one of http:// https:// unix: cmd: py: node:",
    ]
  `);
});

test("a header that cannot be sent is refused before anything is asked", () => {
  const headers = [{ "X Y": "1" }, { "Content-Length": "5" }, { "X-Model": "a\r\nX-Evil: 1" }];
  expect(headers.map((header) => opened("http://host", { headers: header }))).toMatchInlineSnapshot(`
    [
      "error[endpoint-header]: The header "x y" cannot be sent: this is not a header's name.
    Write it as --header "Name: value".",
      "error[endpoint-header]: The header "content-length" cannot be sent: Tally sets it itself.
    Write it as --header "Name: value".",
      "error[endpoint-header]: The header "x-model" cannot be sent: its value has a character that no header may have.
    Write it as --header "Name: value".",
    ]
  `);
});

test("a program on stdin and a connector answer through their addresses", async () => {
  const root = fileURLToPath(new URL("../faux/", import.meta.url));
  const opened = [
    openEndpoint("cmd:node programs/model.mjs", { root }),
    openEndpoint("node:connectors/good.ts", { root }),
    openEndpoint("node:connectors/good.ts", { root, inProcess: true }),
  ];
  for (const endpoint of opened) {
    await endpoint.start();
    const outcome = await endpoint.call("process", ['{"query":"abc"}'], { timeoutMs: 10_000 });
    expect(outcome).toMatchObject({ kind: "answered", answers: ['{"length":3}'] });
    await endpoint.close();
  }
});

test("a connector's settings are the contract's when it names the same file", () => {
  const file = "/project/research/connector.py";
  const connector = { kind: "python", path: file, workers: 3, dtypes: "numpy", env: {} } as const;
  const contract: Contract = {
    file: "/project/tally.toml",
    root: "/project",
    model: { name: "model" },
    connector,
    endpoints: {},
    endpoint: { batch: 256, timeoutMs: 30_000, headers: {} },
    suite: { name: "model", tests: [], pytest: [], cases: [], files: [], csv: { delimiter: "," } },
  };
  const lanes = ["py:research/connector.py", "py:other.py"].map(
    (address) => openEndpoint(address, { root: "/project", contract }).concurrency,
  );
  expect(lanes).toEqual([3, 1]);
});
