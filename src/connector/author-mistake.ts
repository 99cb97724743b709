/**
 * What an author did with a frame or with `tallyml` that cannot work. Thrown into the author's code, where the stack
 * shows the line; it comes out as `connector-import` or as the `$error` of a record, never as itself.
 */
export class AuthorMistake extends Error {
  override readonly name = "AuthorMistake";
}
