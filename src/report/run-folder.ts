/**
 * Everything about a run in one folder (`--out DIR`). Comes in: run events. Goes out: events.ndjson and log as the run goes,
 * so that a killed run can still be read; junit.xml and the HTML report at its end.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { visibleBlock } from "./plain-text.ts";
import { openReporter } from "./open-reporter.ts";
import { makeFolder, openStream, type OutputFile, removeFile } from "./output-file.ts";
import { refuseForeignPage } from "./foreign-page.ts";
import { eventsFile } from "./read-run.ts";
import type { Reporter } from "./reporter.ts";

export interface RunFolder extends Reporter {
  /** Path of the HTML report. */
  readonly html: string;
}

/** What an earlier run may have left: it must not be taken for this one's. */
const ours =
  /^(?:index\.html|style\.css|junit\.xml|events\.ndjson|attestation\.json|log|report\.js|(?:bar|tally|share|delta|timing|history)(?:-\d+)*\.svg)(?:(?:\.(?<pid>\d+))?\.part)?$/;

/** Removes it, but for `own`, which is written already. */
function removeLeft(folder: string, own?: string): void {
  for (const name of readdirSync(folder)) if (name !== own && isLeft(name)) removeFile(join(folder, name));
}

/** Not what another run is writing right now. */
function isLeft(name: string): boolean {
  const found = ours.exec(name);
  if (found === null) return false;
  const { pid } = found.groups ?? {};
  return pid === undefined || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    // There, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Makes a folder ready for a report of another kind, which a run that was there before must not be taken for. */
export function emptyRunFolder(folder: string): void {
  makeFolder(folder);
  refuseForeignPage(folder);
  removeLeft(folder);
}

/** Opens a folder for a run. Rejects with `out-not-writable` before anything is run. */
export async function openRunFolder(folder: string): Promise<RunFolder> {
  makeFolder(folder);
  refuseForeignPage(folder);
  const log = openStream(join(folder, "log"));
  removeLeft(folder, "log");
  const out = { write: () => {} };
  const parts = await Promise.all([
    openReporter("ndjson", { out, path: join(folder, eventsFile) }),
    openReporter("junit", { out, path: join(folder, "junit.xml") }),
    openReporter("html", { out, path: folder, beside: [eventsFile, "junit.xml", "log"] }),
  ]);
  const all = [logReporter(log), ...parts];
  return {
    html: join(folder, "index.html"),
    event: (event) => {
      for (const reporter of all) reporter.event(event);
    },
    end: async () => {
      for (const reporter of all) await reporter.end();
    },
  };
}

/** What suite, connector and endpoint printed, each line with where it came from. */
function logReporter(file: OutputFile): Reporter {
  return {
    event: (event) => {
      if (event.type !== "log") return;
      const source = event.id === undefined ? event.source : `${event.source} · ${event.id}`;
      const lines = visibleBlock(event.text).replace(/\n$/, "").split("\n");
      file.write(lines.map((line) => `[${visibleBlock(source)}] ${line}\n`).join(""));
    },
    end: async () => file.close(),
  };
}
