/** `--suite`: whatever the command does, it does it to the suite that was delivered. */
import type { OpenOptions } from "../../delivery/open-options.ts";
import { openSuite } from "../../delivery/open-suite.ts";
import { tallyVersion } from "../../kernel/own-package.ts";
import type { Arguments } from "../arguments.ts";
import { refuseInside } from "./verify-here.ts";

/** The words with the folder of the suite as their contract. */
export async function withSuite(args: Arguments): Promise<Arguments> {
  const root = await openSuite(args.text("suite") ?? "", openOptions(args));
  refuseInside(root, args);
  return args.with("config", root);
}

/** What the flags say of how to get at it. */
export function openOptions(args: Arguments): OpenOptions {
  return {
    tally: tallyVersion(),
    isTyped: args.isTyped("suite"),
    deadlineMs: args.duration("max-time"),
    plainHttp: args.flag("plain-http"),
    ca: args.text("ca"),
  };
}
