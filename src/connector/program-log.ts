/** One line that a program wrote to a stream that is the log. */
export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

const maxLineLength = 8 * 1024;
const maxTailLength = 64 * 1024;
/** What is handed on each second; the rest of a flood is counted and dropped, the pipe never blocks. */
const maxBytesPerSecond = 256 * 1024;

/** Keeps the end of what a program prints and hands lines on, at a bounded rate. */
export class ProgramLog {
  #tail = "";
  readonly #rest: Record<LogLine["stream"], string> = { stdout: "", stderr: "" };
  readonly #onLine: ((line: LogLine) => void) | undefined;
  #second = 0;
  #passed = 0;
  #dropped = 0;

  constructor(onLine: ((line: LogLine) => void) | undefined) {
    this.#onLine = onLine;
  }

  /** Takes a chunk as it came from the pipe. */
  push(stream: LogLine["stream"], chunk: string): void {
    this.#tail = (this.#tail + chunk).slice(-maxTailLength);
    if (!this.#onLine) return;
    const lines = (this.#rest[stream] + chunk).split("\n");
    this.#rest[stream] = (lines.pop() ?? "").slice(0, maxLineLength);
    for (const text of lines) this.#hand(stream, text);
  }

  /** Hands on what had no newline at the end. */
  end(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#rest[stream] !== "") this.#hand(stream, this.#rest[stream]);
      this.#rest[stream] = "";
    }
    this.#reportDropped();
  }

  /** The last lines of both streams. */
  lastLines(count: number): string {
    return this.#tail.trimEnd().split("\n").slice(-count).join("\n");
  }

  #hand(stream: LogLine["stream"], line: string): void {
    const text = (line.endsWith("\r") ? line.slice(0, -1) : line).slice(0, maxLineLength);
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#passed = 0;
      this.#reportDropped();
    }
    this.#passed += text.length + 1;
    if (this.#passed > maxBytesPerSecond) this.#dropped += 1;
    else this.#onLine?.({ stream, text });
  }

  #reportDropped(): void {
    if (this.#dropped > 0) this.#onLine?.({ stream: "stderr", text: `… ${this.#dropped} more lines were not shown` });
    this.#dropped = 0;
  }
}
