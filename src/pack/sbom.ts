/**
 * The bill of materials of an image or a bundle: CycloneDX 1.6, JSON. The same for the same suite: its serial number comes from the suite's
 * digest, its time is that of everything else.
 */
import { timestampOf } from "./pack-time.ts";
import { readFileSync } from "node:fs";
import { packageRoot, tallyVersion } from "../kernel/own-package.ts";
import { sha256 } from "../delivery/suite-digest.ts";
import type { CarriedPackage } from "../delivery/suite-manifest.ts";
import type { Snapshot } from "../delivery/suite-snapshot.ts";
import { licencesOf } from "./licence-choice.ts";

/** As CycloneDX has it; the order of the keys is part of the digest. */
export interface Component {
  readonly type: "application" | "library" | "platform" | "container";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly object[];
  readonly components?: readonly Component[];
}

/** UTF-8 of the document. `ground` is what an image stands on; a bundle stands on nothing. */
export function makeSbom(
  { manifest }: Pick<Snapshot, "manifest">,
  ground: readonly Component[] | undefined,
  time: number,
): Uint8Array {
  const components: Component[] = [
    {
      type: "application",
      "bom-ref": "tallyml",
      name: "tallyml",
      version: tallyVersion(),
      purl: `pkg:npm/tallyml@${tallyVersion()}`,
      ...licencesOf("Apache-2.0"),
    },
    ...unique([...bundledPackages(), ...(manifest.packages ?? [])].map(bundledComponent)),
    ...unique(ground ?? []),
  ];
  const seed = sha256(Buffer.from(JSON.stringify([manifest.digest, components])));
  const uuid = [8, 12, 16, 20, 32].map((end, i, ends) => seed.slice(ends[i - 1] ?? 0, end));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuid
      .join("-")
      .replace(/^(.{14})./, "$15")
      .replace(/^(.{19})./, "$1a")}`,
    version: 1,
    metadata: {
      timestamp: timestampOf(time),
      tools: { components: [{ type: "application", name: "tallyml", version: tallyVersion() }] },
      component: {
        type: ground === undefined ? "application" : "container",
        "bom-ref": "suite",
        name: manifest.name,
        version: manifest.version,
        hashes: [{ alg: "SHA-256", content: manifest.digest.replace("sha256:", "") }],
      },
    },
    components,
  };
  return Buffer.from(`${JSON.stringify(document, null, 1)}\n`);
}

/** What tools/build.ts found in the one file. */
function bundledPackages(): CarriedPackage[] {
  return JSON.parse(readFileSync(new URL("dist/carried/packages.json", packageRoot()), "utf8"));
}

function bundledComponent({ license, name, version }: CarriedPackage): Component {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { type: "library", "bom-ref": purl, name, version, purl, ...licencesOf(license) };
}

function unique(components: readonly Component[]): Component[] {
  return [...new Map(components.map((one) => [one["bom-ref"], one])).values()];
}
