/** A million records through `operation()`: how fast, and whether memory grows with their number. */
import { benchFolder, runProgram, startServer, tally } from "./kit/processes.ts";
import type { Options, Section } from "./kit/report.ts";
import { digits } from "./kit/statistics.ts";

export async function run({ quick }: Options): Promise<readonly Section[]> {
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
    const sizes = quick ? [100_000, 500_000, 1_000_000] : [100_000, 1_000_000, 2_000_000];
    const runs: Awaited<ReturnType<typeof test>>[] = [];
    for (const size of sizes) runs.push(await test(size));
    const [first, , last] = runs;
    const rate = ((sizes[2] ?? 0) - (sizes[0] ?? 0)) / (((last?.ms ?? 0) - (first?.ms ?? 0)) / 1000);
    const parts = ["tally.js", "suite-child.js"].map((name) => ({
      name,
      peaks: runs.map((one) => one.peakMb.get(name) ?? Number.NaN),
    }));
    const count = (size: number | undefined): string => `${(size ?? 0).toLocaleString("en-US")} records`;
    return [
      {
        title: "1,000,000 records through operation()",
        method: `One test, lists of 4,096 records, HTTP to the Node endpoint. **${Math.round(rate).toLocaleString("en-US")} records/s** (from the difference of the first run and the last). Peak resident memory (VmHWM), in MB: the heap grows to what one round and its garbage need, then no more.`,
        columns: ["process", ...sizes.map(count)],
        rows: [
          ...parts.map(({ name, peaks }) => [name, ...peaks.map(digits)]),
          ["whole run, s", ...runs.map((one) => digits(one.ms / 1000))],
        ],
        targets: parts.map(({ name, peaks }) => ({
          what: `${name}: peak memory at ${count(sizes[2])} / at ${count(sizes[1])}`,
          measured: (peaks[2] ?? Number.NaN) / (peaks[1] ?? Number.NaN),
          target: 1.2,
          bound: "most",
        })),
      },
    ];
  } finally {
    await server.stop();
  }
}
