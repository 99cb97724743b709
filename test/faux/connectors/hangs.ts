type Row = { query: string };

/** Waits for ever, or loops for ever, when a record says so; also against SIGTERM. */
export default {
  async process(frame: Iterable<Row>) {
    for (const row of frame) {
      if (row.query === "wait") await new Promise((resolve) => setTimeout(resolve, 3_600_000));
      if (row.query === "loop") for (;;);
    }
    return [...frame].map(() => ({ pid: process.pid }));
  },
  stubborn() {
    process.on("SIGTERM", () => {});
    return new Promise<[]>((resolve) => setTimeout(resolve, 3_600_000, []));
  },
};
