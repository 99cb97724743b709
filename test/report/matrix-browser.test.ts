import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMatrixPage } from "../../src/report/matrix/matrix-page.ts";
import { foldMatrix } from "../../src/verdict/fold-matrix.ts";
import { problem } from "../../src/kernel/errors.ts";
import { portUnderWay } from "./sample-run.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const policy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  svg: "image/svg+xml",
};
const contrasts = readFileSync("test/report/contrast-in-page.js", "utf8");

describe.skipIf(executablePath === undefined)("the page of a matrix in Chromium (skipped where it is missing)", () => {
  const root = mkdtempSync(join(tmpdir(), "tally-matrix-"));
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
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
    server = createServer((request, response) => {
      const file = join(root, request.url ?? "");
      if (!existsSync(file)) return response.writeHead(404).end();
      const type = types[file.split(".").at(-1) ?? ""] ?? "text/plain";
      return response
        .writeHead(200, { "content-type": type, "content-security-policy": policy })
        .end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function open(width: number, colorScheme: "light" | "dark"): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("response", (answer) => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));
    page.on("requestfailed", (request) => complaints.push(`failed ${request.url()}`));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
    return { page, complaints };
  }

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
