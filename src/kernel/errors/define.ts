/** The exit codes of every command (docs/reference/cli.md). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70 | 130 | 143;

/** One entry of the error catalogue: what is said, what to do next, and how the command ends. */
export interface ErrorEntry<Args> {
  readonly exit: ExitCode;
  /** What, where, why: one sentence or two, without code and hint. */
  readonly say: (args: Args) => string;
  /** The next thing to do, if possible a command that can be pasted. */
  readonly hint: (args: Args) => string;
}

/** Keeps the argument types of every entry while checking its shape. */
export function defineErrors<Args extends Readonly<Record<string, object>>>(entries: {
  readonly [Code in keyof Args]: ErrorEntry<Args[Code]>;
}): { readonly [Code in keyof Args]: ErrorEntry<Args[Code]> } {
  return entries;
}
