/**
 * The vocabulary in which `keys.ts` describes `tally.toml`: the checker, the JSON Schema for editors and the reference
 * page are all made from one description.
 */

/** What a value may be. */
export type Shape =
  | { readonly is: "text"; readonly what: string; readonly pattern?: string }
  | { readonly is: "integer"; readonly min: number; readonly max: number }
  | { readonly is: "number"; readonly what: string; readonly min?: number }
  | { readonly is: "boolean" }
  | { readonly is: "choice"; readonly of: readonly string[] }
  | { readonly is: "duration" }
  | { readonly is: "type" }
  | { readonly is: "list"; readonly of: Shape; readonly min?: number }
  | { readonly is: "table"; readonly keys: readonly Key[] }
  | { readonly is: "map"; readonly of: Shape; readonly names: Names }
  /** A text or number of one shape, or something of the other: chosen by what stands there, so that errors stay exact. */
  | { readonly is: "either"; readonly scalar: Shape; readonly other: Shape }
  | { readonly is: "ref"; readonly to: ShapeName };

/** Shapes that contain themselves. */
export type ShapeName = "field" | "element";

/** Which names the keys of a map may have. */
export interface Names {
  readonly pattern: string;
  readonly what: string;
}

/** One key of a table. */
export interface Key {
  readonly name: string;
  /** One or two sentences for the reference page and the editor. */
  readonly doc: string;
  readonly shape: Shape;
  readonly required?: boolean;
  /** The default, as it would be written, or in words. */
  readonly default?: string;
  /** A value as it would be written in TOML. */
  readonly example?: string;
}
