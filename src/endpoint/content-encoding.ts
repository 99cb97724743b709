/** Undoes one layer of Content-Encoding, for endpoints that compress although nobody asked them to. */
import { type Problem, problem } from "../kernel/errors.ts";

export type Decoded =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "fault"; readonly fault: Problem };

/** An answer may not grow beyond this many times its size … */
const highestRatio = 200;
/** … unless it stays below this: small answers of equal records do compress that well. */
const alwaysAllowedBytes = 1024 * 1024;

/** The body as the endpoint meant it. `encoding` is the value of the header. */
export async function decodeBody(
  body: Buffer,
  encoding: string,
  context: { readonly url: string; readonly shownEncoding: string; readonly maxAnswerBytes: number },
): Promise<Decoded> {
  const name = encoding.trim().toLowerCase();
  const { url, shownEncoding } = context;
  if (name === "" || name === "identity") return { kind: "bytes", bytes: body };
  const layers = name.split(",");
  if (layers.length > 1) return wrong("only one layer of compression is undone");
  const limit = Math.min(context.maxAnswerBytes, Math.max(alwaysAllowedBytes, body.length * highestRatio));
  const inflate = await decoderOf(name);
  if (inflate === undefined) return wrong("Tally does not know this encoding");
  return new Promise((resolve) => {
    inflate(body, { maxOutputLength: limit }, (error, bytes) => {
      if (error === null) resolve({ kind: "bytes", bytes });
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
        resolve({ kind: "fault", fault: problem("endpoint-answer-expands", { url, encoding: shownEncoding, limit }) });
      } else resolve(wrong(`the body is not ${shownEncoding}`));
    });
  });

  function wrong(reason: string): Decoded {
    return { kind: "fault", fault: problem("endpoint-encoding", { url, encoding: shownEncoding, reason }) };
  }
}

type Inflate = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, bytes: Buffer) => void,
) => void;

async function decoderOf(name: string): Promise<Inflate | undefined> {
  const zlib = await import("node:zlib");
  switch (name) {
    case "gzip":
    case "x-gzip":
      return zlib.gunzip;
    case "deflate":
      return zlib.inflate;
    case "br":
      return zlib.brotliDecompress;
    case "zstd":
      return zlib.zstdDecompress;
    default:
      return undefined;
  }
}
