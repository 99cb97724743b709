import { styleText } from "node:util";

export type Ink = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";

/** Colours text, or leaves it as it is. */
export type Paint = (ink: Ink | readonly Ink[], text: string) => string;

/** A paint that colours only when that is wanted; who wants it (NO_COLOR, --color, a pipe) is decided by the caller. */
export function paintWith(colour: boolean): Paint {
  if (!colour) return (_ink, text) => text;
  return (ink, text) => styleText(typeof ink === "string" ? ink : [...ink], text, { validateStream: false });
}
