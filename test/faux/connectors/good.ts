import { defineConnector } from "tallyml";

/** Does what it should; the reference of the broken ones around it. */
export default defineConnector({
  name: "good",
  after: { inference: "process" },
  process(frame) {
    return { length: frame.column("query").map((query) => String(query).length) };
  },
  async inference(frame) {
    await Promise.resolve();
    return [...frame].map((record) => ({ score: String(record["query"]).includes("'") ? 0.9 : 0.1 }));
  },
});
