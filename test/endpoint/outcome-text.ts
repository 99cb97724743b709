/** Asks a faux endpoint and tells what became of it as text, whole, for inline snapshots; ports are taken out. */
import type { CallOutcome } from "../../src/endpoint/endpoint.ts";
import { openEndpoint, type OpenOptions } from "../../src/endpoint/open-endpoint.ts";
import type { Faux } from "../faux/raw-server.ts";

export interface AskOne extends Partial<OpenOptions> {
  readonly records?: readonly string[];
  readonly operation?: string;
  readonly timeoutMs?: number;
  /** Appended to the server's address. */
  readonly path?: string;
}

/** One call, with a short deadline. */
export async function ask(server: Pick<Faux, "url">, options: AskOne = {}): Promise<CallOutcome> {
  const { records = ['{"query":"abc"}'], operation = "process", timeoutMs = 300, path = "" } = options;
  const endpoint = openEndpoint(`${server.url}${path}`, { root: ".", ...options });
  try {
    return await endpoint.call(operation, records, { timeoutMs });
  } finally {
    await endpoint.close();
  }
}

/** The same as text. */
export async function asked(server: Pick<Faux, "url">, options: AskOne = {}): Promise<string> {
  return outcomeText(await ask(server, options));
}

export function outcomeText(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "answered": {
      const notes = outcome.notes.map(({ code, message, count }) => `note[${code}]: ${message} (${count ?? 1})`);
      return withoutPlace(["answered", ...outcome.answers, ...notes].join("\n"));
    }
    case "fault": {
      const flags = [outcome.splitting ? "splitting" : "", outcome.stop ? "stop" : ""].filter((flag) => flag !== "");
      const { code, message, hint, exit } = outcome.fault;
      return withoutPlace(
        `error[${code}]: ${message}\nhint: ${hint}\nexit ${exit}${flags.map((flag) => `, ${flag}`).join("")}`,
      );
    }
    case "too-large":
      return withoutPlace(`too-large: ${outcome.fault.message}`);
    default:
      return outcome.kind;
  }
}

/** Whether the tests run in a container is not what they are about. */
export function withoutPlace(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/unix:\S*?model\.sock/g, "unix:SOCKET")
    .replace(/In a container, .*? host\.docker\.internal\. /, "");
}
