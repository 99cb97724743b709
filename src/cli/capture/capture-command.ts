/**
 * `tally capture`: what a program asks of the connector, or what the operations answer to the records of a file, becomes a case table.
 * ENDPOINT of the environment is not looked at: what is kept here is what others will be measured by.
 */
import { matchesGlob, join, relative, resolve, sep } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { type ExitCode, tallyError } from "../../kernel/errors.ts";
import { readJson } from "../../kernel/read-json.ts";
import { shownPath } from "../../kernel/shown-path.ts";
import { isJsonObject } from "../../record/json-kind.ts";
import { startServer } from "../../serve/serve.ts";
import type { Arguments } from "../arguments.ts";
import { chooseTarget, openTarget, readContract } from "../target.ts";
import { askFile } from "./ask-file.ts";
import { capturedText, type CaptureResult, captureJson } from "./capture-result.ts";
import { type CaptureTable, checkTable, writeTable } from "./capture-table.ts";
import { capturedCase } from "./captured-case.ts";
import { readDataFile } from "./data-records.ts";
import { ExchangeBook } from "./exchange-book.ts";
import { RecordingEndpoint } from "./recording-endpoint.ts";
import { type Ended, runCommand } from "./run-command.ts";

const defaultLimit = 1_000;
const asked: Ended = { failed: undefined, stopped: undefined };

export async function runCapture(args: Arguments): Promise<ExitCode> {
  const words = args.positionals;
  const data = args.text("data");
  if ((data === undefined) === (words.length === 0)) throw tallyError("capture-what", { both: data !== undefined });
  const contract = readContract(args);
  const file = resolve(args.text("to") ?? join(contract.root, "cases", "captured.jsonl"));
  const table = { file, contract, append: args.flag("append") };
  checkTable(table);
  const limit = args.number("limit", 1) ?? defaultLimit;
  const book = new ExchangeBook(contract, { limit, only: args.text("operation") });
  const endpoint = openReference(contract, args);
  const found =
    data === undefined
      ? { ended: await whileServing(endpoint, { args, book, contract, words }), unused: [] }
      : { ended: asked, ...(await withData(endpoint, { args, book, contract, file: resolve(data), limit })) };
  const result = await keep(book, table, {
    from: data === undefined ? (words[0] ?? "") : shownPath(data),
    unused: found.unused,
    url: endpoint.url,
  });
  process.stdout.write(args.flag("json") ? captureJson(result) : capturedText(result));
  return outcome(found.ended, words, result);
}

/** The connector, unless another endpoint is named on the command line. */
function openReference(contract: Contract, args: Arguments): Endpoint {
  const log = ({ text }: { readonly text: string }): void => void process.stderr.write(`${text}\n`);
  const target = args.isTyped("endpoint")
    ? chooseTarget(contract, args, {})
    : ({ address: undefined, role: "reference" } as const);
  return openTarget(target, contract, args, log);
}

interface Serving {
  readonly args: Arguments;
  readonly book: ExchangeBook;
  readonly contract: Contract;
  readonly words: readonly string[];
}

async function whileServing(endpoint: Endpoint, { args, book, contract, words }: Serving): Promise<Ended> {
  const server = await startServer({
    endpoint: new RecordingEndpoint(endpoint, book),
    contract,
    port: 0,
    onRefusal: (operation, { body }) => book.unanswered(operation, messageOf(body)),
    timeoutMs: args.duration("timeout") ?? contract.endpoint.timeoutMs,
  });
  try {
    return await runCommand({ words, endpoint: server.url, asideOutput: args.flag("json") });
  } finally {
    await server.close();
  }
}

/** What an answer in place of records says. */
function messageOf(body: string): string {
  const said = readJson(body);
  const error = isJsonObject(said) ? said["error"] : undefined;
  return isJsonObject(error) ? String(error["message"]) : body;
}

interface WithData {
  readonly args: Arguments;
  readonly book: ExchangeBook;
  readonly contract: Contract;
  readonly file: string;
  readonly limit: number;
}

async function withData(
  endpoint: Endpoint,
  { args, book, contract, file, limit }: WithData,
): Promise<{ readonly unused: readonly string[] }> {
  const data = await readDataFile(file);
  const timeoutMs = args.duration("timeout") ?? contract.endpoint.timeoutMs;
  try {
    const question = { data, contract, operation: args.text("operation"), limit, timeoutMs };
    const { beyond, unused } = await askFile(question, endpoint, book);
    book.beyond += beyond;
    return { unused };
  } finally {
    await endpoint.close();
  }
}

/** Writes what can be kept. Throws `capture-nothing`, `capture-unfit`, and what a table cannot take. */
async function keep(
  book: ExchangeBook,
  table: CaptureTable,
  about: { readonly from: string; readonly unused: readonly string[]; readonly url: string },
): Promise<CaptureResult> {
  const made = book.steady.map((one) => capturedCase(one, table.contract));
  const cases = made.flatMap((one) => ("made" in one ? [one.made] : []));
  const refused = new Map<string, number>();
  for (const one of made) if ("refused" in one) refused.set(one.refused, (refused.get(one.refused) ?? 0) + 1);
  const { beyond, faults, firstFault, repeated, unsteady } = book;
  if (cases.length === 0) throw nothingKept(book, made.length, [...refused.keys()], about.from);
  const written = await writeTable(cases, table);
  return {
    ...about,
    ...written,
    file: table.file,
    inSuite: isInSuite(table),
    beyond,
    faults,
    firstFault,
    repeated,
    refused,
    unsteady,
  };
}

function nothingKept(book: ExchangeBook, steady: number, refused: readonly string[], from: string): Error {
  const { faults, unsteady } = book;
  const exchanges = steady + unsteady.length;
  if (exchanges === 0) {
    const why =
      faults === 0
        ? `${from} asked nothing at ENDPOINT`
        : `none of the ${faults} calls of ${from} was answered (${book.firstFault.replace(/\.$/, "")})`;
    return tallyError("capture-nothing", { why });
  }
  const [first] = unsteady;
  const why = [
    ...refused,
    ...(first === undefined ? [] : [`the same record is answered in two ways (${first.differs})`]),
  ];
  return tallyError("capture-unfit", { exchanges, why: why.join("; ") });
}

function isInSuite({ contract: { root, suite }, file }: CaptureTable): boolean {
  const path = relative(root, file).split(sep).join("/");
  return suite.cases.some((pattern) => matchesGlob(path, pattern));
}

function outcome({ failed, stopped }: Ended, words: readonly string[], { added }: CaptureResult): ExitCode {
  if (stopped !== undefined) return stopped;
  if (failed === undefined) return 0;
  throw tallyError("capture-command", { command: words[0] ?? "", how: failed, cases: added.length });
}
