/** A matrix as one JSON object; keys are added, never changed, while `v` is 1. Records and values are spliced in as they were. */
import type { ExitCode } from "../../kernel/errors.ts";
import { RawJson, type WritableJson, writeJson } from "../../kernel/write-json.ts";
import type { MatrixResult, MatrixRow, MatrixSide } from "../../verdict/fold-matrix.ts";
import type { TextSink } from "../reporter.ts";
import type { MatrixField, MatrixFields } from "./matrix-fields.ts";
import { sideHeadline } from "./matrix-words.ts";

export function writeMatrix(result: MatrixResult, fields: MatrixFields, exit: ExitCode, sink: TextSink): void {
  const { rows, sides } = result;
  const suite = sides.find(({ started }) => started !== undefined)?.started?.suite;
  const head = { v: 1, ...(suite === undefined ? {} : { suite: { ...suite } }), sides: sides.map(sideJson) };
  sink.write(`${writeJson(head).slice(0, -1)},"tests":[`);
  for (const [at, row] of rows.entries()) {
    const test = testJson(row, sides, fields.get(row.plan.id) ?? []);
    sink.write(`${at === 0 ? "" : ","}\n${writeJson(test)}`);
  }
  const parting = rows.filter((row) => row.parts).length;
  sink.write(`${rows.length === 0 ? "" : "\n"}],"parting":${parting},"exit":${exit}}\n`);
}

function sideJson({ ended, name, problem, started }: MatrixSide): WritableJson {
  const [endpoint] = started?.endpoints ?? [];
  const counts = ended && {
    planned: ended.planned,
    pass: ended.pass,
    fail: ended.fail,
    error: ended.error,
    skip: ended.skip,
    known: ended.known,
  };
  return {
    name,
    ...(endpoint === undefined ? {} : { role: endpoint.role, url: endpoint.url }),
    ...(endpoint?.version === undefined ? {} : { version: endpoint.version }),
    ...(started === undefined ? {} : { run: started.run }),
    ...(started?.baseline === undefined ? {} : { baseline: { ...started.baseline } }),
    ...(counts === undefined ? {} : { counts }),
    ...(ended === undefined ? {} : { exit: ended.exit, ms: ended.ms }),
    ...(ended?.stopped === undefined ? {} : { stopped: ended.stopped }),
    ...(problem === undefined ? {} : { problem: { ...problem } }),
  };
}

function testJson(row: MatrixRow, sides: readonly MatrixSide[], fields: readonly MatrixField[]): WritableJson {
  const { cells, parts, plan } = row;
  const { type: _, tags, ...told } = plan;
  const bySide = (of: (side: number) => WritableJson | undefined): WritableJson =>
    Object.fromEntries(
      sides.flatMap(({ name }, i) => {
        const value = of(i);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  return {
    ...told,
    tags: [...tags],
    parts,
    verdicts: bySide((i) => cells[i]?.verdict ?? null),
    ...(cells.some((cell) => cell?.judged?.baseline) && {
      baseline: bySide((i) => cells[i]?.judged?.baseline && { ...cells[i].judged.baseline }),
    }),
    failures: bySide((i) => {
      const cell = cells[i];
      const failure = cell?.judged?.failure;
      if (failure === undefined) return undefined;
      return { id: failure, reason: cell?.judged?.reason ?? "", message: sideHeadline(row, cell) };
    }),
    fields: fields.map(({ expected, input, operation, path, values, wrong }) => ({
      operation,
      path,
      ...(input === undefined ? {} : { input: new RawJson(input) }),
      ...(expected === undefined ? {} : { expected: new RawJson(expected) }),
      values: bySide((i) => (values[i] === undefined ? undefined : new RawJson(values[i]))),
      wrong: sides.flatMap(({ name }, i) => (wrong[i] === true ? [name] : [])),
    })),
  };
}
