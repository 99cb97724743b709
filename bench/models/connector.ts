/** The TypeScript connector of the benchmarks. */
import { defineConnector } from "tallyml";
import { features } from "./features.ts";

// oxlint-disable-next-line import/no-default-export -- what Tally looks for
export default defineConnector({
  name: "bench",
  process: (frame) => frame.column("query").map((query) => features(String(query))),
});
