const kept: Uint8Array[] = [];

/** Keeps two MiB of every call. */
export default {
  process(frame: Iterable<object>) {
    kept.push(new Uint8Array(2 * 1024 ** 2).fill(1));
    return [...frame].map(() => ({ pid: process.pid }));
  },
};
