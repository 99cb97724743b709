import type { Operations } from "../contract/operations.ts";
import type { Frame } from "./frame.ts";

/** What an operation returns: one row for each record in the same order, or a column for each field. */
export type OperationResult<Row = object> =
  | readonly Row[]
  | Iterable<Row>
  | { readonly [Field in keyof Row]: ArrayLike<Row[Field]> };

/** An operation as a connector defines it. */
export type OperationFunction<Input = Readonly<Record<string, unknown>>, Output = object> = (
  frame: Frame<Input>,
) => OperationResult<Output> | Promise<OperationResult<Output>>;

/** The names in a connector that are not operations. */
interface ConnectorParts {
  /** The model's name; the contract's counts where it has one. */
  readonly name?: string;
  readonly version?: string;
  /** Which stage comes before an operation: `{ inference: "process" }`. */
  readonly after?: Readonly<Record<string, string>>;
  /** Runs once, before the first call: load the model here. */
  setup?(): void | Promise<void>;
  /** Runs once, when Tally has finished. */
  close?(): void | Promise<void>;
}

/** An operation whose rows the author types: as a method, so that `Frame<{ query: string }>` is as good as any frame. */
type AnyOperation = { operation(frame: Frame): ReturnType<OperationFunction> }["operation"];

/** A connector whose operations are known by nothing but their names. */
export interface Connector extends ConnectorParts {
  readonly [operation: string]:
    | AnyOperation
    | string
    | Readonly<Record<string, string>>
    | (() => void | Promise<void>)
    | undefined;
}

/** The rows of operations, as `tally types` writes them. */
export type OperationTypes<Operations> = {
  readonly [Name in keyof Operations]: { readonly input: object; readonly output: object };
};

/** A connector whose operations have the types of the contract. */
export type TypedConnector<Operations extends OperationTypes<Operations>> = ConnectorParts & {
  readonly [Name in keyof Operations]: OperationFunction<Operations[Name]["input"], Operations[Name]["output"]>;
};

/** With the types of its operations, or with any where none are known. */
export type ConnectorOf<Own extends OperationTypes<Own>> = keyof Own extends never ? Connector : TypedConnector<Own>;

/**
 * Defines a connector: the research code behind a model's operations. Export it as the module's default. The types of its
 * operations are those of the file that `tally types` wrote, if there is one; else they may be given.
 * @example
 * import { defineConnector } from "tallyml";
 * export default defineConnector({
 *   process(frame) {
 *     return { length: frame.column("query").map((query) => String(query).length) };
 *   },
 * });
 */
export function defineConnector<Own extends OperationTypes<Own> = Operations>(
  connector: NoInfer<ConnectorOf<Own>>,
): ConnectorOf<Own> {
  return connector;
}
