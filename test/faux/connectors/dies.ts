type Row = { query: string };

export default {
  process(frame: Iterable<Row>) {
    for (const row of frame) {
      if (row.query === "kill") process.kill(process.pid, "SIGKILL");
      if (row.query === "exit") process.exit(7);
    }
    return [...frame].map(() => ({ pid: process.pid }));
  },
};
