/**
 * One failure out of what was written down of runs. Comes in: its id and places (run folders, reports, event files). Goes out:
 * its verdict, its plan, what was asked and answered, and the contract it was judged by. Holds no more of a stream than the test at hand.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { contractOfTables } from "../contract/load-contract.ts";
import { isTallyError, tallyError } from "../kernel/errors.ts";
import { editDistance } from "../kernel/nearest.ts";
import type { Exchange, RunStarted, TestJudged, TestPlanned } from "../verdict/run-event.ts";
import { eventsFile, readRun } from "./read-run.ts";

export interface FoundFailure {
  readonly started: RunStarted;
  readonly judged: TestJudged;
  readonly plan: TestPlanned | undefined;
  /** In the order of asking. */
  readonly exchanges: readonly Exchange[];
  /** As the run was judged by it; undefined in streams of a Tally that did not write it. */
  readonly contract: Contract | undefined;
}

/** Ids that an error names. */
const maxKnown = 12;

/** The failure in the first place that has it. Throws `failure-unknown`, `run-unknown` and `events-malformed`. */
export async function findFailure(id: string, places: readonly string[]): Promise<FoundFailure> {
  const known = new Set<string>();
  for (const place of places.flatMap(runsAt)) {
    const found = await failureIn(place, id, known);
    if (found) return { ...found, contract: toldContract(found.started, place) };
  }
  const nearestFirst = [...known].toSorted((a, b) => editDistance(a, id) - editDistance(b, id));
  throw tallyError("failure-unknown", { id, known: nearestFirst.slice(0, maxKnown) });
}

/** A report of several endpoints holds a run for each. */
export function runsAt(place: string): string[] {
  if (!existsSync(place) || !statSync(place).isDirectory() || existsSync(join(place, eventsFile))) return [place];
  const inside = readdirSync(place)
    .toSorted()
    .map((name) => join(place, name))
    .filter((path) => existsSync(join(path, eventsFile)));
  return inside.length > 0 ? inside : [place];
}

async function failureIn(
  place: string,
  id: string,
  known: Set<string>,
): Promise<Omit<FoundFailure, "contract"> | undefined> {
  let started: RunStarted | undefined;
  const exchanges = new Map<string, Exchange[]>();
  const plans = new Map<string, TestPlanned>();
  for await (const event of readRun(place)) {
    if (event.type === "run-started") started = event;
    if (event.type === "test-planned") plans.set(event.id, event);
    if (event.type === "exchange") exchanges.set(event.id, [...(exchanges.get(event.id) ?? []), event]);
    if (event.type !== "test-judged") continue;
    const asked = exchanges.get(event.id) ?? [];
    exchanges.delete(event.id);
    if (event.failure !== undefined) known.add(event.failure);
    if (event.failure === id && started)
      return { started, judged: event, plan: plans.get(event.id), exchanges: asked.toSorted((a, b) => a.n - b.n) };
  }
  return undefined;
}

function toldContract({ contract }: RunStarted, place: string): Contract | undefined {
  if (contract === undefined) return undefined;
  try {
    return contractOfTables(contract, place);
  } catch (cause) {
    if (!isTallyError(cause)) throw cause;
    throw tallyError("events-malformed", { path: place, line: 1, reason: `its contract: ${cause.message}` }, { cause });
  }
}
