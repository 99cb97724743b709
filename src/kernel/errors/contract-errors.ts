import { defineErrors } from "./define.ts";

/** What can be wrong with `tally.toml`. */
export const contractErrors = defineErrors({
  "contract-missing": {
    exit: 2,
    say: (a: { from: string }) => `No tally.toml in ${a.from} or any folder above it.`,
    hint: () => "Write one (docs/reference/config.md), or go to the model's folder.",
  },
});
