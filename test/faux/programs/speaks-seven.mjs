/** A worker of a Tally that does not exist yet: it says that it speaks protocol 7. */
import { readSync, writeSync } from "node:fs";

readSync(3, Buffer.alloc(65_536));
const text = Buffer.from(
  JSON.stringify({
    type: "ready",
    protocol: 7,
    sdk: "9.0.0",
    runtime: "python 4",
    name: null,
    version: null,
    operations: {},
  }),
);
const length = Buffer.alloc(4);
length.writeUInt32LE(text.length);
writeSync(4, Buffer.concat([length, text]));
setTimeout(() => {}, 60_000);
