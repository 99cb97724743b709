/** Why npm gave nothing, from what it wrote: a kind, which decides what to do about it, and npm's own words. */
import type { FetchFault } from "../../kernel/errors/delivery-errors.ts";
import { isTable, parseTable, stringAt } from "../json-table.ts";
import { withoutSecrets } from "../suite-address.ts";

export interface NpmFault {
  readonly fault: FetchFault;
  readonly reason: string;
}

const maxWords = 300;
const kinds: readonly (readonly [RegExp, FetchFault])[] = [
  [/^(?:E401|E403|ENEEDAUTH|EOTP)$/, "access"],
  [/^(?:E404|ETARGET|ENOVERSIONS)$/, "absent"],
  [/^EINTEGRITY$/, "digest"],
  [/^(?:ENOSPC|EDQUOT)$/, "room"],
  [/^(?:EACCES|EPERM|EROFS)$/, "cache"],
  [
    /^(?:E5\d\d|E429|EAI_AGAIN|ENOTFOUND|ENOTCACHED|ECONN\w+|\w*TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|\w*CERT\w*|\w*SIGNED\w*)$/,
    "network",
  ],
];

export function npmFault(stdout: string, stderr: string): NpmFault {
  const stated = parseTable(stdout)?.["error"];
  const lines = stderr.split("\n").flatMap((line) => /^npm (?:error|ERR!) (.*\S)/.exec(line)?.[1] ?? []);
  const code =
    (isTable(stated) ? stringAt(stated, "code") : undefined) ??
    lines.find((line) => line.startsWith("code "))?.slice("code ".length);
  const said =
    (isTable(stated) ? stringAt(stated, "summary") : undefined) ??
    lines.find((line) => !/^(?:code|errno|syscall|path) |^A complete log/.test(line)) ??
    stderr.trim().split("\n").at(-1);
  const fault = kinds.find(([pattern]) => pattern.test(code ?? ""))?.[1] ?? "other";
  return { fault, reason: `npm says${code === undefined ? "" : ` ${code}`}: ${inShort(said ?? "")}` };
}

/** The first lines that make a sentence, without what they end with. */
function inShort(said: string): string {
  const line = withoutSecrets(said).trim().split("\n")[0]?.trim() ?? "";
  if (line === "") return "nothing more";
  return line.length > maxWords ? `${line.slice(0, maxWords).trimEnd()}…` : line.replace(/[.:]+$/, "");
}
