const asked = ["TALLY_TOKEN", "TALLY_TEST_SEEN"];

/** Tells which variables of a test it was started with. */
export default {
  process: (frame: Iterable<object>) => [...frame].map(() => ({ names: asked.filter((name) => name in process.env) })),
};
