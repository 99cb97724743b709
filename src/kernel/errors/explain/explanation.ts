import type { ErrorArgs, ErrorCode } from "../../errors.ts";

/** What the reference says of a code besides its message: example arguments, and when it happens. */
export type Explanations<Code extends ErrorCode> = {
  readonly [Each in Code]: { readonly example: ErrorArgs<Each>; readonly when: string };
};
