/** Flags that several verbs take. */
import type { OptionName } from "./options.ts";

/** Which endpoint, and how it is called. */
export const calling: readonly OptionName[] = [
  "endpoint",
  "timeout",
  "header",
  "ca",
  "strict-json",
  "duplicate-keys",
  "config",
];

/** How much is shown. */
export const showing: readonly OptionName[] = ["color", "quiet", "verbose"];
