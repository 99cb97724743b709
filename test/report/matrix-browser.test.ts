import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMatrixPage } from "../../src/report/matrix/matrix-page.ts";
import { foldMatrix } from "../../src/verdict/fold-matrix.ts";
import { problem } from "../../src/kernel/errors.ts";
import { contrasts, executablePath, type Opened, openSite, type ReportSite } from "./report-site.ts";
import { portUnderWay } from "./sample-run.ts";

describe.skipIf(executablePath === undefined)("the page of a matrix in Chromium (skipped where it is missing)", () => {
  let root = "";
  let site: ReportSite;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "tally-matrix-"));
    const fold = foldMatrix(["research", "production", "a-side-with-a-long-name"]);
    for (const event of portUnderWay()) {
      fold.add(1, event);
      // Research is right about everything, and the third side was never there.
      if (event.type === "test-judged") fold.add(0, { ...event, verdict: "pass", mismatches: [], failures: [] });
      else fold.add(0, event);
    }
    const gone = problem("endpoint-unreachable", {
      url: "http://127.0.0.1:9",
      reason: "connection refused",
      check: "curl -i http://127.0.0.1:9/health",
    });
    const result = fold.result();
    const sides = result.sides.map((side, i) => (i === 2 ? { ...side, problem: gone } : side));
    const fields = new Map(
      result.rows.map(({ cells, plan }) => [
        plan.id,
        (cells[1]?.judged?.mismatches ?? []).map(({ candidate, operation, path, reference }) => ({
          operation,
          path,
          input: '{"query":"<script>alert(1)</script>"}',
          expected: reference,
          values: [reference, candidate, undefined],
          wrong: [false, true, false],
        })),
      ]),
    );
    openMatrixPage(root)({ ...result, sides }, fields, ["production"]);
    site = await openSite(root);
  });

  afterAll(async () => {
    await site?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const open = (width: number, colorScheme: "light" | "dark"): Promise<Opened> =>
    site.open("index.html", { width, colorScheme });

  test("shows everything under Jenkins' content policy, and leads to the side that has a report", async () => {
    const { complaints, page } = await open(1280, "light");
    expect(complaints).toEqual([]);
    const links = `[...document.querySelectorAll("#sides + dl a")].map((link) => link.getAttribute("href"))`;
    expect(await page.evaluate(links)).toEqual(["production/index.html"]);
    const broken = `[...document.querySelectorAll("a[href^='#']")].filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).length`;
    expect(await page.evaluate(broken)).toBe(0);
    await page.close();
  });

  test.each([400, 768, 1280])("does not scroll sideways at %i pixels", async (width) => {
    const { page } = await open(width, "light");
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(width);
    await page.close();
  });

  test.each(["light", "dark"] as const)("has enough contrast for every text (%s)", async (scheme) => {
    const { page } = await open(1280, scheme);
    const pairs = await page.evaluate<{ ratio: number; needed: number; sample: string }[]>(contrasts);
    expect(pairs.length).toBeGreaterThan(8);
    expect(pairs.filter(({ ratio, needed }) => ratio < needed)).toEqual([]);
    await page.close();
  });

  test("has one first heading, and skips no level", async () => {
    const { page } = await open(1280, "light");
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll("h1, h2, h3, h4")].map((each) => Number(each.tagName[1]))`,
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    await page.close();
  });
});
