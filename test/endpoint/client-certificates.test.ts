/** Mutual TLS: who we are, shown to a server that wants to know. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openEndpoint } from "../../src/endpoint/open-endpoint.ts";
import { missingOf } from "../examples/toolchain.ts";
import { demandingServer } from "../faux/demanding-server.ts";
import { faux } from "../faux/faux.ts";
import { asked } from "./outcome-text.ts";

const file = (name: string): string => fileURLToPath(new URL(`../faux/certificates/${name}`, import.meta.url));
const ca = file("ca.pem");
const clientCert = file("client.pem");
const clientKey = file("client.key");

test("a server that wants a certificate answers those who show one", async () => {
  await using server = await faux.mutualTls();
  expect(await asked(server, { ca, clientCert, clientKey })).toBe('answered\n{"length":3}');
});

test("a server that hangs up on those without a certificate may want one", async () => {
  await using server = await faux.mutualTls();
  expect(await asked(server, { ca })).toMatchInlineSnapshot(`
    "error[endpoint-wants-certificate]: https://HOST/process wants a certificate of us, and none was given (certificate required).
    hint: Name one that its authority has signed: --client-cert our.pem --client-key our.key
    exit 3, stop"
  `);
  expect(server.requests).toEqual([]);
});

const missing = missingOf(["openssl"]);

test.skipIf(missing !== undefined)("a server that asks for a certificate with an alert is understood", async () => {
  await using server = await demandingServer();
  expect(await asked(server, { ca, timeoutMs: 3_000 })).toMatchInlineSnapshot(`
    "error[endpoint-wants-certificate]: https://HOST/process wants a certificate of us, and none was given (certificate required).
    hint: Name one that its authority has signed: --client-cert our.pem --client-key our.key
    exit 3, stop"
  `);
});

test.skipIf(missing !== undefined)(
  "a certificate of an authority that the server does not know is refused",
  async () => {
    await using server = await demandingServer();
    const unknown = { ca, clientCert: file("client-unknown.pem"), clientKey, timeoutMs: 3_000 };
    expect(await asked(server, unknown)).toMatchInlineSnapshot(`
      "error[endpoint-wants-certificate]: https://HOST/process does not accept our certificate: it does not trust the authority that signed it.
      hint: Ask who runs the endpoint which authority it trusts, and until when the certificate is valid: openssl x509 -in our.pem -noout -issuer -dates
      exit 3, stop"
    `);
  },
);

test.for([
  ["a file that is not there", { clientCert: file("none.pem"), clientKey }, "none.pem: there is no such file"],
  [
    "a key in place of the certificate",
    { clientCert: clientKey, clientKey },
    "client.key: it is not a PEM certificate",
  ],
  [
    "a certificate in place of the key",
    { clientCert, clientKey: clientCert },
    "client.pem: it is not a PEM private key",
  ],
  ["the key of another", { clientCert, clientKey: file("server.key") }, "server.key: it is not the key of client.pem"],
  [
    "a key with a passphrase",
    { clientCert, clientKey: file("client-locked.key") },
    "client-locked.key: the key has a passphrase, and nobody is here to type it",
  ],
  ["a certificate alone", { clientCert }, "client.pem: it comes without --client-key"],
  ["a key alone", { clientKey }, "client.key: it comes without --client-cert"],
] as const)("%s is said before anything is asked", async ([, files, reason]) => {
  const endpoint = openEndpoint("https://127.0.0.1:9", { root: "/", ...files });
  const message = await endpoint.start().then(
    () => "started",
    (error: Error) => error.message.replaceAll(file(""), ""),
  );
  expect(message).toBe(`${reason.replace(": ", " cannot be used as our certificate: ")}.`);
});
