import { writeSync } from "node:fs";

export default {
  process(frame: Iterable<object>) {
    const text = Buffer.from('{"type":"result","id":999,"n":0,"rows":[]}');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    writeSync(4, Buffer.concat([length, text]));
    return [...frame].map(() => ({ ok: true }));
  },
  half() {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(4096);
    writeSync(4, Buffer.concat([length, Buffer.from('{"type":"result"')]));
    process.exit(1);
  },
};
