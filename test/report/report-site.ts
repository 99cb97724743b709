/** A folder of reports as Jenkins serves archived pages, opened in a real Chromium. */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

/** Undefined where Chromium is missing. */
export const executablePath: string | undefined = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find(existsSync);

/** Runs in the page, which has types of its own. */
export const contrasts: string = readFileSync("test/report/contrast-in-page.js", "utf8");

/** What Jenkins sends with archived pages unless an administrator loosens it. */
const policy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

export interface View {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

export interface Opened {
  readonly page: Page;
  /** Whatever the browser complains of. */
  readonly complaints: string[];
}

export interface ReportSite {
  /** Opens a page by its path, with its query: `?scripts` is served without the policy. */
  readonly open: (path: string, view: View) => Promise<Opened>;
  readonly close: () => Promise<void>;
}

/** Serves `root` and starts a browser. Messages of the console that match `expected` are no complaints. */
export async function openSite(root: string, expected?: RegExp): Promise<ReportSite> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://report");
    const file = join(root, pathname);
    const isStrict = !search.includes("scripts") && !(request.headers.referer ?? "").includes("scripts");
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = types[file.split(".").at(-1) ?? ""] ?? "text/plain";
    return response
      .writeHead(200, isStrict ? { "content-type": type, "content-security-policy": policy } : { "content-type": type })
      .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: executablePath ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
  return {
    open: async (path, { colorScheme, width }) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const complaints: string[] = [];
      page.on("console", (message) => expected?.test(message.text()) || complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("response", (answer) => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));
      page.on("requestfailed", (request) => complaints.push(`failed ${request.url()}`));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);
      return { page, complaints };
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
