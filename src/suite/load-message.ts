import { join } from "node:path";
import type { LoadFile } from "./messages.ts";
import type { SuiteOptions } from "./suite-run.ts";

type Loading = "contract" | "logAll" | "maxFailures" | "noGather" | "repeat" | "seed" | "testTimeoutMs";

/** What the child of a test file is told first. `file` is relative to the contract's folder. */
export function loadMessage(file: string, options: Pick<SuiteOptions, Loading>): LoadFile {
  const { contract, logAll, maxFailures, noGather, repeat, seed, testTimeoutMs } = options;
  const { operations, root } = contract;
  return {
    type: "load",
    file: join(root, file),
    id: file,
    root,
    operations,
    seed,
    testTimeoutMs,
    maxFailures,
    noGather,
    repeat,
    logAll,
    oneByOne: false,
  };
}
