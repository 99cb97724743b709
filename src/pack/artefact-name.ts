/** Names that file systems, npm and registries all take, made of the suite's own. */

/** `sqli-ml-test`: lower case, no more than letters, digits, dots, hyphens and underscores. */
export function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/([._-])[._-]+/g, "$1")
    .replace(/^[._-]/, "")
    .slice(0, 100)
    .replace(/[._-]$/, "");
  return plain === "" ? "suite" : plain;
}

/** A tag of an image: what a registry does not take becomes a hyphen. */
export function plainVersion(version: string): string {
  const plain = version.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[.-]+/g, "");
  return plain === "" ? "0.0.0" : plain.slice(0, 100);
}

/** `suite:version`, as an image is called. */
export function imageName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${plainName(name)}:${plainVersion(version)}`;
}

/** What npm takes: no number with a zero before it, none that JavaScript does not hold, 256 characters in all. */
const number = String.raw`(?:0|[1-9]\d{0,14})`;
const identifier = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)`;
const build = String.raw`[\dA-Za-z-]+`;
const semantic = new RegExp(
  String.raw`^${number}(?:\.${number}){2}(?:-${identifier}(?:\.${identifier})*)?(?:\+${build}(?:\.${build})*)?$`,
);

/** npm wants a semantic version; of another one it is a pre-release of nothing. */
export function npmVersion(version: string): string {
  const bare = version.replace(/^v(?=\d)/, "");
  if (bare.length <= 256 && semantic.test(bare)) return bare;
  const word = bare
    .replaceAll(/[^0-9A-Za-z-]+/g, "-")
    .slice(0, 100)
    .replaceAll(/^-+|-+$/g, "");
  // A number with a zero before it is none to npm, and is one word with a letter.
  return `0.0.0-${/^0\d+$/.test(word) ? `v${word}` : word || "0"}`;
}
