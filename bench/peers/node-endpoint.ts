/** A re-implementation as a developer would write it first: node:http and JSON.parse. `node node-endpoint.ts PORT` */
import { createServer } from "node:http";
import { features } from "../models/features.ts";

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const records: { query: string }[] = JSON.parse(Buffer.concat(chunks).toString());
    const body = Buffer.from(JSON.stringify(records.map(({ query }) => features(query))));
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
