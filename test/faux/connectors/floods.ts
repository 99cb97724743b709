const line = `${"x".repeat(1023)}\n`;

export default {
  process(frame: Iterable<object>) {
    for (let i = 0; i < 20_000; i++) process.stderr.write(line);
    return [...frame].map(() => ({ ok: true }));
  },
};
