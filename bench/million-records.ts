/** A million records through `operation()`: how fast, and whether memory grows with their number. */
import { benchFolder, runProgram, startServer, tally } from "./kit/processes.ts";
import type { Options, Section } from "./kit/report.ts";
import { digits } from "./kit/statistics.ts";

const sizes = { small: 100_000, large: 1_000_000 };

export async function run(_options: Options): Promise<readonly Section[]> {
  const server = await startServer((port) => ({
    command: process.execPath,
    args: [`${benchFolder}peers/node-endpoint.ts`, String(port)],
  }));
  try {
    const test = (count: number): ReturnType<typeof runProgram> =>
      runProgram(
        {
          command: process.execPath,
          args: [tally, "test", "--endpoint", server.url, `lists-${count}.test.ts`],
          cwd: `${benchFolder}endpoint`,
        },
        true,
      );
    const small = await test(sizes.small);
    const large = await test(sizes.large);
    const parts = ["tally.js", "suite-child.js"].map((name) => ({
      name,
      small: small.peakMb.get(name) ?? Number.NaN,
      large: large.peakMb.get(name) ?? Number.NaN,
    }));
    const rate = (sizes.large - sizes.small) / ((large.ms - small.ms) / 1000);
    return [
      {
        title: "1,000,000 records through operation()",
        method: `One test, lists of 4,096 records, HTTP to the Node endpoint. ${Math.round(rate).toLocaleString("en-US")} records/s (from the difference of both runs); ${digits(large.ms / 1000)} s in all. Peak memory (VmHWM), in MB.`,
        columns: ["process", "100,000 records", "1,000,000 records", "ratio"],
        rows: parts.map(({ name, small: a, large: b }) => [name, digits(a), digits(b), digits(b / a)]),
        targets: parts.map(({ name, small: a, large: b }) => ({
          what: `${name}: peak memory at 1,000,000 / at 100,000 records (1 is flat)`,
          measured: b / a,
          target: 1.25,
          bound: "most",
        })),
      },
    ];
  } finally {
    await server.stop();
  }
}
