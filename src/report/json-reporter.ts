/**
 * A run as one JSON object, written at its end. Comes in: run events. Goes out: `{"v":1, …}`; its shape is part of the
 * interface: keys are added, never changed, while `v` is 1. Tests are written one by one, so that no second copy is held.
 */
import { type WritableJson, writeJson } from "../kernel/write-json.ts";
import { writableEvent } from "../verdict/event-line.ts";
import { foldRun, type RunResult, type TestResult } from "../verdict/fold-run.ts";
import type { RunEvent } from "../verdict/run-event.ts";
import { openWhole } from "./output-file.ts";
import type { Reporter, ReporterOptions, TextSink } from "./reporter.ts";

export function jsonReporter(options: ReporterOptions): Reporter {
  const file = options.path === undefined ? undefined : openWhole(options.path);
  const fold = foldRun();
  return {
    event: (event) => fold.add(event),
    end: async () => {
      writeRun(fold.result(), file ?? options.out);
      file?.close();
    },
  };
}

type Members = Readonly<Record<string, WritableJson>>;

/** Writes a run: what it was, its tests, its counts. */
export function writeRun(result: RunResult, sink: TextSink): void {
  sink.write(`{${membersText({ v: 1, ...without(result.started, "type", "v", "contract") })},"tests":[`);
  for (const [at, test] of result.tests.entries()) sink.write(`${at === 0 ? "" : ","}\n${writeJson(testJson(test))}`);
  sink.write(`${result.tests.length === 0 ? "" : "\n"}],${membersText(endMembers(result))}}\n`);
}

function endMembers(result: RunResult): Members {
  const { ended, counts, planned, recommended, nearTies, unjudged, incomplete, conserved } = result;
  return {
    warnings: result.warnings.map((warning) => without(warning, "type")),
    counts: { planned, ...counts, unjudged, recommended, nearTies },
    incomplete,
    conserved,
    ...without(ended, "type", "planned", "pass", "fail", "error", "skip", "known", "recommended", "nearTies"),
  };
}

/** Plan and verdict in one object, with what was asked and answered. */
function testJson({ plan, judged, exchanges }: TestResult): WritableJson {
  return {
    ...without(plan, "type"),
    ...(judged === undefined ? { verdict: null } : without(judged, "type", "id")),
    exchanges: exchanges.map((exchange) => without(exchange, "type", "id")),
  };
}

function without(event: RunEvent | undefined, ...keys: readonly string[]): Members {
  if (event === undefined) return {};
  const members = writableEvent(event);
  return Object.fromEntries(Object.entries(members ?? {}).filter(([key]) => !keys.includes(key)));
}

function membersText(members: Members): string {
  return writeJson(members).slice(1, -1);
}
