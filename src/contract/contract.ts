/**
 * The contract of a model, as every other folder sees it: operations, the types and tolerances of their fields, and
 * what `tally.toml` says of connector, endpoints and suite. Comes out of `load-contract.ts`; knows no file and no endpoint.
 */

/** The names a type may have in `tally.toml` (spec: type grammar). */
export type TypeKind =
  | "boolean"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64"
  | "decimal"
  | "string"
  | "bytes"
  | "timestamp"
  | "date"
  | "category"
  | "list"
  | "struct"
  | "json";

/** The type of a field. `nullable` allows null; nothing allows absence. */
export interface FieldType {
  readonly kind: TypeKind;
  readonly nullable: boolean;
  /** Of a category: the values it may take, in order. */
  readonly values?: readonly string[];
  /** Of a decimal: digits after the point. */
  readonly scale?: number;
  /** Of a list: the type of its elements. */
  readonly items?: FieldType;
  /** Of a struct: its fields. */
  readonly fields?: Fields;
}

/** How far two values may be apart and still agree: |c − r| ≤ abs + rel·|r|, or at most `ulp` apart in the declared type. */
export interface Tolerance {
  /** Absolute; of a timestamp in milliseconds. */
  readonly abs?: number;
  readonly rel?: number;
  readonly ulp?: number;
  /** Turns the default tolerance of floats off. */
  readonly exact?: boolean;
}

/** What may be done to both strings before they are compared. */
export type Normalization = "nfc" | "trim" | "case";

/** One declared field of an operation's input or output. */
export interface Field {
  readonly type: FieldType;
  readonly tolerance: Tolerance;
  /** −0 and 0 differ. */
  readonly signedZero: boolean;
  /** A score's threshold, and the label field that it decides. */
  readonly threshold?: number;
  readonly decides?: string;
  /** Half-width around the threshold in which a flipped label is a near-tie; without it the score's tolerance is used. */
  readonly nearTie?: number;
  readonly normalize: readonly Normalization[];
  readonly order: "list" | "set" | "multiset";
  readonly doc?: string;
  readonly unit?: string;
  readonly sensitive: boolean;
}

/** Fields by name, in the order they were declared. Null-prototype or plain; read it with Object.entries or Object.hasOwn. */
export type Fields = Readonly<Record<string, Field>>;

/** A named function from a batch of records to a batch of records of the same length and order. */
export interface Operation {
  readonly name: string;
  /** The stage before this one. */
  readonly after?: string;
  /** The fields of the raw record, or the stage whose output this operation receives. */
  readonly input:
    | { readonly kind: "fields"; readonly fields: Fields }
    | { readonly kind: "stage"; readonly stage: string };
  readonly output: Fields;
  /** Fields of an answer that are not declared. */
  readonly extra: "warn" | "error";
  readonly doc?: string;
}

/** Where the reference comes from. */
export type ConnectorSource =
  | {
      readonly kind: "python";
      /** Absolute path of the module. */
      readonly path: string;
      readonly interpreter?: string;
      readonly workers: number;
      readonly dtypes: "numpy" | "nullable";
      readonly env: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "node";
      readonly path: string;
      readonly workers: number;
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: "endpoint"; readonly url: string };

/** Where tests, cases and their settings are. Globs are relative to the contract's folder. */
export interface SuiteSettings {
  readonly name: string;
  readonly tests: readonly string[];
  readonly pytest: readonly string[];
  readonly cases: readonly string[];
  /** What else tests read, and no import tells. */
  readonly files: readonly string[];
  readonly csv: { readonly delimiter: string };
}

/** A whole `tally.toml`, checked, with every default filled in. */
export interface Contract {
  /** Absolute path of the file it was read from, and its folder, from which all paths count. */
  readonly file: string;
  readonly root: string;
  readonly requires?: string;
  readonly model: { readonly name: string; readonly version?: string };
  readonly connector?: ConnectorSource;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly endpoint: {
    readonly batch: number;
    readonly timeoutMs: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Undefined when nothing is declared: then every value is `json`. */
  readonly operations?: Readonly<Record<string, Operation>>;
  readonly suite: SuiteSettings;
}
