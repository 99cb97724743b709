/** Whether an endpoint that somebody builds anew is there again. Comes in: its address. Goes out: a promise. */
import { connect } from "node:net";
import { openEndpoint } from "../../endpoint/open-endpoint.ts";
import { waitUntilReady } from "../../endpoint/wait-until-ready.ts";

const probeEveryMs = 500;

export interface Comeback {
  readonly address: string;
  /** It was away when this began. */
  readonly isAway: boolean;
  readonly onAway: () => void;
  readonly signal: AbortSignal;
}

/** Resolves when an endpoint that was away, or that goes away from now on, answers again; also at the signal. */
export async function endpointComesBack({ address, isAway, onAway, signal }: Comeback): Promise<void> {
  let away = isAway;
  while (!signal.aborted) {
    const up = await isUp(address);
    if (up && away) return;
    if (!up && !away) {
      away = true;
      onAway();
    }
    await (up ? untilDropped(address) : sleep(probeEveryMs));
  }
}

/** A server that is started anew is away for an instant only: then it drops its connections, and the next look comes at once. */
async function untilDropped(address: string): Promise<void> {
  const { hostname, port, protocol } = new URL(address);
  if (!/^https?:$/.test(protocol)) return sleep(probeEveryMs);
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: Number(port) || (protocol === "https:" ? 443 : 80) });
  const dropped = new Promise<void>((resolve) => {
    socket.on("error", () => {}).on("close", () => resolve());
    // What a server says unasked does not matter; its end does.
    socket.resume();
  });
  await Promise.race([dropped, sleep(probeEveryMs)]);
  socket.destroy();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function isUp(address: string): Promise<boolean> {
  const endpoint = openEndpoint(address, { root: process.cwd(), concurrency: 1 });
  try {
    await waitUntilReady(endpoint, { waitMs: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await endpoint.close();
  }
}
