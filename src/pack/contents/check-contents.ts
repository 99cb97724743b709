/** What must not leave with a suite: secrets, and files too large to be one. Says all of them at once. */
import { isOfPackage } from "../../delivery/suite-manifest.ts";
import { tallyError } from "../../kernel/errors.ts";

export interface ContentLimits {
  readonly maxFileBytes: number;
  /** Paths that somebody has looked at: what looks like a secret there is none. */
  readonly allowed: ReadonlySet<string>;
}

/** Throws `pack-secret` or `pack-large`. */
export function checkContents(files: ReadonlyMap<string, Uint8Array>, { allowed, maxFileBytes }: ContentLimits): void {
  const secrets = [...files].flatMap(([path, content]) => {
    // What a registry gives to everybody is no secret any more.
    const isPublished = isOfPackage(path);
    const why = isPublished || allowed.has(path) ? undefined : secretIn(path, content);
    return why === undefined ? [] : [{ path, why }];
  });
  if (secrets.length > 0) throw tallyError("pack-secret", { files: secrets });
  const large = [...files].filter(([, content]) => content.byteLength > maxFileBytes);
  if (large.length === 0) return;
  throw tallyError("pack-large", {
    files: large.map(([path, content]) => ({ path, bytes: content.byteLength })),
    limit: maxFileBytes,
  });
}

const names: readonly (readonly [RegExp, string])[] = [
  [/^\.env(\.(?!example$|sample$|template$).+)?$/, "a file of environment variables"],
  [/^(id_(rsa|dsa|ecdsa|ed25519)|.*\.ppk)$/, "a private key"],
  [/\.(p12|pfx|jks|keystore|kdbx)$/i, "a store of keys"],
  [/^(\.netrc|\.pypirc|\.git-credentials|\.htpasswd|\.pgpass)$/, "a file of passwords"],
  [/^(credentials|service[-_]account.*)\.json$/, "a file of credentials"],
];

/** Forms that nothing but a secret has; ordinary words like "password" are left to people. */
const contents: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an access key of AWS"],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/, "a token of GitHub"],
  [/\bglpat-[\w-]{20,}/, "a token of GitLab"],
  [/\bnpm_[A-Za-z0-9]{36}\b/, "a token of npm"],
  [/\bpypi-AgE[\w-]{50,}/, "a token of PyPI"],
  [/\bxox[abprs]-[\w-]{20,}/, "a token of Slack"],
  [/\bAIza[\w-]{35}\b/, "a key of Google"],
  [/:_authToken=(?!\$\{)\S+/, "a token for a registry"],
];

function secretIn(path: string, content: Uint8Array): string | undefined {
  const name = path.split("/").at(-1) ?? path;
  const named = names.find(([pattern]) => pattern.test(name));
  if (named) return named[1];
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  return contents.find(([pattern]) => pattern.test(text))?.[1];
}
