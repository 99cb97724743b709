import { isIP } from "node:net";

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

/**
 * Whether a request may name this host. A server on the loopback interface answers to no foreign name: a page in a
 * browser whose name was made to point at 127.0.0.1 (DNS rebinding) is refused. Bound to another address on purpose,
 * it is public and any name will do.
 */
export function hostCheck(boundTo: string): (header: string | undefined) => boolean {
  if (!loopback.test(boundTo)) return () => true;
  const seen = new Set<string>();
  return (header) => {
    // HTTP/1.0 has no Host; no browser speaks it.
    if (header === undefined || seen.has(header)) return true;
    const name = header.replace(/:\d*$/, "");
    const isAllowed = loopback.test(name) || name.endsWith(".localhost") || isIP(name) !== 0;
    if (isAllowed && seen.size < 100) seen.add(header);
    return isAllowed;
  };
}
