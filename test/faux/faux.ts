/**
 * The misbehaving endpoints, one function for each way of being wrong: `await using server = await faux.drip();`.
 * Those that answer anything at all answer `POST /{operation}`; each says in one line what it does.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type FauxModelOptions, fauxModel, type FauxRecord, lengthOf } from "./faux-model.ts";
import { type Faux, type FauxRequest, rawServer, type RawServerOptions, reply } from "./raw-server.ts";

const kibibyte = 1024;

/** Answers of the right length for a request, as text. */
function rightAnswer(request: FauxRequest): string {
  // A GET, of a description or of /health, has no body.
  const records: FauxRecord[] = request.body.length === 0 ? [] : JSON.parse(request.body.toString("utf8"));
  return JSON.stringify(records.map(lengthOf));
}

/** Answers every request with the same bytes. */
function always(
  bytes: string | Buffer,
  options: RawServerOptions & { readonly thenClose?: boolean } = {},
): Promise<Faux> {
  return rawServer((socket) => {
    socket.write(bytes);
    if (options.thenClose === true) socket.end();
  }, options);
}

/** Status 200 and a body for each request. */
function answering(
  body: (request: FauxRequest) => string | Buffer,
  headers?: Readonly<Record<string, string>>,
): Promise<Faux> {
  return rawServer((socket, request) => void socket.write(reply(200, body(request), headers)));
}

/** A model whose answers are changed before they are sent. */
function changing(change: (answers: unknown[]) => unknown[]): Promise<Faux> {
  return fauxModel({ process: lengthOf }, { change });
}

function certificate(name: string): { key: string; cert: string } {
  const read = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), "utf8");
  return { key: read("server.key"), cert: read(`${name}.pem`) };
}

const compressors = { gzip: gzipSync, br: brotliCompressSync } as const;

