/**
 * JSON values without loss: what `readJson` makes and `writeJson` takes.
 * A number is a plain `number` when that says everything the text said, and a `JsonNumber` otherwise.
 */

/** A JSON number whose source text says more than a double can hold: `9007199254740993`, `1e400`, a decimal as written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | number | JsonNumber | readonly Json[] | JsonObject;

/** Own keys only: objects made by the reader inherit nothing. */
export interface JsonObject {
  readonly [key: string]: Json;
}
