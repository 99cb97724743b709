/** A lock and the names that a suite imports → these packages with all that they need: the part of the lock that travels. */
import { tallyError } from "../../kernel/errors.ts";
import { stringAt, type Table, tableAt } from "../json-table.ts";
import { integrityOf, listedIn, nameAt, needsOf, placeOf, unfitness } from "./package-lock.ts";

export interface LockedPackage {
  /** `node_modules/a`, or `node_modules/a/node_modules/b` for one that only `a` gets. */
  readonly place: string;
  /** As it is imported. */
  readonly name: string;
  /** As the registry calls it; another one behind an alias. */
  readonly published: string;
  readonly version: string;
  /** Of its tarball, as npm writes it: `sha512-…`. */
  readonly integrity: string;
  /** SPDX, as the package says it. */
  readonly license?: string;
  /** Through which others it is needed, the imported one first. */
  readonly neededBy: readonly string[];
}

/** Sorted by place. Throws `package-unfit` for one that cannot travel, and `package-lock` for one that the lock lacks. */
export function lockedPackages(lock: Table, names: readonly string[]): LockedPackage[] {
  const listed = listedIn(lock);
  const starts = names.flatMap((name) => stepTo(listed, "", name, []) ?? []);
  const begun = reach(listed, starts, new Map());
  if ("error" in begun) throw begun.error;
  const found = begun.packages;
  const tried = new Set<string>();
  const waiting = [...begun.optional];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (tried.has(step.place)) continue;
    tried.add(step.place);
    const more = reach(listed, [step], found);
    // Whoever needs it does without it.
    if ("error" in more) continue;
    for (const [place, one] of more.packages) found.set(place, one);
    waiting.push(...more.optional);
  }
  return [...found.values()].toSorted((a, b) => (a.place < b.place ? -1 : 1));
}

interface Step {
  readonly place: string;
  readonly neededBy: readonly string[];
}

interface Reached {
  readonly packages: Map<string, LockedPackage>;
  /** What could be carried besides. */
  readonly optional: readonly Step[];
}

/** What these need beyond what is `known`, or why that cannot be had. */
function reach(
  listed: Table,
  starts: readonly Step[],
  known: ReadonlyMap<string, LockedPackage>,
): Reached | { readonly error: Error } {
  const packages = new Map<string, LockedPackage>();
  const optional: Step[] = [];
  const waiting = [...starts];
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { neededBy, place } = step;
    if (packages.has(place) || known.has(place)) continue;
    const entry = tableAt(listed, place);
    const reason = unfitness(entry);
    const name = nameAt(place);
    if (reason !== undefined) return { error: tallyError("package-unfit", { name, reason, neededBy }) };
    packages.set(place, describe(place, entry, neededBy));
    const needs = needsOf(entry);
    const to = (one: string): Step | undefined => stepTo(listed, place, one, [...neededBy, name]);
    const lost = needs.required.find((one) => to(one) === undefined);
    if (lost !== undefined) return { error: lacking(lost, [...neededBy, name]) };
    waiting.push(...[...needs.required, ...needs.peers].flatMap((one) => to(one) ?? []));
    optional.push(...needs.optional.flatMap((one) => to(one) ?? []));
  }
  return { packages, optional };
}

function stepTo(listed: Table, from: string, name: string, neededBy: readonly string[]): Step | undefined {
  const place = placeOf(listed, from, name);
  return place === undefined ? undefined : { place, neededBy };
}

function lacking(name: string, neededBy: readonly string[]): Error {
  return tallyError("package-lock", {
    reason: `it lacks ${/[^\w@/.~-]/.test(name) ? JSON.stringify(name) : name}, which ${neededBy.join(" > ")} needs`,
  });
}

function describe(place: string, entry: Table, neededBy: readonly string[]): LockedPackage {
  const name = nameAt(place);
  const license = stringAt(entry, "license");
  return {
    place,
    name,
    published: stringAt(entry, "name") ?? name,
    version: stringAt(entry, "version") ?? "",
    integrity: integrityOf(entry) ?? "",
    neededBy,
    ...(license === undefined ? {} : { license }),
  };
}
