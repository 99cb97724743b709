/** Frames of the worker protocol: a uint32 (little-endian), the number of bytes that follow, and JSON in UTF-8. */

/** A frame longer than this is refused: one JavaScript string holds little more. */
export const maxFrameBytes: number = 256 * 1024 * 1024;

/** The bytes of one frame. */
export function frameBytes(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(length + 4);
  bytes.writeUInt32LE(length, 0);
  bytes.write(text, 4, "utf8");
  return bytes;
}

/** Puts frames together from the chunks of a pipe. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = -1;

  /** The texts that are complete now. Undefined: the stream does not hold frames (a length beyond the limit). */
  push(chunk: Buffer): string[] | undefined {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const texts: string[] = [];
    for (;;) {
      if (this.#wanted < 0) {
        if (this.#held < 4) return texts;
        this.#wanted = this.#take(4).readUInt32LE(0);
        if (this.#wanted > maxFrameBytes) return undefined;
      }
      if (this.#held < this.#wanted) return texts;
      const body = this.#take(this.#wanted);
      this.#wanted = -1;
      texts.push(body.toString("utf8"));
    }
  }

  /** How much of a frame has come, if one is incomplete. */
  get partial(): { readonly wanted: number; readonly got: number } | undefined {
    if (this.#wanted >= 0) return { wanted: this.#wanted, got: this.#held };
    return this.#held > 0 ? { wanted: 4, got: this.#held } : undefined;
  }

  #take(count: number): Buffer {
    const first = this.#chunks[0];
    const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#held -= count;
    this.#chunks = this.#held > 0 ? [all.subarray(count)] : [];
    return all.subarray(0, count);
  }
}
