/**
 * Set-up of a run under Vitest. Comes in: the project, with the contract that `tallyml/vitest/config` found. Goes out: the
 * address that all test processes ask. A connector is started here, once, and closed at the end; while
 * Vitest watches, a changed one is loaded anew.
 */
import { dirname, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import type { Contract } from "../../contract/contract.ts";
import { loadContract } from "../../contract/load-contract.ts";
import type { Endpoint } from "../../endpoint/endpoint.ts";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { tallyError } from "../../kernel/errors.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import { type RunningServer, startServer } from "../../serve/serve.ts";
import type { ProvidedSuite } from "../../suite/vitest/vitest-session.ts";
import { addressOf, targetOf } from "../target.ts";

interface Found {
  readonly file: string;
  readonly endpoint?: string;
}

let server: RunningServer | undefined;

/** Starts what is to be asked. */
export async function setup(project: TestProject): Promise<void> {
  // Written by the plugin of the same version.
  const found = JSON.parse(String(project.config.env["TALLY_VITEST"])) as Found;
  const contract = loadContract(found.file, tallyVersion());
  const { address } = targetOf(contract, found.endpoint, process.env);
  if (address !== undefined && /^(?:https?|unix):/.test(address)) {
    provide(project, contract, address);
    return;
  }
  server = await serveHere(contract, address, project.config.watch);
  provide(project, contract, server.url);
}

/** Ends it. */
export async function teardown(): Promise<void> {
  await server?.close();
}

function provide(project: TestProject, contract: Contract, address: string): void {
  const { endpoint, operations, root } = contract;
  const seed = Number(process.env["TALLY_SEED"] ?? 1 + Math.floor(Math.random() * 999_999));
  const { batch, headers, timeoutMs } = endpoint;
  const provided: ProvidedSuite = { address, root, headers, operations, batch, timeoutMs, seed };
  project.provide("tallyml", provided);
}

async function serveHere(contract: Contract, typed: string | undefined, isWatching: boolean): Promise<RunningServer> {
  const address = typed ?? addressOf(contract);
  if (address === "") throw tallyError("endpoint-none", { file: contract.file, isDelivered: false });
  const root = typed === undefined ? contract.root : process.cwd();
  const log = ({ text }: { readonly text: string }): void => void process.stderr.write(`${text}\n`);
  const open = (): Endpoint => openEndpoint(address, { root, contract, log });
  const path = /^(?:py|node):(.+)$/.exec(address)?.[1];
  return startServer({
    endpoint: open(),
    contract,
    port: 0,
    timeoutMs: contract.endpoint.timeoutMs,
    ...(path === undefined || !isWatching ? {} : { watch: { folder: dirname(resolve(root, path)), open } }),
  });
}
