/** `tally completion SHELL`: what a shell needs to complete verbs, flags and their values. */
import { tallyError } from "../../kernel/errors.ts";
import { warnings } from "../../kernel/errors/explain/warnings.ts";
import { errorAreas } from "../../kernel/errors/explanations.ts";
import { nearest } from "../../kernel/nearest.ts";
import type { Command, Run } from "../command.ts";
import {
  bashScript,
  type Completed,
  completed,
  fishScript,
  powershellScript,
  zshScript,
} from "./completion-scripts.ts";

const scripts: Readonly<Record<string, (verbs: readonly Completed[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** The command, given all verbs there are. */
export function completionOf(commands: Readonly<Record<string, Command>>): Run {
  return async (args) => {
    const [shell = ""] = args.positionals;
    const known = Object.keys(scripts);
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) throw tallyError("shell-unknown", { shell, known, nearest: nearest(shell, known) });
    const words = new Map<string, readonly string[]>([
      ["completion", known],
      ["explain", [...errorAreas.flatMap(({ codes }) => codes), ...Object.keys(warnings)]],
    ]);
    process.stdout.write(
      script(Object.entries(commands).map(([verb, command]) => completed(verb, command, words.get(verb)))),
    );
    return 0;
  };
}
