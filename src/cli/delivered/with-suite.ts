/** `--suite`: whatever the command does, it does it to the suite that was delivered. */
import { openSuite } from "../../delivery/open-suite.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import type { Arguments } from "../arguments.ts";

/** The words with the folder of the suite as their contract. */
export async function withSuite(args: Arguments): Promise<Arguments> {
  const folder = await openSuite(args.text("suite") ?? "", {
    tally: tallyVersion(),
    isTyped: args.isTyped("suite"),
    deadlineMs: args.duration("max-time"),
    plainHttp: args.flag("plain-http"),
    ca: args.text("ca"),
  });
  return args.with("config", folder);
}
