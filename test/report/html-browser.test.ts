import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRunFolder } from "../../src/report/run-folder.ts";
import { contrasts, executablePath, type Opened, openSite, type ReportSite } from "./report-site.ts";
import { greenRun, manyFailures, portUnderWay } from "./sample-run.ts";

/** What Jenkins' policy makes of the one script. */
const refusedScript = /^Blocked script execution in '[^']*' because the document's frame is sandboxed/;

describe.skipIf(executablePath === undefined)("the HTML report in Chromium (skipped where it is missing)", () => {
  let root = "";
  let site: ReportSite;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "tally-browser-"));
    for (const [name, events] of Object.entries({ port: portUnderWay(), green: greenRun(), many: manyFailures(250) })) {
      const folder = await openRunFolder(join(root, name));
      for (const event of events) folder.event(event);
      await folder.end();
    }
    site = await openSite(root, refusedScript);
  });

  afterAll(async () => {
    await site?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const open = (name: string, width: number, colorScheme: "light" | "dark", query = ""): Promise<Opened> =>
    site.open(`${name}/index.html${query}`, { width, colorScheme });

  const unfold = `document.querySelectorAll("details").forEach((each) => { each.open = true; })`;

  test.each(["port", "green", "many"])("shows everything under Jenkins' content policy: %s", async (name) => {
    const { page, complaints } = await open(name, 1280, "light");
    const missing = await page.evaluate(
      `[...document.images].filter((each) => each.naturalWidth === 0).map((each) => each.src)`,
    );
    expect({ missing, complaints }).toEqual({ missing: [], complaints: [] });
    expect(await page.evaluate(`getComputedStyle(document.querySelector("h1")).fontSize`)).toBe("41.6px");
    await page.close();
  });

  test("is refused an inline style by that policy, so this test would see one", async () => {
    const { page, complaints } = await open("green", 1280, "light");
    await page.evaluate(`document.querySelector("h1").setAttribute("style", "color: red")`);
    await expect.poll(() => complaints.join("\n")).toContain("Content Security Policy");
    await page.close();
  });

  test.each([400, 768, 1280])("does not scroll sideways at %i pixels", async (width) => {
    for (const name of ["port", "many"]) {
      const { page } = await open(name, width, "light");
      await page.evaluate(unfold);
      expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(width);
      await page.close();
    }
  });

  test.each(["light", "dark"] as const)("has enough contrast for every text (%s)", async (scheme) => {
    const { page } = await open("port", 1280, scheme);
    await page.evaluate(unfold);
    const pairs = await page.evaluate<{ ratio: number; needed: number; sample: string }[]>(contrasts);
    expect(pairs.length).toBeGreaterThan(15);
    expect(pairs.filter(({ ratio, needed }) => ratio < needed)).toEqual([]);
    await page.close();
  });

  test.each(["light", "dark"] as const)("has charts whose ground is that of the page (%s)", async (scheme) => {
    const { page } = await open("port", 1280, scheme, "?scripts");
    const grounds = await page.evaluate<string[]>(`(async () => {
      const canvas = document.createElement("canvas").getContext("2d");
      const charts = [...document.querySelectorAll(".chart")];
      return charts.map((chart) => {
        canvas.drawImage(chart.querySelector("img"), 0, 0);
        const [r, g, b] = canvas.getImageData(3, 3, 1, 1).data;
        return \`rgb(\${r}, \${g}, \${b})\` === getComputedStyle(chart).backgroundColor ? "same" : \`\${r} \${g} \${b}\`;
      });
    })()`);
    expect(grounds).toEqual(["same", "same", "same", "same", "same"]);
    await page.close();
  });

  test("finds tests by their words and by what became of them, where its script may run", async () => {
    const { complaints, page } = await open("port", 1280, "light", "?scripts");
    const shown = `[...document.querySelectorAll("article.failure:not([hidden]) h3")].map((each) => each.textContent.trim())`;
    expect(await page.evaluate<string[]>(shown)).toHaveLength(12);
    await page.keyboard.press("/");
    await page.keyboard.type("Union INJECTION score");
    await expect.poll(() => page.evaluate(shown)).toEqual(["flags a union injection"]);
    await page.fill("#find", "");
    await page.uncheck("input[value=fail]");
    await expect.poll(() => page.evaluate(shown)).toEqual(["survives a query of 1 MB", "answers within the deadline"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("shows no search where its script may not run", async () => {
    const { page } = await open("port", 1280, "light");
    expect(await page.locator("input, form, button").count()).toBe(0);
    await page.close();
  });

  test("opens a folded file for a link to one of its tests", async () => {
    const { page } = await open("port", 1280, "light");
    const id = await page.evaluate<string>(`document.querySelector("details.file tr[id]").id`);
    await page.goto(`${page.url().split("#")[0]}#${id}`);
    await expect.poll(() => page.evaluate(`document.getElementById("${id}").closest("details").open`)).toBe(true);
    await page.close();
  });

  test("can be walked through with the keyboard", async () => {
    const { page } = await open("port", 1280, "light");
    const stops: string[] = [];
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press("Tab");
      stops.push(await page.evaluate<string>(`document.activeElement.textContent.trim()`));
    }
    expect(stops).toMatchInlineSnapshot(`
      [
        "Skip to the report",
        "Last runs",
        "Progress",
        "Deltas",
        "Failures",
        "✗ failed attack 08",
      ]
    `);
    expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe("solid");
    await page.close();
  });

  test("has one first heading, and skips no level", async () => {
    const { page } = await open("port", 1280, "light");
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll("h1, h2, h3, h4")].map((each) => Number(each.tagName[1]))`,
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    await page.close();
  });
});
