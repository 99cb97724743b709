/** Which endpoint a command talks to: flag > ENDPOINT > [endpoints] default > the connector (spec §8). */
import { relative } from "node:path";
import type { LogLine } from "../connector/program-log.ts";
import type { Contract } from "../contract/contract.ts";
import { findContract, loadContract } from "../contract/load-contract.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { openEndpoint } from "../endpoint/open-endpoint.ts";
import { tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import { tallyVersion } from "../kernel/own-package.ts";
import type { Arguments } from "./arguments.ts";
import { isDelivered } from "./state-folder.ts";
import { splitSide } from "./side-name.ts";

/** The contract of --config or of the nearest folder. */
export function readContract(args: Arguments): Contract {
  const from = process.cwd();
  const file = findContract(from, args.text("config"));
  if (file === undefined) throw tallyError("contract-missing", { from });
  return loadContract(file, tallyVersion());
}

export interface Target {
  readonly address: string | undefined;
  /** `reference`: the connector, started here. */
  readonly role: "reference" | "candidate";
}

/** Whether the word is `connector`, which is the suite's own. Throws `connector-none` where there is none. */
export function isConnectorWord(word: string, { connector }: Pick<Contract, "connector">): boolean {
  if (word !== "connector") return false;
  if (connector === undefined) throw tallyError("connector-none", { word });
  return true;
}

/** By what an endpoint is known from one run to the next. */
export function endpointKey({ address }: Target): string {
  return address ?? "connector";
}

/** What was asked for: an address, a name of [endpoints], or nothing, which means the connector. */
export function chooseTarget(
  contract: Pick<Contract, "endpoints" | "connector"> | undefined,
  args: Arguments,
  env: NodeJS.ProcessEnv,
): Target {
  return targetOf(contract, args.isTyped("endpoint") ? args.text("endpoint") : undefined, env);
}

/** The same without a command line; `asked` counts before the environment. */
export function targetOf(
  contract: Pick<Contract, "endpoints" | "connector"> | undefined,
  asked: string | undefined,
  env: NodeJS.ProcessEnv,
): Target {
  const named = asked ?? nonEmpty(env["ENDPOINT"]) ?? nonEmpty(env["TALLY_ENDPOINT"]) ?? contract?.endpoints["default"];
  if (named === undefined) return { address: undefined, role: "reference" };
  const { address } = asked === undefined ? { address: named } : splitSide(named);
  const known = contract && Object.hasOwn(contract.endpoints, address) ? contract.endpoints[address] : undefined;
  if (known === undefined && contract !== undefined && isConnectorWord(address, contract))
    return { address: undefined, role: "reference" };
  return { address: known ?? address, role: "candidate" };
}

/** Opens the endpoint of a target; nothing is started or connected yet. */
export function openTarget(
  target: Target,
  contract: Contract,
  args: Arguments,
  log: (line: LogLine) => void,
): Endpoint {
  const { connector } = contract;
  if (target.address === undefined && connector === undefined)
    throw tallyError("endpoint-none", {
      file: shownPath(contract.file),
      isDelivered: isDelivered(contract.root, args),
    });
  const address = target.address ?? addressOf(contract);
  return openEndpoint(address, {
    root: target.address === undefined ? contract.root : process.cwd(),
    headers: { ...(target.role === "candidate" ? contract.endpoint.headers : {}), ...readHeaders(args.list("header")) },
    token: process.env["TALLY_TOKEN"],
    ca: args.text("ca"),
    clientCert: args.text("client-cert"),
    clientKey: args.text("client-key"),
    strictJson: args.flag("strict-json"),
    duplicateKeys: args.choice("duplicate-keys", ["error", "last"]),
    startTimeoutMs: args.duration("wait"),
    contract,
    log,
  });
}

/** The address of the connector, from the contract's folder: the same on every machine. Empty when there is none. */
export function addressOf({ connector, root }: Pick<Contract, "connector" | "root">): string {
  if (connector === undefined) return "";
  switch (connector.kind) {
    case "python":
      return `py:${relative(root, connector.path)}`;
    case "node":
      return `node:${relative(root, connector.path)}`;
    case "endpoint":
      return connector.url;
  }
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw tallyError("flag-value", { flag: "--header", value: line, expected: "NAME:VALUE" });
    headers[name] = value;
  }
  return headers;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
