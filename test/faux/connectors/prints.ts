import { writeSync } from "node:fs";

console.log("loading");

export default {
  process(frame: Iterable<object>) {
    console.log('{"type":"result","id":1,"n":1,"rows":[{}]}');
    console.error("on stderr");
    writeSync(1, "raw on 1\n");
    return [...frame].map(() => ({ ok: true }));
  },
};
