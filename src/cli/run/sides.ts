/** The endpoints of a matrix: `-e research=py:connector.py -e production`, each with a name. */
import { resolve } from "node:path";
import type { Contract } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import { splitSide } from "../side-name.ts";
import { isConnectorWord, type Target } from "../target.ts";

/** One endpoint that the suite is run on. */
export interface Side {
  readonly name: string;
  readonly target: Target;
}

/** The sides that were asked for. Throws `side-name` and `connector-none`. */
export function readSides(words: readonly string[], contract: Contract): readonly Side[] {
  const sides = words.map((word) => readSide(word, contract));
  for (const [i, { name }] of sides.entries()) {
    if (sides.findIndex((other) => other.name === name) < i)
      throw tallyError("side-name", { word: words[i] ?? name, reason: `the name ${name} stands for two` });
  }
  return sides;
}

/** Whether several endpoints were named, so that their answers stand side by side. */
export function asksSeveral(args: Arguments): boolean {
  return args.isTyped("endpoint") && args.list("endpoint").length > 1;
}

function readSide(word: string, contract: Contract): Side {
  const { address, name } = splitSide(word);
  const known = Object.hasOwn(contract.endpoints, address) ? contract.endpoints[address] : undefined;
  const isConnector = known === undefined && isConnectorWord(address, contract);
  const own = name ?? (known !== undefined || isConnector ? address : undefined);
  if (own === undefined) {
    const tried = /^([^=:/]*)=/.exec(word)?.[1];
    const characters = "letters, digits and . _ -";
    const reason =
      tried === undefined
        ? `it has no name of ${characters}`
        : `a name is of ${characters}, begins with a letter or digit and has 40 characters at most`;
    throw tallyError("side-name", { word, reason });
  }
  const meant = known ?? address;
  if (isConnector || isTheConnector(meant, contract))
    return { name: own, target: { address: undefined, role: "reference" } };
  return { name: own, target: { address: meant, role: "candidate" } };
}

/** The contract's own connector by its address is the reference, and its answers are recorded. */
function isTheConnector(address: string, { connector }: Contract): boolean {
  if (connector === undefined) return false;
  if (connector.kind === "endpoint") return connector.url === address;
  const scheme = connector.kind === "python" ? "py:" : "node:";
  return address.startsWith(scheme) && resolve(address.slice(scheme.length)) === connector.path;
}

/** What a program of --start may serve. */
export function isServed({ target }: Side): boolean {
  return /^(https?:|unix:)/.test(target.address ?? "");
}

/** Throws `side-flag` where --start may serve none or several. */
export function refuseStart(sides: readonly Side[], args: Arguments): void {
  if (args.text("start") === undefined || sides.filter(isServed).length === 1) return;
  throw tallyError("side-flag", { flag: "--start", reason: "it is not clear which of them the program serves" });
}
