// A program that gives back each record as it came, to the last digit: records are cut out of the line, never parsed.
// A record {"fail":true} fails alone; `later` is not implemented.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const [, id, operation] = /^\{"id":(\d+),"operation":"([^"]*)"/.exec(line);
  const records = line.slice(line.indexOf('"records":') + '"records":'.length, -1);
  if (operation === "echo") {
    const error = '{"$error":{"type":"Refused","message":"told to"}}';
    console.log(`{"id":${id},"records":${records.replaceAll('{"fail":true}', error)}}`);
  } else if (operation === "$describe") {
    console.log(`{"id":${id},"records":[{"tally":1,"operations":["echo"]}]}`);
  } else console.log(`{"id":${id},"error":{"type":"not-implemented","message":"later"}}`);
}
