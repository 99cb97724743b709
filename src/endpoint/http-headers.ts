/** The headers of every request: what the wire asks for, the user's own, and the credentials. */
import { tallyError } from "../kernel/errors.ts";
import { excerpt } from "./excerpt.ts";

export interface Credentials {
  /** `--header` and `[endpoint] headers`. */
  readonly headers: Readonly<Record<string, string>>;
  /** TALLY_TOKEN. */
  readonly token?: string | undefined;
  /** From user and password in the address. */
  readonly authorization?: string | undefined;
}

export interface SentHeaders {
  /** Names and values in turn, without those of a body. */
  readonly pairs: readonly string[];
  /** Whether an Authorization header goes along. */
  readonly hasCredentials: boolean;
  /** What must never be shown: values of headers that are secrets. */
  readonly secrets: readonly string[];
}

/** These are the client's to set. */
const ownHeaders = new Set(["content-length", "transfer-encoding", "connection", "upgrade", "expect", "keep-alive"]);

const secretName = /authorization|cookie|token|secret|password|key/i;

/** The user's headers win over ours; a header that cannot be sent is `endpoint-header`. */
export function sentHeaders(credentials: Credentials): SentHeaders {
  const byName = new Map<string, string>([
    ["accept", "application/json"],
    ["accept-encoding", "identity"],
    ["user-agent", "tally"],
  ]);
  const authorization =
    credentials.authorization ?? (credentials.token === undefined ? undefined : `Bearer ${credentials.token}`);
  if (authorization !== undefined) byName.set("authorization", authorization);
  for (const [name, value] of Object.entries(credentials.headers)) byName.set(name.toLowerCase(), value);
  const secrets = new Set<string>();
  for (const [name, value] of byName) {
    refuseUnsendable(name, value);
    if (!secretName.test(name)) continue;
    secrets.add(value).add(value.replace(/^(Bearer|Basic) /i, ""));
  }
  return {
    pairs: [...byName].flat(),
    hasCredentials: byName.has("authorization"),
    // Short ones would redact ordinary words.
    secrets: [...secrets].filter((secret) => secret.length >= 4),
  };
}

function refuseUnsendable(name: string, value: string): void {
  const shown = excerpt(name, 60);
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
    throw tallyError("endpoint-header", { name: shown, reason: "this is not a header's name" });
  }
  if (ownHeaders.has(name)) throw tallyError("endpoint-header", { name: shown, reason: "Tally sets it itself" });
  // eslint-disable-next-line no-control-regex
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw tallyError("endpoint-header", { name: shown, reason: "its value has a character that no header may have" });
  }
}
