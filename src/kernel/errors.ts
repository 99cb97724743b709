/**
 * One catalogue of everything that can go wrong: code → message, hint, exit status.
 * Comes in: a code and its typed arguments. Goes out: a `Problem` (plain data, fit for events) or a `TallyError` that carries one.
 * It renders nothing: terminals, JSON and reports have their own ways.
 */
import { baseErrors } from "./errors/base-errors.ts";
import { baselineErrors } from "./errors/baseline-errors.ts";
import { bugErrors } from "./errors/bug-errors.ts";
import { captureErrors } from "./errors/capture-errors.ts";
import { certificateErrors } from "./errors/certificate-errors.ts";
import { cliErrors } from "./errors/cli-errors.ts";
import { commandErrors } from "./errors/command-errors.ts";
import { connectorErrors } from "./errors/connector-errors.ts";
import { contractErrors } from "./errors/contract-errors.ts";
import { deliveryErrors } from "./errors/delivery-errors.ts";
import type { ErrorEntry, ExitCode } from "./errors/define.ts";
import { endpointErrors } from "./errors/endpoint-errors.ts";
import { evidenceErrors } from "./errors/evidence-errors.ts";
import { imageErrors } from "./errors/image-errors.ts";
import { packErrors } from "./errors/pack-errors.ts";
import { pytestErrors } from "./errors/pytest-errors.ts";
import { runErrors } from "./errors/run-errors.ts";
import { suiteErrors } from "./errors/suite-errors.ts";

export type { ExitCode } from "./errors/define.ts";

export const catalogue = {
  ...contractErrors,
  ...connectorErrors,
  ...endpointErrors,
  ...certificateErrors,
  ...runErrors,
  ...baselineErrors,
  ...evidenceErrors,
  ...pytestErrors,
  ...suiteErrors,
  ...deliveryErrors,
  ...imageErrors,
  ...bugErrors,
  ...packErrors,
  ...baseErrors,
  ...captureErrors,
  ...cliErrors,
  ...commandErrors,
};

type Catalogue = typeof catalogue;
export type ErrorCode = keyof Catalogue;
export type ErrorArgs<Code extends ErrorCode> = Parameters<Catalogue[Code]["say"]>[0];

/** Something that went wrong, as data: what a `TallyError` carries and what an endpoint's fault is in the event stream. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly exit: ExitCode;
  /** More lines, shown as they are: a traceback, the tail of a log, a code frame. */
  readonly detail?: string;
}

/** Makes a problem from the catalogue. */
export function problem<Code extends ErrorCode>(code: Code, args: ErrorArgs<Code>, detail?: string): Problem {
  // The catalogue's entries differ in their arguments; the signature above ties `args` to `code`.
  const entry = catalogue[code] as ErrorEntry<ErrorArgs<Code>>;
  const made = { code, message: entry.say(args), hint: entry.hint(args), exit: entry.exit };
  return detail === undefined || detail === "" ? made : { ...made, detail };
}

const brand = Symbol.for("tally.error");

/** What the user or the machine did wrong. Thrown; rendered by the command line alone. */
export class TallyError extends Error {
  readonly problem: Problem;
  readonly [brand] = true;

  constructor(made: Problem, options?: { cause?: unknown }) {
    super(made.message, options);
    this.name = "TallyError";
    this.problem = made;
  }

  get code(): ErrorCode {
    return this.problem.code;
  }
}

/** Makes a `TallyError` from the catalogue. */
export function tallyError<Code extends ErrorCode>(
  code: Code,
  args: ErrorArgs<Code>,
  options: { cause?: unknown; detail?: string } = {},
): TallyError {
  return new TallyError(problem(code, args, options.detail), "cause" in options ? { cause: options.cause } : undefined);
}

/** Whether a value is a `TallyError`, also of another copy of Tally. */
export function isTallyError(value: unknown): value is TallyError {
  return typeof value === "object" && value !== null && brand in value;
}

/** Says that something cannot be; if it is, that is a bug of ours. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw tallyError("internal", { what });
}
