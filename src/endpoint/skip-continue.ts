/**
 * `100 Continue` in front of an answer is legal although nobody asked for it, and undici ends the connection over it.
 * Comes in: a connected socket. Goes out: the same socket, whose reader does not see one such head for each answer.
 */
import type { Socket } from "node:net";

const continueHead = Buffer.from("HTTP/1.1 100");
const headEnd = Buffer.from("\r\n\r\n");
/** More than such a head ever has. */
const maxHead = 1_024;

/** Changes how `socket` is read and gives it back. */
export function skipContinue<Connected extends Socket>(socket: Connected): Connected {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  let expects: "nothing" | "continue-or-answer" | "answer" = "nothing";
  let held = Buffer.alloc(0);
  Object.defineProperty(socket, "write", {
    // Node puts its own in its place once the other side has closed.
    writable: true,
    configurable: true,
    value: (...data: readonly unknown[]): unknown => {
      if (expects === "nothing") expects = "continue-or-answer";
      return Reflect.apply(write, socket, data);
    },
  });
  socket.read = (size) => {
    if (size === 0) return read(0);
    for (;;) {
      const chunk: unknown = read(size);
      if (!(chunk instanceof Buffer)) return chunk;
      if (expects !== "continue-or-answer") {
        expects = "nothing";
        return chunk;
      }
      held = Buffer.concat([held, chunk]);
      const rest = behindContinue(held);
      if (rest === undefined) continue;
      expects = rest === held ? "nothing" : "answer";
      held = Buffer.alloc(0);
      if (rest.length === 0) continue;
      expects = "nothing";
      return rest;
    }
  };
  return socket;
}

/** What follows the head; all of it when it is no such head; undefined while that cannot be said. */
function behindContinue(received: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> | undefined {
  const known = Math.min(received.length, continueHead.length);
  if (!received.subarray(0, known).equals(continueHead.subarray(0, known))) return received;
  const end = received.indexOf(headEnd);
  if (end >= 0) return received.subarray(end + headEnd.length);
  return received.length > maxHead ? received : undefined;
}
