/** A record cut into its values, each as it was written. Comes in: JSON text. Goes out: every path with its JSON text. */
import { JsonFault } from "../kernel/json-fault.ts";
import { sliceObject, sliceRecords } from "../kernel/slice-json.ts";

export interface RecordNode {
  readonly text: string;
  /** Neither an object nor a list with anything in it. */
  readonly leaf: boolean;
}

/** By path: `score`, `scores[0].label`; empty for the record itself. */
export type RecordNodes = ReadonlyMap<string, RecordNode>;

/** Values of one record shown at most, and lists and objects within each other. */
const maxNodes = 400;
const maxDepth = 12;

/** The values of a record; none when the text is no JSON. */
export function nodesOf(text: string | undefined): RecordNodes {
  const nodes = new Map<string, RecordNode>();
  if (text === undefined) return nodes;
  try {
    collect(text.trim(), "", 0, nodes);
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    nodes.set("", { text, leaf: true });
  }
  return nodes;
}

function collect(text: string, path: string, depth: number, nodes: Map<string, RecordNode>): void {
  if (nodes.size >= maxNodes) return;
  const children = depth < maxDepth ? childrenOf(text, path) : [];
  nodes.set(path, { text, leaf: children.length === 0 });
  for (const [childPath, childText] of children) collect(childText, childPath, depth + 1, nodes);
}

function childrenOf(text: string, path: string): [string, string][] {
  if (text.startsWith("{")) {
    return [...sliceObject(text, { maxDepth: 1000 })].map(([key, value]) => [
      path === "" ? key : `${path}.${key}`,
      value,
    ]);
  }
  if (text.startsWith("[")) {
    return sliceRecords(text, { maxDepth: 1000 }).records.map((value, at) => [`${path}[${at}]`, value]);
  }
  return [];
}
