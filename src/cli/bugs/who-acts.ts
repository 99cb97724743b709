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

/** The reference is right by definition, until a bug says otherwise. */
export function whoActs(reference: SideVerdict, candidates: readonly SideVerdict[]): Conclusion {
  const open = [reference, ...candidates].filter(({ verdict }) => verdict === "open").map(({ name }) => name);
  const wrong = candidates.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
  const isRecorded = reference.isRecorded === true;
  if (isRecorded && reference.verdict === "open")
    return { act: "unknown", who: open, text: "not known: no recorded answer of the reference decides it" };
  if (open.length > 0) return { act: "unknown", who: open, text: `not known: ${open.join(", ")} could not be judged` };
  if (reference.verdict === "pass") {
    if (wrong.length === 0) return { act: "nobody", who: [], text: "fixed on every side" };
    return { act: "candidate", who: wrong, text: `candidate wrong: ${wrong.join(", ")} must act` };
  }
  const owner = isRecorded ? "whoever has the model" : reference.name;
  if (wrong.length === 0)
    return { act: "reference", who: [reference.name], text: `reference wrong: ${owner} must act` };
  const text = `both wrong: ${[owner, ...wrong].join(" and ")} must agree what is right`;
  return { act: "specification", who: [reference.name, ...wrong], text };
}
