/** The client of all HTTP benchmarks: so many at once, each sends its next request when it has its answer. */
import { Pool } from "undici";
import { spread } from "./statistics.ts";

export interface Load {
  readonly url: string;
  readonly operation: string;
  /** The body of every request. */
  readonly body: string;
  readonly clients: number;
  readonly ms: number;
}

export interface Rates {
  readonly perSecond: number;
  /** Median of one request, in ms. */
  readonly latencyMs: number;
}

/** Sends requests for a while, after a tenth as long to warm up. Throws at any answer that is not 200. */
export async function sendLoad({ url, operation, body, clients, ms }: Load): Promise<Rates> {
  const pool = new Pool(url, { connections: clients, pipelining: 1 });
  const headers = { "content-type": "application/json" };
  const path = `/${operation}`;
  const ask = async (): Promise<void> => {
    const answer = await pool.request({ method: "POST", path, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200)
      throw new Error(`${url}/${operation} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
  };
  const during = async (time: number): Promise<number[]> => {
    const ends = performance.now() + time;
    const took: number[] = [];
    const client = async (): Promise<void> => {
      for (let at = performance.now(); at < ends;) {
        await ask();
        const now = performance.now();
        took.push(now - at);
        at = now;
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return took;
  };
  try {
    await during(Math.max(300, ms / 5));
    const began = performance.now();
    const took = await during(ms);
    return { perSecond: (took.length * 1000) / (performance.now() - began), latencyMs: spread(took).median };
  } finally {
    await pool.destroy();
  }
}
