/** Where the licence and the sources of everything in the runtime layers are: those under the LGPL and GPL oblige us to say so. */
import type { RuntimeLayer } from "./runtime-layer.ts";

/** By path below /app. The licence texts themselves stand in the runtime layers, where Debian puts them. */
export function runtimeLicences(runtimes: readonly RuntimeLayer[]): readonly (readonly [string, Uint8Array])[] {
  const lines = runtimes.flatMap(({ packages, platform }) =>
    packages.map(
      ({ license, licencePlace, name, sourcePlace, version }) =>
        `${platform}  ${name} ${version}\n    licence  ${license}: ${licencePlace}\n    source   ${sourcePlace}`,
    ),
  );
  const text = [
    "What the runtime layers are made of, where the licence of each part is, and where its sources are.",
    "Licences are named in the words of SPDX; what holds is what the file says. Where it names a licence that many have, as",
    "/usr/share/common-licenses/GPL-3, that is in the image too.",
    "Of each package the image has what a suite needs: Node, libraries, a Python without some modules. Nothing was changed.",
    "Licences of Tally and what is bundled into it: /app/licenses/tally.",
    "",
    ...lines,
    "",
  ].join("\n");
  return [["licenses/RUNTIME.txt", Buffer.from(text)]];
}
