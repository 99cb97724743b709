import { defineErrors } from "./define.ts";

/** How an endpoint can be wrong: each is an event of a run, never a mismatch (rows A of the fault matrix). */
export const endpointErrors = defineErrors({
  "endpoint-unreachable": {
    exit: 3,
    say: (a: { url: string; reason: string }) => `No answer from ${a.url} (${a.reason}).`,
    hint: (a) => `Start it first, or check the port: curl -i ${a.url}/health`,
  },
});
