/** What opening a suite needs to know besides its address. */
export interface OpenOptions {
  /** Version of the running Tally. */
  readonly tally: string;
  /** Whether a person wrote the address on this command line: only then may it name a repository of this machine. */
  readonly isTyped: boolean;
  /** How long git and a registry may take for one thing. */
  readonly deadlineMs?: number | undefined;
  /** Of the registry. */
  readonly plainHttp?: boolean;
  readonly ca?: string | undefined;
}
