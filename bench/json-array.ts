/** The JSON reader beside JSON.parse: what json-reader.ts prints, as a table. */
import { benchFolder, runProgram } from "./kit/processes.ts";
import type { Options, Section } from "./kit/report.ts";

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const megabytes = quick ? 10 : 50;
  const { stdout } = await runProgram({
    command: process.execPath,
    args: [`${benchFolder}json-reader.ts`, String(megabytes)],
  });
  const rows = [...stdout.matchAll(/^(\S.*?) {2,}(\d+) +(\d+) +([\d.]+) +(-?\d+)$/gm)].map(([, ...cells]) => cells);
  const reader = rows.find(([name]) => name === "readJson");
  return [
    {
      title: `JSON reader, an array of ${megabytes} MB`,
      method: `${stdout.split("\n")[0] ?? ""}; every number's text is kept where a double cannot hold it, duplicate keys and depth are checked. Heap is what stays alive.`,
      columns: ["reader", "MB/s, best", "MB/s, median", "× JSON.parse", "heap MB"],
      rows: rows.map((cells) => cells.map((cell) => cell ?? "")),
      targets: [
        { what: "readJson / JSON.parse", measured: Number(reader?.[3] ?? Number.NaN), target: 0.5, bound: "least" },
      ],
      notes:
        [...stdout.matchAll(/^1 record .*$/gm)].length === 0
          ? []
          : [[...stdout.matchAll(/^1 record .*$/gm)].map(([line]) => line).join(" · ")],
    },
  ];
}
