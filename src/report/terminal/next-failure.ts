/** Which failure to look at next. Comes in: a folded run and what changed. Goes out: one failure, and why it is this one. */
import type { RunResult } from "../../verdict/fold-run.ts";
import { type Failure, failuresOf, headlineOf, isNotImplemented } from "../failure-groups.ts";
import { type FailureGroup, groupFailures } from "../failure-signature.ts";
import { plural } from "../plain-text.ts";
import { type StageDepths, stageDepths } from "../stage-order.ts";

export interface NextFailure {
  readonly why: string;
  readonly failure: Failure;
}

/**
 * What broke just now, then the largest group at the earliest stage, since what follows from it goes with it; then an
 * operation that is not there yet. Within a group the shortest input.
 */
export function nextFailure(result: RunResult, broken: readonly string[]): NextFailure | undefined {
  const all = failuresOf(result.tests);
  const shown = all.filter((failure) => !isNotImplemented(failure));
  const clues = result.ended?.clues ?? [];
  const fresh = groupFailures(
    shown.filter(({ plan }) => broken.includes(plan.id)),
    clues,
  );
  const [first] =
    fresh.length > 0 ? fresh : byStage(groupFailures(shown, clues), stageDepths(result.started?.operations ?? []));
  if (first !== undefined) {
    const failure = shortest(first.failures);
    const tests = plural(first.failures.length, "test");
    const what = first.failures.length === 1 && failure ? headlineOf(failure) : first.title;
    return failure && { why: `${fresh.length > 0 ? `broken just now, ${tests}` : tests}: ${what}`, failure };
  }
  const [waiting] = all;
  return (
    waiting && {
      why: `${plural(all.length, "test waits", "tests wait")} for an operation that is not there yet`,
      failure: waiting,
    }
  );
}

function byStage(groups: readonly FailureGroup[], depths: StageDepths): FailureGroup[] {
  const depth = ({ failures: [first] }: FailureGroup): number =>
    depths.get(first?.judged.divergence?.operation ?? first?.judged.mismatches[0]?.operation ?? "") ?? 0;
  return groups.toSorted((a, b) => depth(a) - depth(b) || b.failures.length - a.failures.length);
}

function shortest(failures: readonly Failure[]): Failure | undefined {
  const size = ({ exchanges }: Failure): number =>
    exchanges.reduce((sum, { input }) => sum + input.length, 0) || Number.MAX_SAFE_INTEGER;
  return failures.toSorted((a, b) => size(a) - size(b))[0];
}
