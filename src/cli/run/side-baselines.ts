/**
 * `--baseline` of a matrix. Comes in: flags and sides. Goes out: for each side that has accepted failures, its baseline. A baseline is
 * of one endpoint: without a name it is that of the only candidate, and where there are several it is said that none has it.
 */
import { existsSync } from "node:fs";
import type { Contract } from "../../contract/contract.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import { splitSide } from "../side-name.ts";
import type { RunBaseline } from "./run-baseline.ts";
import type { RunPlan } from "./run-plan.ts";
import { defaultBaseline } from "./run-once.ts";
import type { Side } from "./sides.ts";

/** By the name of the side. Throws `side-flag`, and whatever is wrong with a file, before anything is run. */
export async function openSideBaselines(
  sides: readonly Side[],
  args: Arguments,
  { contract, plan }: { readonly contract: Contract; readonly plan: RunPlan },
): Promise<ReadonlyMap<string, RunBaseline>> {
  const paths = sidePaths(sides, args);
  if (paths.size === 0) return new Map();
  const { openBaseline } = await import("./run-baseline.ts");
  const at = new Date().toISOString();
  return new Map([...paths].map(([name, path]) => [name, openBaseline(path, at, args, { contract, plan })]));
}

function sidePaths(sides: readonly Side[], args: Arguments): Map<string, string> {
  const words = args.list("baseline");
  const candidates = sides.filter(({ target }) => target.role === "candidate");
  const [only] = candidates;
  const refuse = (word: string, reason: string): Error =>
    tallyError("side-flag", { flag: `--baseline ${word}`, reason });
  const example = `--baseline ${only?.name ?? sides[0]?.name ?? "NAME"}=FILE`;
  const names = sides.map((side) => side.name).join(", ");
  const paths = new Map<string, string>();
  if (words.includes("off")) {
    if (words.length > 1) throw refuse("off", "it stands beside others");
    return paths;
  }
  for (const word of words) {
    const { address, name } = splitSide(word);
    if (name === undefined && (candidates.length !== 1 || only === undefined))
      throw refuse(word, `it is of one endpoint; say which: ${example}`);
    const own = name ?? only?.name ?? "";
    if (!sides.some((side) => side.name === own))
      throw tallyError("flag-value", {
        flag: "--baseline",
        value: word,
        expected: `NAME=FILE with one of these names: ${names}`,
        example,
      });
    if (paths.has(own)) throw refuse(word, `${own} has one already`);
    paths.set(own, address);
  }
  if (words.length > 0 || !existsSync(defaultBaseline)) return paths;
  if (candidates.length === 1 && only !== undefined) return paths.set(only.name, defaultBaseline);
  const why = candidates.length === 0 ? "none of these is a candidate" : `these are ${candidates.length} candidates`;
  process.stderr.write(
    `${defaultBaseline} is not applied: it is of one endpoint, and ${why} (${example.replace("FILE", defaultBaseline)})\n`,
  );
  return paths;
}
