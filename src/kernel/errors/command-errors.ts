import { defineErrors } from "./define.ts";

/** What can be wrong with the command line, and what is wrong with Tally itself. */
export const commandErrors = defineErrors({
  internal: {
    exit: 70,
    say: (a: { what: string }) => `This is a bug in Tally: ${a.what}.`,
    hint: () => "Please report it with the command you ran and the text above.",
  },
});
