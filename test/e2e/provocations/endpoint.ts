/** What an HTTP endpoint can do wrong: the servers of test/faux, asked by the real command line. */
import { fileURLToPath } from "node:url";
import { faux, fauxAuthority } from "../../faux/faux.ts";
import { demandingServer } from "../../faux/demanding-server.ts";
import { type Faux, rawServer } from "../../faux/raw-server.ts";
import { missingOf } from "../../examples/toolchain.ts";
import type { ExitCode } from "../../../src/kernel/errors.ts";
import { interrupted } from "./connector.ts";
import type { Provocation } from "./provocation.ts";

const files = {
  "tally.toml": `[model]\nname = "faux"\n`,
  "cases/process.jsonl": `{"operation":"process","input":{"query":"poison"}}\n`,
};
const told = ["test", "--reporter", "ndjson"];

function endpoint(
  fact: string,
  code: Provocation["codes"][number],
  open: () => Promise<Faux>,
  args: readonly string[] = [],
): Provocation {
  return {
    fact,
    codes: [code],
    files,
    arrange: async (_, stack) => ({ args: ["-e", stack.use(await open()).url] }),
    args: [...told, ...args],
    exit: 3,
  };
}

/** An address nothing listens at any more. */
async function gone(): Promise<Faux> {
  const server = await faux.never();
  await server.close();
  return server;
}

function address(
  fact: string,
  code: Provocation["codes"][number],
  args: readonly string[],
  exit: ExitCode = 2,
): Provocation {
  return { fact, codes: [code], files, args: [...told, ...args], exit };
}

export const endpointProvocations: readonly Provocation[] = [
  address("an address of no kind there is", "endpoint-address", ["-e", "htp://localhost:8080"]),
  address("certificates that are not there", "endpoint-ca", ["-e", "https://127.0.0.1:9", "--ca", "authority.pem"]),
  address("a certificate of ours without its key", "endpoint-client-cert", [
    "-e",
    "https://127.0.0.1:9",
    "--client-cert",
    "our.pem",
  ]),
  address("a header that HTTP does not allow", "endpoint-header", [
    "-e",
    "http://127.0.0.1:9",
    "--header",
    "a\u00e9: b",
  ]),
  address("a host nobody knows", "endpoint-unknown-host", ["-e", "http://no-such-host.invalid"], 3),
  endpoint("nothing listens", "endpoint-unreachable", gone),
  endpoint("nothing listens within the wait", "endpoint-not-ready", gone, ["--wait", "300ms"]),
  endpoint("takes the request and stays silent", "endpoint-timeout", faux.hangingPoison, ["--timeout", "300ms"]),
  endpoint("resets the connection in mid-answer", "endpoint-reset", () => faux.reset({ afterHeaders: true })),
  endpoint("closes the connection in mid-answer", "endpoint-incomplete", faux.shortBody),
  endpoint("declares two lengths", "endpoint-message-length", () => faux.twoLengths(14, 15)),
  endpoint("speaks SSH", "endpoint-not-http", faux.banner),
  endpoint("sends a header of 70 kB", "endpoint-headers", faux.hugeHeader),
  endpoint("sends a body without end", "endpoint-answer-too-large", faux.endless),
  endpoint("sends a compressed bomb", "endpoint-answer-expands", () => faux.bomb("gzip")),
  endpoint("says gzip and is not", "endpoint-encoding", faux.badGzip),
  endpoint("redirects", "endpoint-redirect", () => faux.redirect("/v2/process", 301)),
  endpoint("wants a token", "endpoint-credentials", () => faux.guarded("right-token")),
  endpoint("is busy for two minutes", "endpoint-throttled", () => faux.throttling(10, "120", 503)),
  {
    ...endpoint("does not have the operation yet", "operation-not-implemented", () => faux.notImplemented("process")),
    exit: 1,
  },
  endpoint("answers 500", "endpoint-status", () => faux.status(500, "weights are missing")),
  endpoint("finds one record too large", "endpoint-request-too-large", () => faux.tooLarge(0)),
  endpoint("has nothing under this address", "endpoint-path", () =>
    faux.nothingThere({ paths: { "/v1/process": { post: {} } } }),
  ),
  endpoint("answers the page of a web server", "endpoint-not-json", faux.html),
  endpoint("answers JSON with a comma too many", "endpoint-invalid-json", () => faux.text('[{"length":3},]')),
  endpoint("answers NaN under --strict-json", "endpoint-bare-token", faux.bareTokens, ["--strict-json"]),
  endpoint("answers a key twice", "endpoint-duplicate-key", faux.duplicateKeys),
  endpoint("answers lists within lists", "endpoint-too-deep", () => faux.deep(200)),
  endpoint("answers Latin-1", "endpoint-not-utf8", faux.badUtf8),
  endpoint("answers an object around the records", "endpoint-not-array", () => faux.wrapped("predictions")),
  endpoint("answers bare values", "endpoint-record-type", faux.notObjects),
  endpoint("answers fewer records", "endpoint-record-count", faux.fewer),
  endpoint("shows a certificate that it signed itself", "endpoint-certificate", () => faux.tls("self-signed")),
  {
    fact: "wants a certificate of its clients",
    codes: ["endpoint-wants-certificate"],
    files,
    arrange: async (_, stack) => ({
      args: ["-e", stack.use(await demandingServer()).url, "--ca", fileURLToPath(fauxAuthority)],
    }),
    args: told,
    exit: 3,
    skip: missingOf(["openssl"]),
  },
  {
    ...endpoint("Ctrl-C while an endpoint is silent", "endpoint-cancelled", faux.hangingPoison),
    arrange: async (_, stack) => ({ args: ["-e", stack.use(await faux.hangingPoison()).url], meanwhile: interrupted }),
    exit: 130,
    signal: 130,
  },
  {
    fact: "refuses every kind of TLS",
    codes: ["endpoint-connection"],
    files,
    arrange: async (_, stack) => ({ args: ["-e", stack.use(await alertingTls()).url.replace("http:", "https:")] }),
    args: told,
    exit: 3,
  },
];

/** Answers the first bytes of a TLS handshake with the alert "handshake failure". */
function alertingTls(): Promise<Faux> {
  const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);
  return rawServer(() => {}, { onConnect: (socket) => void socket.once("data", () => socket.write(alert)) });
}
