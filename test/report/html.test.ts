import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openReporter } from "../../src/report/open-reporter.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { greenRun, manyFailures, portUnderWay } from "./sample-run.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** Writes a report and gives its files. */
async function report(
  events: readonly RunEvent[],
  beside: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const folder = temporaryFolder("html");
  const reporter = await openReporter("html", { out: { write: () => expect.unreachable() }, path: folder, beside });
  for (const event of events) reporter.event(event);
  await reporter.end();
  return new Map(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

const page = async (events: readonly RunEvent[]) => (await report(events)).get("index.html") ?? "";
const all = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found = ""]) => found);

/** What is no harm where it is refused: the page is whole without its script, a chart without its dark colours. */
function withoutAllowed(name: string, text: string): string {
  const allowed = name.endsWith(".svg") ? /<style>@media \(prefers-color-scheme: dark\)[^<]*<\/style>/ : ownScript;
  return text.replace(allowed, "");
}

const ownScript = '<script src="report.js" defer></script>';

const runs = [portUnderWay(), greenRun(), greenRun().slice(0, -10), manyFailures(300), []];

describe("the HTML report", () => {
  test("is a page, a style sheet and pictures, and nothing half written", async () => {
    expect([...(await report(portUnderWay())).keys()]).toMatchInlineSnapshot(`
      [
        "bar-000.svg",
        "bar-010.svg",
        "bar-061.svg",
        "bar-073.svg",
        "bar-076.svg",
        "bar-089.svg",
        "bar-095.svg",
        "bar-096.svg",
        "bar-098.svg",
        "bar-100.svg",
        "delta-001.svg",
        "delta-002.svg",
        "history.svg",
        "index.html",
        "report.js",
        "share.svg",
        "style.css",
        "tally.svg",
        "timing-001.svg",
        "timing-002.svg",
      ]
    `);
  });

  test("has nothing that a strict content policy refuses", async () => {
    for (const events of runs) {
      const files = await report(events);
      for (const [name, text] of files) {
        if (name.endsWith(".css")) expect(text).not.toMatch(/@import|url\(/);
        else if (name.endsWith(".js")) expect(text).not.toMatch(/innerHTML|\beval\b|\.style\b|https?:|import/);
        else
          expect(
            withoutAllowed(name, text).match(
              /<script|<style|<iframe|\sstyle=|<[^>]*\son[a-z]+=|(?:src|href)="(?:data:|javascript:|https?:|\/\/)/gi,
            ),
          ).toBeNull();
      }
    }
  });

  test("keeps hostile names and answers as text", async () => {
    const text = await page(portUnderWay());
    expect(text).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
    expect(text).not.toMatch(/<img src=x|<h1>injected|<b>bold|<b>not bold/);
    expect(text.match(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu)).toBeNull();
  });

  test("closes every element that it opens", async () => {
    const single = new Set(["meta", "link", "img", "br"]);
    for (const events of runs) {
      const open: string[] = [];
      for (const [, close, name = ""] of (await page(events)).matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
        if (single.has(name)) continue;
        if (close === "") open.push(name);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
    }
  });

  test("links to places that are there, and names each place once", async () => {
    for (const events of runs) {
      const files = await report(events);
      const text = files.get("index.html") ?? "";
      const ids = all(text, /\sid="([^"]*)"/g);
      expect(new Set(ids).size).toBe(ids.length);
      expect(all(text, /href="#([^"]*)"/g).filter((id) => !ids.includes(id))).toEqual([]);
      const pictures = [...all(text, /src="([^"]*)"/g), ...all(text, /<link [^>]*href="([^"]*)"/g)];
      expect(pictures.filter((name) => !files.has(name))).toEqual([]);
    }
  });

  test("gives every test the same place in every run", async () => {
    const places = async (events: readonly RunEvent[]) => new Set(all(await page(events), /\sid="(t-[^"]*)"/g));
    const [red, green] = [await places(portUnderWay()), await places(greenRun())];
    expect(red.size).toBe(65);
    expect([...green].filter((id) => !red.has(id))).toEqual([]);
  });

  test("is the same, byte for byte, for the same events", async () => {
    expect([...(await report(portUnderWay()))]).toEqual([...(await report(portUnderWay()))]);
  });

  test("shows 200 failures in full and the others in a row each", async () => {
    const text = await page(manyFailures(3000));
    expect(all(text, /<(article)\s/g)).toHaveLength(200);
    expect(text).toContain("2,800 more failures");
    expect(all(text, /<td><code title="(tally replay [0-9a-f]{8})">/g)).toHaveLength(2800);
    expect(text.length).toBeLessThan(3_000_000);
  });

  test("stays small whatever the records are", async () => {
    const huge = `{"query":"${"x".repeat(2_000_000)}"}`;
    const events = manyFailures(20).map((event) =>
      event.type === "exchange" ? { ...event, input: huge, answer: huge, reference: `{"query":"y"}` } : event,
    );
    expect((await page(events)).length).toBeLessThan(500_000);
  });

  test("shows fewer failures in full where records are wide", async () => {
    const wide = `{${Array.from({ length: 390 }, (_, at) => `"field_${at}":${at}`).join(",")}}`;
    const other = wide.replaceAll(/:(\d)/g, ":9$1");
    const events = manyFailures(200).map((event) =>
      event.type === "exchange" ? { ...event, answer: other, reference: wide } : event,
    );
    const text = await page(events);
    expect(text.length).toBeLessThan(7_000_000);
    expect(text).toMatch(/\d+ more failures/);
  });

  test("links to the files that lie beside it, and to no others", async () => {
    const alone = await page(greenRun());
    expect(alone).not.toContain("events.ndjson");
    const beside = (await report(greenRun(), ["events.ndjson", "junit.xml"])).get("index.html");
    expect(beside).toContain(`<a href="events.ndjson">events.ndjson</a>`);
  });

  test.each([
    ["13 of 65 tests fail", portUnderWay()],
    ["All 48 tests pass", greenRun()],
    ["The run broke off after 39 of 48 tests", greenRun().slice(0, -10)],
    ["Nothing was run", []],
  ])("says how it went: %s", async (sentence, events) => {
    expect(await page(events)).toContain(`<h1>${sentence}</h1>`);
  });

  test("needs a folder", async () => {
    await expect(openReporter("html", { out: { write: () => {} } })).rejects.toMatchObject({
      problem: { code: "reporter-path" },
    });
  });
});
