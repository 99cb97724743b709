import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/serve/serve.ts";
import { local } from "../faux/local-connector.ts";

const browserPath = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

test.skipIf(browserPath === undefined)("the page asks an operation and shows its answer (needs Chromium)", async () => {
  const server = await startServer({ endpoint: local("raises.ts"), port: 0 });
  onTestFinished(() => server.close());
  const browser = await chromium.launch({ executablePath: browserPath ?? "", args: ["--no-sandbox"] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.url);
  await page.getByLabel("Records").first().fill('[{"query":"abc"},{"query":"bad"}]');
  await page.getByRole("button", { name: "Ask process" }).click();
  const output = page.locator("output.answered");
  await output.waitFor();
  expect((await output.textContent())?.replace(/[\d.]+ ms/, "N ms")).toBe(
    '200 in N ms\n[{"length":3},{"$error":{"type":"TypeError","message":"cannot parse \'bad\'"}}]',
  );
  await page.getByLabel("Records").first().fill("[");
  await page.getByRole("button", { name: "Ask process" }).click();
  await page.locator("output.failed").waitFor();
  expect(await page.locator("output.failed").textContent()).toMatch(
    /^400 in [\d.]+ ms\n\{"error":\{"code":"invalid-json"/,
  );
  // The browser reports the 400 itself; the page's policy must not have been broken.
  expect(complaints.filter((text) => !text.includes("400"))).toEqual([]);
});
