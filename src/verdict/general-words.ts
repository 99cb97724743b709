/** What failures of one kind have in common: places and messages without what differs from one to the next. */

/** A path with every index taken out: `scores[].label`. */
export function generalPath(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}

/** The first line of a message with its numbers and quoted texts taken out, so that like messages are equal. */
export function generalMessage(message: string): string {
  const [line = ""] = message.split("\n");
  return line
    .slice(0, 160)
    .replace(/"[^"]*"|'[^']*'/g, "…")
    .replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, "n");
}
