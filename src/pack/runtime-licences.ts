/** Where the sources of what is under the LGPL and GPL are, for every library of the runtime layer. */
import type { RuntimeLayer } from "./runtime-layer.ts";

/** By path below /app. The licence texts themselves stand in the runtime layer, where Debian puts them. */
export function runtimeLicences(runtimes: readonly RuntimeLayer[]): readonly (readonly [string, Uint8Array])[] {
  const lines = runtimes.flatMap(({ packages, platform }) =>
    packages.map(({ name, source, version }) =>
      source === undefined
        ? `${platform}  ${name} ${version}\n    licence  /usr/share/doc/node/LICENSE\n    source   https://nodejs.org/dist/v${version}/node-v${version}.tar.xz`
        : `${platform}  ${name} ${version}\n    licence  /usr/share/doc/${name}/copyright, or that of gcc-12-base\n    source   Debian source package ${source} ${version}: apt-get source ${source}=${version}, https://snapshot.debian.org/package/${source}/`,
    ),
  );
  const text = [
    "What the runtime layer is made of, where the licence of each part is, and where its sources are.",
    "Nothing in it was changed. glibc is under the LGPL 2.1; the libraries of GCC under the GPL 3 with the runtime library exception.",
    "Licences of Tally and what is bundled into it: /app/licenses/tally.",
    "",
    ...lines,
    "",
  ].join("\n");
  return [["licenses/RUNTIME.txt", Buffer.from(text)]];
}
