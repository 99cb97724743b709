/** The words behind `--suite` → where the suite is. What git or a shell could take for something else is refused here. */
import { tallyError } from "../kernel/errors.ts";

export type SuiteAddress =
  | { readonly kind: "path"; readonly path: string }
  | GitAddress
  | { readonly kind: "oci"; readonly reference: string };

export interface GitAddress {
  readonly kind: "git";
  /** For git: `https://…`, `ssh://…`; of a local repository its folder. */
  readonly url: string;
  readonly isLocal: boolean;
  /** HEAD unless said. */
  readonly ref: string;
  /** The contract's folder in the repository; "" is the top. */
  readonly folder: string;
}

const forms = "a folder, a .tgz or .tar, oci://, git+https://, git+ssh:// or git+file://";

/** Takes an address apart. Throws `suite-address`. */
export function readSuiteAddress(text: string): SuiteAddress {
  const refuse = (reason: string): never => {
    throw tallyError("suite-address", { address: withoutSecrets(text), reason });
  };
  if (text.startsWith("oci://")) return { kind: "oci", reference: text.slice("oci://".length) };
  if (text.startsWith("git+")) return readGit(text, refuse);
  // `ext::sh -c …`, `file://…`, `http://…`: none of them is a path that somebody meant.
  const scheme = /^([a-z][a-z0-9+.-]*):(\/\/|:)/i.exec(text)?.[1];
  if (scheme !== undefined) refuse(`${scheme} is not one of ${forms}`);
  if (text.startsWith("-")) refuse("it begins with a hyphen; write ./ before it");
  return { kind: "path", path: text };
}

function readGit(text: string, refuse: (reason: string) => never): GitAddress {
  const hash = text.indexOf("#");
  const address = text.slice("git+".length, hash === -1 ? undefined : hash);
  const fragment = hash === -1 ? "" : decoded(text.slice(hash + 1), refuse);
  // A ref has no colon: what stands behind the first one is a folder.
  const colon = fragment.indexOf(":");
  const ref = (colon === -1 ? fragment : fragment.slice(0, colon)) || "HEAD";
  const folder = colon === -1 ? "" : fragment.slice(colon + 1).replaceAll(/^\/+|\/+$/g, "");
  if (folder.split("/").includes("..")) refuse("the folder leads out of the repository");
  const url = URL.canParse(address) ? new URL(address) : refuse("it is no URL");
  const isLocal = url.protocol === "file:";
  if (!isLocal && url.protocol !== "https:" && url.protocol !== "ssh:")
    refuse(`${url.protocol.slice(0, -1)} is not one of git+https, git+ssh and git+file`);
  if (isLocal && url.hostname !== "") refuse("a local repository has three slashes: git+file:///PATH");
  if (!isLocal && (url.hostname === "" || url.hostname.startsWith("-"))) refuse("it names no host");
  if (url.username.startsWith("-")) refuse("the user begins with a hyphen");
  return { kind: "git", url: isLocal ? decoded(url.pathname, refuse) : address, isLocal, ref, folder };
}

function decoded(text: string, refuse: (reason: string) => never): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("an escape with % in it is not one");
  }
}

/** For messages: a password in a URL is nobody's business, and over HTTPS a user is often a token. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/(https:\/\/)[^/@\s]+@/g, "$1…@").replaceAll(/(ssh:\/\/[^/@:\s]*):[^/@\s]*@/g, "$1:…@");
}
