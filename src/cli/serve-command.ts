/** `tally serve`: the connector, or any endpoint, over HTTP on this machine until Ctrl-C. */
import { dirname } from "node:path";
import type { LogLine } from "../connector/program-log.ts";
import type { Contract } from "../contract/contract.ts";
import { findContract } from "../contract/load-contract.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { openEndpoint } from "../endpoint/open-endpoint.ts";
import { type ExitCode, isTallyError, tallyError } from "../kernel/errors.ts";
import { startServer } from "../serve/serve.ts";
import type { Arguments } from "./arguments.ts";
import { onSignals } from "./on-signals.ts";
import { wantsColour } from "./run/run-reports.ts";
import { showProblem } from "./show-problem.ts";
import { addressOf, readContract } from "./target.ts";

export async function runServe(args: Arguments): Promise<ExitCode> {
  const contract = readServed(args);
  const [typed] = args.positionals;
  const address = typed ?? (contract === undefined ? "" : addressOf(contract));
  if (address === "") throw tallyError("endpoint-none", { file: contract?.file ?? process.cwd(), isDelivered: false });
  const root = typed === undefined ? (contract?.root ?? process.cwd()) : process.cwd();
  const open = (): Endpoint => openServed(address, { args, contract, root });
  const started = performance.now();
  const server = await startServer({
    endpoint: open(),
    contract,
    host: args.text("host"),
    port: args.number("port"),
    timeoutMs: args.duration("timeout") ?? contract?.endpoint.timeoutMs,
    watch: args.flag("watch") ? { folder: watchedFolder(address, root), open } : undefined,
    onReload: ({ error, file }) => {
      process.stderr.write(`${file} changed: ${error === undefined ? "reloaded" : "not reloaded"}\n`);
      if (isTallyError(error)) process.stderr.write(showProblem(error.problem, wantsColour(args, process.stderr)));
    },
  });
  if (!args.flag("quiet"))
    process.stdout.write(greeting(server.url, Object.keys(server.description.operations), performance.now() - started));
  const code = await new Promise<ExitCode>((resolve) => onSignals(resolve));
  await server.close();
  // Ended by a person who had what they wanted.
  return code === 130 || code === 143 ? 0 : code;
}

/** The contract, when there is one: an endpoint can be served without. */
function readServed(args: Arguments): Contract | undefined {
  if (findContract(process.cwd(), args.text("config")) === undefined && args.positionals.length > 0) return undefined;
  const contract = readContract(args);
  const workers = args.number("workers");
  if (workers === undefined || contract.connector === undefined || contract.connector.kind === "endpoint")
    return contract;
  return { ...contract, connector: { ...contract.connector, workers: Math.max(1, workers) } };
}

interface Opening {
  readonly args: Arguments;
  readonly contract: Contract | undefined;
  readonly root: string;
}

function openServed(address: string, { args, contract, root }: Opening): Endpoint {
  const log = ({ text }: LogLine): void => {
    process.stderr.write(`${text}\n`);
  };
  const inProcess = args.flag("in-process");
  return openEndpoint(address, { root, contract, log, inProcess, startTimeoutMs: args.duration("wait") });
}

function watchedFolder(address: string, root: string): string {
  const path = /^(?:py|node):(.+)$/.exec(address)?.[1];
  return path === undefined ? root : dirname(path.startsWith("/") ? path : `${root}/${path}`);
}

function greeting(url: string, operations: readonly string[], ms: number): string {
  const lines = operations.map((name) => `  POST ${url}/${name}`);
  return [
    `serving ${url}  (up in ${(ms / 1000).toFixed(1)} s)`,
    ...lines,
    `  GET  ${url}/openapi.json`,
    "  Ctrl-C ends",
    "",
  ].join("\n");
}
