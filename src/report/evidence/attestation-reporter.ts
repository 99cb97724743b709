/** `--attest`: a run as a signed statement. Comes in: run events. Goes out: one file, whole or not at all. */
import type { KeyObject } from "node:crypto";
import { foldRun } from "../../verdict/fold-run.ts";
import { openWhole } from "../output-file.ts";
import type { Reporter } from "../reporter.ts";
import { seal } from "./envelope.ts";
import { statementOf, type Subject } from "./statement.ts";

export interface AttestationOptions {
  readonly path: string;
  readonly key: KeyObject;
  readonly subjects: readonly Subject[];
}

/** Of a run that never began there is nothing to attest, and no older file stays in its place. */
export function attestationReporter({ key, path, subjects }: AttestationOptions): Reporter {
  const file = openWhole(path);
  const fold = foldRun({ maxRecordText: 0 });
  return {
    event: (event) => fold.add(event),
    end: async () => {
      const result = fold.result();
      const { ended, started } = result;
      if (started === undefined || ended === undefined) return file.discard();
      file.write(seal(Buffer.from(JSON.stringify(statementOf(result, started, ended, subjects))), key));
      file.close();
    },
  };
}
