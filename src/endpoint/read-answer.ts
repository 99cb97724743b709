/** From the bytes of an answer to the texts of its records: one for each record asked, or what is wrong with it. */
import { type Problem, problem } from "../kernel/errors.ts";
import { JsonFault } from "../kernel/json-fault.ts";
import { decodeUtf8, readJsonCounted } from "../kernel/read-json.ts";
import { type SlicedRecords, sliceRecords } from "../kernel/slice-json.ts";
import { writeJson } from "../kernel/write-json.ts";
import type { CallNote, RecordText } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";

export interface AnswerOptions {
  /** Shown address of the request. */
  readonly url: string;
  /** How many records were asked. */
  readonly asked: number;
  /** What the answer says of its own type; shown when it is no JSON. */
  readonly contentType?: string | undefined;
  readonly strictJson: boolean;
  readonly duplicateKeys: "error" | "last";
  /** Shortens and escapes what the endpoint sent, secrets removed. */
  readonly show: (sent: string | Uint8Array) => string;
}

export type Answer =
  | { readonly kind: "records"; readonly records: readonly RecordText[]; readonly notes: readonly CallNote[] }
  | { readonly kind: "fault"; readonly fault: Problem };

/** Reads an answer's body. Every record's text stays as it was sent, to the last digit. */
export function readAnswer(body: Buffer, options: AnswerOptions): Answer {
  const { url, contentType } = options;
  if (/^text\/html\b/i.test(contentType ?? "")) return fault(notJson(body, options));
  let text = "";
  try {
    text = decodeUtf8(body);
    const sliced = sliceAnswer(text, options);
    const wrong = wrongRecords(sliced.records, options);
    return wrong === undefined ? { kind: "records", records: sliced.records, notes: notesOf(sliced) } : fault(wrong);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    if (isEmptyOrText(body)) return fault(notJson(body, options));
    return fault(faultyJson(error, { text, url, show: options.show }));
  }
}

function sliceAnswer(text: string, { strictJson, duplicateKeys }: AnswerOptions): SlicedRecords {
  try {
    return sliceRecords(text, { bareTokens: !strictJson });
  } catch (error) {
    const isToBeRead = error instanceof JsonFault && error.kind === "duplicate-key" && duplicateKeys === "last";
    if (!isToBeRead) throw error;
    const read = readJsonCounted(text, {
      numbers: "text",
      bareTokens: !strictJson,
      duplicateKeys: "last",
      bom: "strip",
    });
    // A key twice hides the first: the records are written anew, numbers as they stand.
    if (!Array.isArray(read.value)) return sliceRecords(writeJson(read.value));
    return { ...read, records: read.value.map(writeJson) };
  }
}

function fault(made: Problem): Answer {
  return { kind: "fault", fault: made };
}

/** Fewer or more records than asked, or something that is no record. */
function wrongRecords(records: readonly RecordText[], options: AnswerOptions): Problem | undefined {
  const { url, asked, show } = options;
  if (records.length !== asked) return problem("endpoint-record-count", { url, asked, got: records.length });
  const index = records.findIndex((record) => record.charCodeAt(0) !== 0x7b);
  const record = records[index];
  if (record === undefined) return undefined;
  return problem("endpoint-record-type", { url, index, got: kindOf(record), excerpt: show(record) });
}

function notesOf(sliced: { readonly bareTokens: number; readonly bom: boolean }): CallNote[] {
  const notes: CallNote[] = [];
  if (sliced.bareTokens > 0) {
    const message = "Answers hold bare NaN or Infinity, which JSON does not have; they are read as numbers.";
    notes.push({ code: "bare-tokens", message, count: sliced.bareTokens });
  }
  if (sliced.bom) {
    notes.push({ code: "byte-order-mark", message: "Answers begin with a byte order mark, which JSON must not have." });
  }
  return notes;
}

interface Sent {
  readonly text: string;
  readonly url: string;
  readonly show: (sent: string) => string;
}

function faultyJson(found: JsonFault, sent: Sent): Problem {
  const { url, show, text } = sent;
  const place = { url, byte: found.byte, what: excerpt(found.what) };
  switch (found.kind) {
    case "utf8":
      return problem("endpoint-not-utf8", { url, byte: found.byte });
    case "duplicate-key":
      return problem("endpoint-duplicate-key", place);
    case "depth":
      return problem("endpoint-too-deep", place);
    case "bare-token":
      return problem("endpoint-bare-token", place);
    case "not-array":
      return notArray(text.trimStart(), url, show);
    case "not-object":
      return problem("endpoint-record-type", {
        url,
        index: 0,
        got: "no object",
        excerpt: show(text.slice(found.offset)),
      });
    case "syntax":
    case "truncated":
    case "trailing":
    case "bom":
    case "length":
      return problem("endpoint-invalid-json", {
        ...place,
        excerpt: show(text.slice(Math.max(0, found.offset - 30), found.offset + 30)),
      });
  }
}

/** `{"records": […]}` and `{"predictions": […]}` are what other servers answer. */
function notArray(text: string, url: string, show: (sent: string) => string): Problem {
  const wrapper = /^\{\s*"(records|predictions|outputs|data|results?)"\s*:\s*\[/.exec(text)?.[1];
  return problem("endpoint-not-array", { url, got: kindOf(text), wrapper, excerpt: show(text.slice(0, 200)) });
}

function kindOf(text: string): string {
  switch (text[0]) {
    case "{":
      return "an object";
    case "[":
      return "an array";
    case '"':
      return "a string";
    case "n":
      return "null";
    case "t":
    case "f":
      return "a boolean";
    default:
      return "a number";
  }
}

/** An empty body, or one that begins like prose or markup: then where JSON goes wrong in it says nothing. */
function isEmptyOrText(body: Buffer): boolean {
  const start = body
    .subarray(0, 256)
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  return start === "" || !/^([[{"\d-]|true\b|false\b|null\b|NaN\b|Infinity\b)/.test(start);
}

function notJson(body: Buffer, options: AnswerOptions): Problem {
  const type = options.contentType === undefined ? "no content type" : excerpt(options.contentType, 60);
  return problem("endpoint-not-json", { url: options.url, type, excerpt: options.show(body) });
}
