/** Flags that several verbs take. */
import type { OptionName } from "./options.ts";

/** Which endpoint, and how it is called. */
export const calling: readonly OptionName[] = [
  "endpoint",
  "timeout",
  "header",
  "ca",
  "client-cert",
  "client-key",
  "strict-json",
  "duplicate-keys",
  "config",
];

/** Another suite than the one here, from wherever it is. */
export const delivered: readonly OptionName[] = ["suite", "plain-http"];

/** How much is shown. */
export const showing: readonly OptionName[] = ["color", "quiet", "verbose"];
