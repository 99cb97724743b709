/** Where the sources of what is under the LGPL and GPL are, for every library of the runtime layer. */
import type { RuntimeLayer, RuntimePackage } from "./runtime-layer.ts";

/** By path below /app. The licence texts themselves stand in the runtime layer, where Debian puts them. */
export function runtimeLicences(runtimes: readonly RuntimeLayer[]): readonly (readonly [string, Uint8Array])[] {
  const lines = runtimes.flatMap(({ packages, platform }) =>
    packages.map((one) => `${platform}  ${one.name} ${one.version}\n${whereOf(one)}`),
  );
  const text = [
    "What the runtime layer is made of, where the licence of each part is, and where its sources are.",
    "Nothing in it was changed; of Python some modules are left out. glibc is under the LGPL 2.1; the libraries of GCC under the GPL 3 with the runtime library exception.",
    "Licences of Tally and what is bundled into it: /app/licenses/tally.",
    "",
    ...lines,
    "",
  ].join("\n");
  return [["licenses/RUNTIME.txt", Buffer.from(text)]];
}

function whereOf({ license, name, source, version }: RuntimePackage): string {
  const [licence, sources] =
    license !== undefined
      ? [
          `${license}, /usr/lib/python3/dist-packages/${name}-${version}.dist-info`,
          `https://pypi.org/project/${name}/${version}/`,
        ]
      : source === undefined
        ? ["/usr/share/doc/node/LICENSE", `https://nodejs.org/dist/v${version}/node-v${version}.tar.xz`]
        : [
            `/usr/share/doc/${name}/copyright, or that of gcc-12-base or libpython3.11-minimal`,
            `Debian source package ${source} ${version}: apt-get source ${source}=${version}, https://snapshot.debian.org/package/${source}/`,
          ];
  return `    licence  ${licence}\n    source   ${sources}`;
}
