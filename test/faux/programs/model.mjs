/** A model on stdin and stdout that does what its first argument says. */
import { createInterface } from "node:readline";

const how = process.argv[2] ?? "good";
if (how === "banner") process.stdout.write("model 1.0 ready\n");
if (how === "dies-at-start") {
  process.stderr.write("cannot open weights.bin\n");
  process.exit(3);
}
const ending = how === "crlf" ? "\r\n" : "\n";
const answer = (value) => process.stdout.write((typeof value === "string" ? value : JSON.stringify(value)) + ending);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, operation, records } = JSON.parse(line);
  process.stderr.write(`${operation} ${records.length}\n`);
  if (operation === "$describe") {
    if (how === "describes") answer({ id, records: [{ tally: 1, name: "model", operations: ["process"] }] });
    else answer({ id, error: { type: "not-implemented" } });
    continue;
  }
  if (operation === "unknown") answer({ id, error: { type: "not-implemented", message: "no such operation" } });
  else if (how === "debug") answer("DEBUG got a request");
  else if (how === "count") answer({ id, records: [] });
  else if (how === "id") answer({ id: id + 1, records });
  else if (how === "no-id") answer({ records });
  else if (how === "silent") setTimeout(() => {}, 60_000);
  else if (how === "error") answer({ id, error: "weights are missing" });
  else if (how === "nan") answer(`{"id": ${id}, "records": [${records.map(() => '{"score": NaN}').join(", ")}]}`);
  else if (how === "poison" && records.some((record) => record.query === "bad")) process.exit(9);
  else if (how === "partial") {
    process.stdout.write('{"id":1,"rec', () => process.exit(1));
  } else if (how === "long") {
    const chunk = "x".repeat(1 << 20);
    for (let i = 0; i < 80; i++) process.stdout.write(chunk);
  } else answer({ id, records: records.map((record) => ({ length: record.query.length })) });
}
