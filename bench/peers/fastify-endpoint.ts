/** Bare Fastify with the connector in its process: nothing is checked, nothing is gathered. `node fastify-endpoint.ts PORT` */
import Fastify from "fastify";
import { features } from "../models/features.ts";

interface Frame {
  column(name: "query"): string[];
}

// What models/connector.ts does, called the way Tally calls it: with a frame.
function process_(frame: Frame): object[] {
  return frame.column("query").map((query) => features(query));
}

const server = Fastify();
server.post("/process", (request, reply) => {
  const rows = request.body as { query: string }[];
  reply.send(process_({ column: (name) => rows.map((row) => row[name]) }));
});
await server.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
