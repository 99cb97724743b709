/** Our own runtime layers as what an image stands on. */
import { timestampOf } from "../pack-time.ts";
import type { Foundation, Ground } from "../image/ground.ts";
import { type Layer, mediaTypes } from "../image/image-blob.ts";
import type { LockedBlob, RuntimeLayer, RuntimePackage } from "./runtime-layer.ts";
import { runtimeLicences } from "./runtime-licences.ts";
import { licencesOf } from "../licence-choice.ts";
import type { Component } from "../sbom.ts";

/** The root is read-only: nothing is compiled into it. */
const pythonEnvironment = ["TALLY_PYTHON=/usr/bin/python3", "PYTHONDONTWRITEBYTECODE=1"];

/** `time` in seconds since 1970. */
export function runtimeGround(runtimes: readonly RuntimeLayer[], time: number): Ground {
  return {
    foundations: runtimes.map((runtime) => foundationOf(runtime, time)),
    components: runtimes.flatMap(({ packages }) => packages.map(componentOf)),
    licences: runtimeLicences(runtimes),
    annotations: {},
    withPython: runtimes.some(({ python }) => python !== undefined),
  };
}

function foundationOf(runtime: RuntimeLayer, time: number): Foundation {
  const { architecture, nodeVersion, platform, python } = runtime;
  const layers = [
    { said: `Node ${nodeVersion} and its libraries`, layer: layerOf(runtime) },
    ...(python === undefined ? [] : [{ said: "Python and pytest", layer: layerOf(python) }]),
  ];
  const created = timestampOf(time);
  return {
    platform,
    architecture,
    layers: layers.map(({ layer }) => layer),
    history: layers.map(({ said }) => ({ created, created_by: `tally pack: ${said}` })),
    env: ["PATH=/usr/bin", ...(python === undefined ? [] : pythonEnvironment)],
    labels: {},
    node: "/usr/bin/node",
  };
}

function layerOf({ compression, diffId, digest, read, size }: LockedBlob): Layer {
  return { blob: { mediaType: mediaTypes[compression], digest, size, read }, diffId };
}

function componentOf({ license, name, purl, sha256, version }: RuntimePackage): Component {
  const type = name === "node" ? "platform" : "library";
  return {
    type,
    "bom-ref": purl,
    name,
    version,
    purl,
    ...licencesOf(license),
    hashes: [{ alg: "SHA-256", content: sha256 }],
  };
}
