/** Version ranges of `[tally] requires`: the part of semver that a suite needs, without pre-release ordering. */

type Version = readonly [number, number, number];

/** A range: alternatives of comparisons that must all hold. */
export type VersionRange = readonly (readonly ((version: Version) => boolean)[])[];

const comparison = /^(>=|<=|>|<|=|\^|~)?\s*v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+][0-9A-Za-z.-]+)?$/;

/** Reads `>=0.1 <2`, `^1.2`, `1.x || 2`; undefined when it is no range. */
export function parseRange(text: string): VersionRange | undefined {
  const alternatives: ((version: Version) => boolean)[][] = [];
  for (const alternative of text.split("||")) {
    const tests: ((version: Version) => boolean)[] = [];
    for (const part of alternative
      .trim()
      .replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, "$1")
      .split(/\s+/)) {
      const test = part === "*" ? () => true : parseComparison(part);
      if (test === undefined) return undefined;
      tests.push(test);
    }
    alternatives.push(tests);
  }
  return alternatives;
}

/** Whether a version lies in a range; `1.2.0-beta.1` counts as 1.2.0. */
export function inRange(version: string, range: VersionRange): boolean {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (found === null) return false;
  const numbers: Version = [Number(found[1]), Number(found[2]), Number(found[3])];
  return range.some((tests) => tests.every((test) => test(numbers)));
}

function parseComparison(part: string): ((version: Version) => boolean) | undefined {
  const found = comparison.exec(part);
  if (found === null) return undefined;
  const [, operator = "", major = "", minor, patch] = found;
  const low: Version = [Number(major), digits(minor) ?? 0, digits(minor) === undefined ? 0 : (digits(patch) ?? 0)];
  const given = digits(minor) === undefined ? 1 : digits(patch) === undefined ? 2 : 3;
  // The first version beyond everything that the text covers: 1 → 2.0.0, 1.2 → 1.3.0, 1.2.3 → 1.2.4.
  const next = bump(low, given - 1);
  switch (operator) {
    case ">=":
      return (version) => order(version, low) >= 0;
    case "<":
      return (version) => order(version, low) < 0;
    case ">":
      return (version) => order(version, next) >= 0;
    case "<=":
      return (version) => order(version, next) < 0;
    case "^":
      return within(low, bump(low, caretPlace(low, given)));
    case "~":
      return within(low, bump(low, Math.min(given - 1, 1)));
    default:
      return within(low, next);
  }
}

/** The place that `^` may not change: the first that is not 0, as far as the text says it. */
function caretPlace(low: Version, given: number): number {
  const first = low.findIndex((part) => part > 0);
  return first === -1 ? given - 1 : Math.min(given - 1, first);
}

function digits(text: string | undefined): number | undefined {
  return text === undefined || !/^\d/.test(text) ? undefined : Number(text);
}

function bump([major, minor, patch]: Version, place: number): Version {
  if (place === 0) return [major + 1, 0, 0];
  return place === 1 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function within(low: Version, below: Version): (version: Version) => boolean {
  return (version) => order(version, low) >= 0 && order(version, below) < 0;
}

function order(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
