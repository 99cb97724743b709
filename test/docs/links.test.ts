import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, pages, proseOf } from "./markdown.ts";

/** `[text](target)` with the place where it stands; code in backquotes holds no links. */
const links = pages.flatMap((page) =>
  proseOf(page)
    .split("\n")
    .flatMap((line, i) =>
      [...line.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]]/g, "")).matchAll(/\]\(([^)\s]+)\)/g)].map(
        ([, target = ""]) => ({ place: `${page}:${i + 1}`, page, target }),
      ),
    ),
);

test("there are links to look at", () => {
  expect(links.length).toBeGreaterThan(100);
});

test("every link inside the repository leads to a file, and to a heading in it", () => {
  const broken = links.filter(({ page, target }) => {
    if (/^https?:/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !(file.endsWith(".md") && anchorsOf(file).has(anchor));
  });
  expect(broken.map(({ place, target }) => `${place} ${target}`)).toEqual([]);
});

test("every page is reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached) {
    for (const { target } of links.filter((link) => link.page === page)) {
      const file = join(dirname(page), target.replace(/#.*$/, ""));
      if (pages.includes(file)) reached.add(file);
      for (const inside of pages) if (target.endsWith("decisions") && dirname(inside) === file) reached.add(inside);
    }
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});
