/** `tally serve` of a pandas connector beside Flask's development server and FastAPI on uvicorn. */
import { sendLoad } from "./kit/load.ts";
import { benchFolder, type Server, startServer, tally } from "./kit/processes.ts";
import { benchPython } from "./kit/python.ts";
import type { Options, Section, Target } from "./kit/report.ts";
import { digits, interleaved, shown, type Spread } from "./kit/statistics.ts";
import { queryOf } from "./models/queries.ts";
import { flask } from "./thousand-tests.ts";

const clients = 16;
const sizes = [1, 16, 256] as const;
const wanted = {
  1: { flask: 10, uvicorn: 7, uvloop: 7 },
  16: { flask: 5, uvicorn: 4, uvloop: 4 },
};

type Servers = Readonly<Record<"flask" | "uvicorn" | "uvloop" | "one" | "two", Server>>;
const peers = ["flask", "uvicorn", "uvloop"] as const;

export async function run({ quick }: Options): Promise<readonly Section[]> {
  const servers = await start(benchPython());
  try {
    const sections: Section[] = [];
    for (const records of sizes) sections.push(await throughput(servers, records, quick));
    sections.push(await latency(servers, quick));
    return sections;
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

async function start(python: string): Promise<Servers> {
  const env = { MODEL: "pandas_model", PYTHONPATH: `${benchFolder}models` };
  const serve = (workers: number) => (port: number) => ({
    command: process.execPath,
    args: [tally, "serve", "--quiet", "--config", "pandas.toml", "--port", String(port), "--workers", String(workers)],
    cwd: `${benchFolder}thousand`,
  });
  const uvicorn = (how: readonly string[]) => (port: number) => ({
    command: python,
    args: ["-m", "uvicorn", "fastapi_app:app", "--port", String(port), "--log-level", "warning", ...how],
    cwd: `${benchFolder}models`,
    env,
  });
  return {
    flask: await startServer((port) => flask(python, port, env)),
    uvicorn: await startServer(uvicorn(["--loop", "asyncio", "--http", "h11"])),
    uvloop: await startServer(uvicorn(["--loop", "uvloop", "--http", "httptools"])),
    one: await startServer(serve(1)),
    two: await startServer(serve(2)),
  };
}

const names = {
  flask: "Flask, development server",
  uvicorn: "FastAPI on uvicorn",
  uvloop: "FastAPI on uvicorn with uvloop and httptools",
  one: "tally serve, 1 worker",
  two: "tally serve, 2 workers",
};

function bodyOf(records: number): string {
  return JSON.stringify(Array.from({ length: records }, (_, i) => ({ query: queryOf(i) })));
}

async function throughput(servers: Servers, records: (typeof sizes)[number], quick: boolean): Promise<Section> {
  const body = bodyOf(records);
  const load = (server: Server) => async (): Promise<number> =>
    (await sendLoad({ url: server.url, operation: "process", body, clients, ms: quick ? 1_000 : 2_500 })).perSecond;
  const measured = await interleaved(quick ? 1 : 4, {
    flask: load(servers.flask),
    uvicorn: load(servers.uvicorn),
    uvloop: load(servers.uvloop),
    one: load(servers.one),
    two: load(servers.two),
  });
  const of = (name: keyof Servers): Spread =>
    measured[name] ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  const ratio = (ours: keyof Servers, theirs: keyof Servers): number => of(ours).median / of(theirs).median;
  const unit = records === 1 ? "1 record" : `${records} records`;
  const targets: Target[] =
    records === 256
      ? peers.flatMap((peer): Target[] => [
          {
            what: `${unit}: tally serve, 1 worker / ${names[peer]}`,
            measured: ratio("one", peer),
            target: 1.5,
            bound: "least",
          },
          {
            what: `${unit}: tally serve, 2 workers / ${names[peer]}`,
            measured: ratio("two", peer),
            target: 2.5,
            bound: "least",
          },
        ])
      : peers.map((peer) => ({
          what: `${unit}: tally serve, 1 worker / ${names[peer]}`,
          measured: ratio("one", peer),
          target: wanted[records][peer],
          bound: "least",
        }));
  return {
    title: `Local endpoint, pandas connector, ${unit} a request`,
    method: `Requests per second with ${clients} clients, median (min–max), interleaved; the same model and the same client for all.`,
    columns: ["server", "requests/s", "× Flask", "× uvicorn", "× uvicorn, uvloop"],
    rows: ([...peers, "one", "two"] as const).map((name) => [
      names[name],
      shown(of(name)),
      digits(ratio(name, "flask")),
      digits(ratio(name, "uvicorn")),
      digits(ratio(name, "uvloop")),
    ]),
    targets,
  };
}

async function latency(servers: Servers, quick: boolean): Promise<Section> {
  const body = bodyOf(1);
  const load = (server: Server) => async (): Promise<number> =>
    (await sendLoad({ url: server.url, operation: "process", body, clients: 1, ms: quick ? 1_000 : 2_000 })).latencyMs;
  const measured = await interleaved(quick ? 2 : 5, {
    flask: load(servers.flask),
    uvicorn: load(servers.uvicorn),
    uvloop: load(servers.uvloop),
    one: load(servers.one),
  });
  const flaskMs = measured["flask"]?.median ?? Number.NaN;
  return {
    title: "Local endpoint, pandas connector, one client",
    method: "Median time of a request of one record, in ms, one client; median (min–max) of the runs.",
    columns: ["server", "ms"],
    rows: ([...peers, "one"] as const).map((name) => [
      names[name],
      shown(measured[name] ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN }),
    ]),
    targets: [
      {
        what: "latency: tally serve / Flask",
        measured: (measured["one"]?.median ?? Number.NaN) / flaskMs,
        target: 1,
        bound: "most",
      },
    ],
  };
}
