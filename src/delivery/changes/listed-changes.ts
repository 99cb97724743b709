/** Two versions of a test file that were both loaded → what changed of its tests, by their real names. Pure. */
import type { Change } from "./change.ts";
import { type SourcePart, squeezed } from "./source-parts.ts";
import type { ListedName, TestFile } from "./suite-outline.ts";

/** Undefined where a version that there is was not loaded. */
export function listedChanges(
  path: string,
  old: TestFile | undefined,
  now: TestFile | undefined,
): Change[] | undefined {
  if ((old ?? now)?.listed === undefined || (now ?? old)?.listed === undefined) return undefined;
  const [was, is] = [placesOf(old), placesOf(now)];
  const told = new Map<string, Change>();
  const say = (kind: Change["kind"], at: string, what?: string): void =>
    void told.set(at, { kind, area: "tests", at, ...(what === undefined ? {} : { what }) });
  for (const id of is.keys()) if (!was.has(id)) say("added", id);
  for (const [part, ids] of rewrittenTests(was, is)) {
    const [first = "", ...more] = ids;
    if (!areRowsTold(was.get(first), part, { was, is }))
      say("changed", first, more.length === 0 ? undefined : `and ${more.length} more from the same lines`);
  }
  for (const id of was.keys()) if (!is.has(id)) say("removed", id);
  if (old !== undefined && now !== undefined && sharedText(old, was) !== sharedText(now, is))
    say("changed", path, "what its tests share");
  if (told.size === 0 && old?.digest !== now?.digest) say("changed", path, "a file that it imports, or its layout");
  return [...new Set([path, ...is.keys(), ...was.keys()])].flatMap((at) => told.get(at) ?? []);
}

type Places = ReadonlyMap<string, SourcePart | undefined>;

/** Tests that are in both and whose source is another one, by that source. */
function rewrittenTests(was: Places, is: Places): ReadonlyMap<SourcePart | undefined, readonly string[]> {
  const ids = [...is.keys()].filter((id) => was.has(id) && textOf(was.get(id)) !== textOf(is.get(id)));
  return Map.groupBy(ids, (id) => is.get(id));
}

/** Whether lines that came or went are rows, whose tests have been told by their names. */
function areRowsTold(
  before: SourcePart | undefined,
  after: SourcePart | undefined,
  { is, was }: { readonly was: Places; readonly is: Places },
): boolean {
  const came = [...is].filter(([id, part]) => part === after && !was.has(id)).length;
  const went = [...was].filter(([id, part]) => part === before && !is.has(id)).length;
  return came + went > 0 && linesOnlyIn(after, before) === came && linesOnlyIn(before, after) === went;
}

/** By id of the test: the part of the source in which it is registered. */
function placesOf(file: TestFile | undefined): Places {
  const partAt = ({ line }: ListedName): SourcePart | undefined =>
    line === undefined ? undefined : file?.parts.findLast((part) => part.line <= line);
  return new Map((file?.listed ?? []).map((one) => [one.id, partAt(one)]));
}

function textOf(part: SourcePart | undefined): string {
  return squeezed(part?.text ?? "");
}

/** The parts in which no test is registered. */
function sharedText({ parts }: TestFile, places: Places): string {
  const own = new Set(places.values());
  return parts
    .filter((part) => !own.has(part))
    .map(textOf)
    .join(" ");
}

/** How many lines of one the other does not have. */
function linesOnlyIn(one: SourcePart | undefined, other: SourcePart | undefined): number {
  const there = new Set(linesOf(other));
  return linesOf(one).filter((line) => !there.has(line)).length;
}

function linesOf(part: SourcePart | undefined): string[] {
  return (part?.text ?? "").split("\n").map((line) => line.trim().replace(/,$/, ""));
}
