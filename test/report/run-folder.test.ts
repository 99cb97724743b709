import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRun } from "../../src/report/read-run.ts";
import { openRunFolder } from "../../src/report/run-folder.ts";
import type { RunEvent } from "../../src/verdict/run-event.ts";
import { greenRun, portUnderWay } from "./sample-run.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

async function writeRun(folder: string, events: readonly RunEvent[]): Promise<void> {
  const run = await openRunFolder(folder);
  for (const event of events) run.event(event);
  await run.end();
}

async function read(path: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of readRun(path)) events.push(event);
  return events;
}

/** A script in a process of its own, so that it can be killed and given a standard input. */
const script = (text: string) => ["--input-type=module", "-e", text];

describe("a run's folder", () => {
  test("holds the stream, JUnit, the report and the log", async () => {
    const folder = join(temporaryFolder("run"), "deep", "out");
    await writeRun(folder, portUnderWay());
    expect(readdirSync(folder).filter((name) => !/^(?:bar|delta|timing)-/.test(name))).toEqual([
      "events.ndjson",
      "history.svg",
      "index.html",
      "junit.xml",
      "log",
      "report.js",
      "share.svg",
      "style.css",
      "tally.svg",
    ]);
    expect(readFileSync(join(folder, "log"), "utf8")).toMatchInlineSnapshot(`
      "[suite] loading the grammar: 1,204 rules
      [start] Listening on 127.0.0.1:8080
      "
    `);
    expect(await read(folder)).toEqual(portUnderWay());
  });

  test("shows nothing of the run before", async () => {
    const folder = temporaryFolder("run");
    writeFileSync(join(folder, "mine.txt"), "keep");
    await writeRun(folder, portUnderWay());
    await openRunFolder(folder);
    expect(readdirSync(folder)).toEqual([
      "events.ndjson",
      `index.html.${process.pid}.part`,
      `junit.xml.${process.pid}.part`,
      "log",
      "mine.txt",
    ]);
    expect(await read(folder)).toEqual([]);
  });

  test("is refused before the run when nothing can be written there", async () => {
    const file = join(temporaryFolder("run"), "file");
    writeFileSync(file, "");
    await expect(openRunFolder(join(file, "out"))).rejects.toMatchObject({ problem: { code: "out-not-writable" } });
    const folder = temporaryFolder("run");
    mkdirSync(join(folder, "events.ndjson"));
    await expect(openRunFolder(folder)).rejects.toMatchObject({ problem: { code: "out-not-writable" } });
  });

  test("can be read after kill -9, up to the last event", async () => {
    const folder = temporaryFolder("run");
    const child = spawn(process.execPath, [
      ...script(`
        import { openRunFolder } from "./src/report/run-folder.ts";
        import { greenRun } from "./test/report/sample-run.ts";
        const run = await openRunFolder(${JSON.stringify(folder)});
        for (const event of greenRun().slice(0, 70)) run.event(event);
        process.stdout.write("written");
        setInterval(() => {}, 1000);
      `),
    ]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await read(folder)).toEqual(greenRun().slice(0, 70));
  });
});

describe("a run that is read", () => {
  async function stream(): Promise<string> {
    const folder = temporaryFolder("run");
    await writeRun(folder, greenRun());
    return join(folder, "events.ndjson");
  }

  test("leaves out a last line that was torn, wherever it was torn", async () => {
    const file = await stream();
    const size = readFileSync(file).length;
    const last = readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "";
    for (let cut = 2; cut <= last.length; cut += 31) {
      truncateSync(file, size - cut);
      expect(await read(file)).toEqual(greenRun().slice(0, -1));
    }
  });

  test("takes a last line without a line break", async () => {
    const file = await stream();
    truncateSync(file, readFileSync(file).length - 1);
    expect(await read(file)).toEqual(greenRun());
  });

  test("says which line is no event", async () => {
    const file = await stream();
    appendFileSync(file, `{"type":"progress","planned":1,"judged":1}\n{"type":\n`);
    await expect(read(file)).rejects.toMatchObject({ problem: { code: "events-malformed" } });
    const lines = readFileSync(file, "utf8").split("\n");
    await expect(read(file)).rejects.toThrow(`line ${lines.length - 1}`);
  });

  test("is not found where there is none", async () => {
    await expect(read(join(temporaryFolder("run"), "nothing"))).rejects.toMatchObject({
      problem: { code: "run-unknown" },
    });
    await expect(read(temporaryFolder("run"))).rejects.toMatchObject({ problem: { code: "run-unknown" } });
  });

  test("comes from standard input too", async () => {
    const input = readFileSync(await stream());
    const { stdout } = spawnSync(
      process.execPath,
      script(`
        import { readRun } from "./src/report/read-run.ts";
        let count = 0;
        for await (const event of readRun("-")) count += 1;
        console.log(count);
      `),
      { input, encoding: "utf8" },
    );
    expect(stdout.trim()).toBe(String(greenRun().length));
  });

  test("has lines that end at line feeds only", async () => {
    const folder = temporaryFolder("run");
    const event: RunEvent = { type: "log", source: "suite", text: "a\u2028b\r\u0085c" };
    await writeRun(folder, [event]);
    expect(await read(folder)).toEqual([event]);
  });
});
