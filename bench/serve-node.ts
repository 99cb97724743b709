/** `tally serve` of a TypeScript connector beside bare Fastify with the connector in its process. */
import { sendLoad } from "./kit/load.ts";
import { benchFolder, startServer, tally } from "./kit/processes.ts";
import type { Options, Section } from "./kit/report.ts";
import { digits, interleaved, shown } from "./kit/statistics.ts";
import { queryOf } from "./models/queries.ts";

const clients = 16;

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const serve = (more: readonly string[]) => (port: number) => ({
    command: process.execPath,
    args: [tally, "serve", "--quiet", "--port", String(port), ...more],
    cwd: `${benchFolder}one`,
  });
  const servers = {
    "bare Fastify, connector in its process": await startServer((port) => ({
      command: process.execPath,
      args: [`${benchFolder}peers/fastify-endpoint.ts`, String(port)],
    })),
    "tally serve": await startServer(serve([])),
    "tally serve --in-process": await startServer(serve(["--in-process"])),
  };
  try {
    const sections: Section[] = [];
    for (const records of [1, 256]) {
      const body = JSON.stringify(Array.from({ length: records }, (_, i) => ({ query: queryOf(i) })));
      const measured = await interleaved(
        quick ? 2 : 5,
        Object.fromEntries(
          Object.entries(servers).map(([name, { url }]) => [
            name,
            async () =>
              (await sendLoad({ url, operation: "process", body, clients, ms: quick ? 1_000 : 2_000 })).perSecond,
          ]),
        ),
      );
      const [bare, worker, inside] = Object.values(measured);
      const share = (part: typeof bare): number => (part?.median ?? Number.NaN) / (bare?.median ?? Number.NaN);
      sections.push({
        title: `Local endpoint, TypeScript connector, ${records === 1 ? "1 record" : `${records} records`} a request`,
        method: `Requests per second with ${clients} clients, median (min–max), interleaved; the same client for all.`,
        columns: ["server", "requests/s", "of bare Fastify"],
        rows: Object.entries(measured).map(([name, spread]) => [
          name,
          shown(spread),
          `${digits(share(spread) * 100)} %`,
        ]),
        targets:
          records === 1
            ? [
                { what: "`tally serve` / bare Fastify", measured: share(worker), target: 0.6, bound: "least" },
                {
                  what: "`tally serve --in-process` / bare Fastify",
                  measured: share(inside),
                  target: 0.85,
                  bound: "least",
                },
              ]
            : [],
      });
    }
    return sections;
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}
