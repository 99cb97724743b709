/** Names that file systems, npm and registries all take, made of the suite's own. */

/** `sqli-ml-test`: lower case, no more than letters, digits, dots, hyphens and underscores. */
export function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/([._-])[._-]+/g, "$1")
    .replaceAll(/^[._-]+|[._-]+$/g, "");
  return plain === "" ? "suite" : plain.slice(0, 100);
}

/** A tag of an image: what a registry does not take becomes a hyphen. */
export function plainVersion(version: string): string {
  const plain = version.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[.-]+/g, "");
  return plain === "" ? "0.0.0" : plain.slice(0, 100);
}

/** npm wants a semantic version; of another one it is a pre-release of nothing. */
export function npmVersion(version: string): string {
  const bare = version.replace(/^v(?=\d)/, "");
  if (/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(bare)) return bare;
  return `0.0.0-${bare.replaceAll(/[^0-9A-Za-z-]+/g, "-").replaceAll(/^-+|-+$/g, "") || "0"}`;
}
