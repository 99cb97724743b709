/** From the verdicts of a bug on both sides to who must act. Pure. */
import type { BugVerdict } from "./bug-history.ts";

export type Act = "nobody" | "candidate" | "reference" | "specification" | "unknown";

export interface SideVerdict {
  readonly name: string;
  readonly verdict: BugVerdict;
  /** Nobody was asked: it is what the answers say that were delivered with the suite. */
  readonly isRecorded?: boolean;
}

export interface Conclusion {
  readonly act: Act;
  /** The sides that must act, or that could not be judged. */
  readonly who: readonly string[];
  readonly text: string;
}

/** The reference is right by definition, until a bug says otherwise. What could not be judged makes nothing else uncertain. */
export function whoActs(reference: SideVerdict, candidates: readonly SideVerdict[]): Conclusion {
  const named = (verdict: BugVerdict): string[] =>
    candidates.filter((one) => one.verdict === verdict).map(({ name }) => name);
  const [open, wrong] = [named("open"), named("fail")];
  const isRecorded = reference.isRecorded === true;
  if (isRecorded && reference.verdict === "open")
    return {
      act: "unknown",
      who: [reference.name, ...open],
      text: "not known: no recorded answer of the reference decides it",
    };
  const isKnown = reference.verdict !== "open" && (open.length === 0 || wrong.length > 0);
  if (!isKnown) {
    const unjudged = reference.verdict === "open" ? [reference.name, ...open] : open;
    return { act: "unknown", who: unjudged, text: `not known: ${unjudged.join(", ")} could not be judged` };
  }
  const rest = open.length === 0 ? "" : `; ${open.join(", ")} could not be judged`;
  if (reference.verdict === "pass") {
    if (wrong.length === 0) return { act: "nobody", who: [], text: "fixed on every side" };
    return { act: "candidate", who: wrong, text: `candidate wrong: ${wrong.join(", ")} must act${rest}` };
  }
  const owner = isRecorded ? "whoever has the model" : reference.name;
  if (wrong.length === 0)
    return { act: "reference", who: [reference.name], text: `reference wrong: ${owner} must act` };
  const text = `both wrong: ${[owner, ...wrong].join(" and ")} must agree what is right${rest}`;
  return { act: "specification", who: [reference.name, ...wrong], text };
}
