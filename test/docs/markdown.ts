/** All pages of the repository, and what is in them besides code. */
import { globSync, readFileSync } from "node:fs";

/** Every page a person may read, from the repository's root. */
export const pages: readonly string[] = globSync([
  "*.md",
  "docs/**/*.md",
  "protocol/*.md",
  "python/README.md",
  "examples/*/README.md",
  "bench/*.md",
]).toSorted();

/** A page without its fenced blocks; lines stay where they are. */
export function proseOf(page: string): string {
  let isFenced = false;
  return readFileSync(page, "utf8")
    .split("\n")
    .map((line) => {
      const isFence = /^ *```/.test(line);
      if (isFence) isFenced = !isFenced;
      return isFence || isFenced ? "" : line;
    })
    .join("\n");
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...proseOf(page).matchAll(/^#{1,6} +(.*?) *$/gm)].map(([, heading = ""]) => {
    const text = heading.replaceAll(/`|\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(anchors);
}