export const faux = {
  /** Takes the request and stays silent. */
  never: () => rawServer(() => {}),

  /** Answers rightly, but late. */
  late: (delayMs: number) => fauxModel({ process: lengthOf }, { delayMs }),

  /** Sends its headers at once and then one byte of the body at a time. */
  drip: ({ length = 4096, everyMs = 20 } = {}) =>
    rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      const timer = setInterval(() => socket.write(" "), everyMs);
      socket.on("close", () => clearInterval(timer));
    }),

  /** Resets the connection: at once, or after the beginning of an answer. */
  reset: ({ afterHeaders = false } = {}) =>
    rawServer(async (socket) => {
      if (afterHeaders) await written(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{");
      socket.resetAndDestroy();
    }),

  /** Resets the first connections, then answers rightly. */
  flaky: (resets: number) => {
    let left = resets;
    return rawServer((socket, request) => {
      if (left-- > 0) socket.resetAndDestroy();
      else socket.write(reply(200, rightAnswer(request)));
    });
  },

  /** The same for calls alone: what asks for its health is answered at once. */
  flakyCalls: (resets: number) => {
    let left = resets;
    return rawServer((socket, request) => {
      if (request.method === "POST" && left-- > 0) socket.resetAndDestroy();
      else socket.write(reply(200, rightAnswer(request)));
    });
  },

  /** Closes the connection without a word. */
  hangUp: () => rawServer((socket) => void socket.end()),

  /** Promises 100 bytes, sends 17 and closes; with `Connection: close` or without. */
  shortBody: ({ closing = false } = {}) =>
    always(`HTTP/1.1 200 OK\r\n${closing ? "Connection: close\r\n" : ""}Content-Length: 100\r\n\r\n[{"length":1234},`, {
      thenClose: true,
    }),

  /** A chunked body without its last chunk; with `Connection: close` or without. */
  cutChunks: ({ closing = false } = {}) => {
    const headers = `${closing ? "Connection: close\r\n" : ""}Transfer-Encoding: chunked`;
    return always(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n10\r\n[{"length":1234}\r\n`, { thenClose: true });
  },

  /** A chunked body whose chunk size is no number. */
  badChunks: () => always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n"),

  /** Two Content-Length headers, alike or not. */
  twoLengths: (first: number, second: number) =>
    always(`HTTP/1.1 200 OK\r\nContent-Length: ${first}\r\nContent-Length: ${second}\r\n\r\n[{"length":1}]`),

  /** Content-Length and Transfer-Encoding: where the answer ends depends on who reads it. */
  lengthAndChunked: () =>
    always(
      'HTTP/1.1 200 OK\r\nContent-Length: 14\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n[{"length":1}]\r\n0\r\n\r\n',
    ),

  /** A right answer, and then bytes that nobody asked for. */
  extraBytes: (extra = 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n[{"length":9}]') =>
    rawServer(
      (socket, request) => void socket.write(Buffer.concat([reply(200, rightAnswer(request)), Buffer.from(extra)])),
    ),

  /** Greets as an SSH server does, before it was asked anything. */
  banner: (text = "SSH-2.0-OpenSSH_9.2p1\r\n") =>
    rawServer(() => {}, { onConnect: (socket) => void socket.write(text) }),

  /** HTTP/0.9: a body and nothing else. */
  noStatusLine: () => always('[{"length":1}]', { thenClose: true }),

  /** Says Continue before each right answer; in two pieces with `split`. */
  continues: ({ split = false } = {}) =>
    rawServer(async (socket, request) => {
      await written(socket, split ? "HTTP/1.1 100 Con" : "HTTP/1.1 100 Continue\r\nX-Note: early\r\n\r\n");
      if (split) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        await written(socket, "tinue\r\n\r\n");
      }
      socket.write(reply(200, rightAnswer(request)));
    }),

  /** Says Continue over and over. */
  continueFlood: () => always("HTTP/1.1 100 Continue\r\n\r\n".repeat(5)),

  /** One header of so many bytes. */
  hugeHeader: (bytes = 70 * kibibyte) =>
    always(`HTTP/1.1 200 OK\r\nX-Big: ${"x".repeat(bytes)}\r\nContent-Length: 2\r\n\r\n[]`),

  /** So many small headers. */
  manyHeaders: (count: number) =>
    always(
      `HTTP/1.1 200 OK\r\n${Array.from({ length: count }, (_, n) => `H${n}: 1\r\n`).join("")}Content-Length: 14\r\n\r\n[{"length":1}]`,
    ),

  /** A body that never ends, as fast as it is read. */
  endless: () => {
    const block = Buffer.alloc(64 * kibibyte, " ");
    const chunk = Buffer.concat([Buffer.from(`${block.length.toString(16)}\r\n`), block, Buffer.from("\r\n")]);
    return rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", more);
      more();
    });
  },

  /** Some kilobytes that inflate to many megabytes. */
  bomb: (encoding: "gzip" | "br", mebibytes = 50) => {
    const body = compressors[encoding](Buffer.alloc(mebibytes * kibibyte * kibibyte, " "));
    return answering(() => body, { "content-encoding": encoding });
  },

  /** A right answer, compressed although nobody asked for it. */
  compressed: (encoding: "gzip" | "br") =>
    answering((request) => compressors[encoding](rightAnswer(request)), { "content-encoding": encoding }),

  /** A right answer, compressed twice. */
  nestedEncodings: () =>
    answering((request) => gzipSync(gzipSync(rightAnswer(request))), { "content-encoding": "gzip, gzip" }),

  /** Says gzip and sends plain JSON. */
  badGzip: () => answering(rightAnswer, { "content-encoding": "gzip" }),

  /** Redirects everything. */
  redirect: (location: string, status = 307) => always(reply(status, "", { location })),

  /** Answers everything with a status. */
  status: (status: number, body = "", headers: Readonly<Record<string, string>> = {}) =>
    always(reply(status, body, headers)),

  /** A status line with escape sequences and a body with more of them. */
  hostileText: () =>
    always(`HTTP/1.1 500 \u001b[31mred\u001b[0m\r\nContent-Length: 19\r\n\r\n\u001b]0;title\u0007\r\nnext\u009b1m`),

  /** 401 unless the right token comes. */
  guarded: (token: string) =>
    rawServer((socket, request) => {
      const isKnown = request.headers["authorization"] === `Bearer ${token}`;
      socket.write(
        isKnown ? reply(200, rightAnswer(request)) : reply(401, `who are you? ${request.headers["authorization"]}`, {}),
      );
    }),

  /** 500 for every batch with a record whose query is `poison`; right otherwise. */
  poison: () =>
    fauxModel({
      process: (record) => {
        if (record["query"] === "poison") throw new RangeError("cannot take this one");
        return lengthOf(record);
      },
    }),

  /** Resets the connection for every batch with a poison record. */
  deadlyPoison: () =>
    rawServer((socket, request) => {
      if (request.body.includes("poison")) socket.resetAndDestroy();
      else socket.write(reply(200, rightAnswer(request)));
    }),

  /** Stays silent for every batch with a poison record. */
  hangingPoison: () =>
    rawServer((socket, request) => {
      if (!request.body.includes("poison")) socket.write(reply(200, rightAnswer(request)));
    }),

  /** 429 or 503 with Retry-After for the first calls, then right. */
  throttling: (calls: number, retryAfter: string, status = 429) => {
    let left = calls;
    return rawServer((socket, request) => {
      socket.write(left-- > 0 ? reply(status, "", { "retry-after": retryAfter }) : reply(200, rightAnswer(request)));
    });
  },

  /** 501 for one operation; the others are there. */
  notImplemented: (operation: string) =>
    rawServer((socket, request) => {
      socket.write(request.path === `/${operation}` ? reply(501, "", {}) : reply(200, rightAnswer(request)));
    }),

  /** 413 for batches of more than so many records. */
  tooLarge: (maxBatch: number) => fauxModel({ process: lengthOf }, { maxBatch }),

  /** Nothing but 404, and perhaps an openapi.json. */
  nothingThere: (openapi?: object) =>
    rawServer((socket, request) => {
      const isCatalogue = openapi !== undefined && request.path === "/openapi.json";
      socket.write(isCatalogue ? reply(200, JSON.stringify(openapi)) : reply(404, `{"detail":"Not Found"}`));
    }),

  /** The page of a web server, as text/html. */
  html: () =>
    answering(() => "<html><body>\n<h1>It works!</h1></body></html>", { "content-type": "text/html; charset=utf-8" }),

  /** Status 200 and nothing else. */
  empty: () => answering(() => "", {}),

  /** A right answer under any content type, or none. */
  typed: (contentType?: string) =>
    answering(rightAnswer, contentType === undefined ? {} : { "content-type": contentType }),

  /** Any text as the answer. */
  text: (body: string | Buffer) => answering(() => body),

  /** The same key twice in one record. */
  duplicateKeys: () => answering(() => `[{"score":1,"score":2}]`),

  /** Lists within lists. */
  deep: (levels: number) => answering(() => `[{"value":${"[".repeat(levels)}${"]".repeat(levels)}}]`),

  /** Keys that are something else in JavaScript. */
  protoKeys: () => answering(() => `[{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}]`),

  /** A surrogate without its other half, as an escape. */
  loneSurrogate: () => answering(() => String.raw`[{"text":"\ud83d"}]`),

  /** A byte that is not UTF-8. */
  badUtf8: () =>
    answering(() => Buffer.concat([Buffer.from(`[{"text":"`), Buffer.from([0xc3, 0x28]), Buffer.from(`"}]`)])),

  /** A byte order mark, then a right answer. */
  bom: () => answering((request) => `\uFEFF${rightAnswer(request)}`),

  /** What Python writes for NaN and infinities. */
  bareTokens: () => answering(() => `[{"score":NaN,"low":-Infinity,"high":Infinity}]`),

  /** An object around the records. */
  wrapped: (key: string) => answering((request) => `{"${key}": ${rightAnswer(request)}}`),

  /** Bare values instead of objects. */
  notObjects: () => changing((answers) => answers.map((_, index) => index)),

  /** One answer fewer than asked. */
  fewer: () => changing((answers) => answers.slice(1)),

  /** One answer more than asked. */
  more: () => changing((answers) => [...answers, { length: 0 }]),

  /** One answer fewer, when a batch holds a poison record. */
  fewerForPoison: () =>
    rawServer((socket, request) => {
      const records: FauxRecord[] = JSON.parse(request.body.toString("utf8"));
      const answered = records.filter((record) => record["query"] !== "poison").map(lengthOf);
      socket.write(reply(200, JSON.stringify(answered)));
    }),

  /** Every answer there, the last one first. */
  reordered: () => changing((answers) => answers.toReversed()),

  /** A field that nobody declared. */
  extraField: () => changing((answers) => answers.map((answer) => ({ ...asObject(answer), extra: true }))),

  /** No fields at all. */
  missingField: () => changing((answers) => answers.map(() => ({}))),

  /** A field under another name. */
  renamedField: () => changing((answers) => answers.map((answer) => ({ size: asObject(answer)["length"] }))),

  /** Numbers rounded to float32 on the way. */
  float32: (score: number) => fauxModel({ process: () => ({ score: Math.fround(score) }) }),

  /** HTTP/1.0: no keep-alive, the body ends with the connection. */
  http10: () =>
    rawServer(
      (socket, request) =>
        void socket.end(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${rightAnswer(request)}`),
    ),

  /** A right answer, and the connection closed after each, announced or not. */
  closing: ({ announced = true } = {}) =>
    rawServer((socket, request) => {
      socket.end(reply(200, rightAnswer(request), announced ? { connection: "close" } : {}));
    }),

  /** A right answer over TLS; the certificate is good (for those who trust ca.pem), or bad in one way. */
  tls: (kind: "good" | "expired" | "self-signed" | "wrong-host", options: FauxModelOptions = {}) =>
    fauxModel({ process: lengthOf }, { ...options, tls: certificate(kind) }),
  /** Over TLS, for clients whose certificate the faux authority has signed. */
  mutualTls: (options: FauxModelOptions = {}) =>
    fauxModel(
      { process: lengthOf },
      {
        ...options,
        tls: {
          ...certificate("good"),
          ca: readFileSync(fauxAuthority, "utf8"),
          requestCert: true,
          rejectUnauthorized: true,
        },
      },
    ),
} as const;

/** The certificate of the authority that signed `faux.tls("good")`. */
export const fauxAuthority = new URL("certificates/ca.pem", import.meta.url);

function asObject(answer: unknown): FauxRecord {
  return typeof answer === "object" && answer !== null ? { ...answer } : {};
}

function written(socket: Socket, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => setTimeout(resolve, 20));
  });
}
