/** A line longer than this is refused: 64 MiB. */
export const maxLineBytes: number = 64 * 1024 * 1024;

const newline = 0x0a;

/** Puts lines together from the chunks of a pipe. */
export class LineReader {
  readonly #chunks: Buffer[] = [];
  #held = 0;

  /** The lines that are complete now, without their ends. Undefined: a line beyond the limit. */
  push(chunk: Buffer): Buffer[] | undefined {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      lines.push(this.#line(chunk.subarray(from, at)));
      from = at + 1;
    }
    if (from < chunk.length) {
      this.#chunks.push(from === 0 ? chunk : chunk.subarray(from));
      this.#held += chunk.length - from;
    }
    return this.#held > maxLineBytes ? undefined : lines;
  }

  /** What has come of a line that is not complete. */
  get partial(): Buffer | undefined {
    return this.#held === 0 ? undefined : Buffer.concat(this.#chunks);
  }

  #line(end: Buffer): Buffer {
    const line = this.#held === 0 ? end : Buffer.concat([...this.#chunks.splice(0), end]);
    this.#held = 0;
    return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  }
}
