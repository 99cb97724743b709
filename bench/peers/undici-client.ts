/**
 * The bare client: so many records in batches of 256, eight calls at once, answers parsed and nothing else done.
 * `node undici-client.ts URL COUNT` prints the milliseconds from the first request to the last answer.
 */
import { Pool } from "undici";
import { queryOf } from "../models/queries.ts";

const [, , url = "", count = "1000"] = process.argv;
const pool = new Pool(url, { connections: 8 });
const headers = { "content-type": "application/json" };
const batch = 256;
const total = Number(count);
const began = performance.now();
let next = 0;
let answered = 0;
async function lane(): Promise<void> {
  while (next < total) {
    const from = next;
    next = Math.min(total, from + batch);
    const records = Array.from({ length: next - from }, (_, i) => ({ query: queryOf(from + i) }));
    const answer = await pool.request({ method: "POST", path: "/process", headers, body: JSON.stringify(records) });
    answered += ((await answer.body.json()) as unknown[]).length;
  }
}
await Promise.all(Array.from({ length: 8 }, lane));
if (answered !== total) throw new Error(`${answered} of ${total} records answered`);
console.log(performance.now() - began);
await pool.close();
