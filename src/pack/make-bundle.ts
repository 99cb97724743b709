/**
 * A suite as one `.tgz` that `npx` and `node` run without Docker: an npm package that depends on nothing. Comes in: a snapshot.
 * Goes out: its bytes, the same on every machine; the compressor is JavaScript, since zlib differs between processors.
 */
import { gzipSync } from "fflate";
import type { Snapshot } from "../delivery/suite-snapshot.ts";
import { npmVersion, plainName } from "./artefact-name.ts";
import { carriedFiles } from "./contents/carried-files.ts";
import { type TarEntry, writeTar } from "./tar.ts";

export interface BundleOptions {
  /** Seconds since 1970. */
  readonly time: number;
  /** Whether the SDK comes along, for a Python with pytest of whoever runs it. */
  readonly withPython: boolean;
}

export function makeBundle({ files, manifest, suite }: Snapshot, { time, withPython }: BundleOptions): Uint8Array {
  const name = plainName(manifest.name);
  const stated = {
    name,
    version: npmVersion(manifest.version),
    description: `Tests of the model ${suite.contract.model.name}, run against an endpoint by Tally.`,
    bin: { [name]: "tally.mjs", tally: "tally.mjs" },
    engines: { node: ">=24" },
  };
  const contents = new Map<string, Uint8Array>([
    ["package.json", Buffer.from(`${JSON.stringify(stated, null, 1)}\n`)],
    ["README.md", Buffer.from(readme(name, manifest.version, { model: suite.contract.model.name, withPython }))],
    ...carriedFiles(withPython),
    ...[...files].map(([path, content]) => [`suite/${path}`, content] as const),
  ]);
  const entries = [...contents].map(([path, content]): TarEntry => ({
    kind: "file",
    path: `package/${path}`,
    content,
    mode: path === "tally.mjs" ? 0o755 : 0o644,
  }));
  return gzipSync(writeTar(entries, { time }), { level: 9, mtime: 0 });
}

interface ReadmeOptions {
  readonly model: string;
  readonly withPython: boolean;
}

function readme(name: string, version: string, { model, withPython }: ReadmeOptions): string {
  const python = withPython
    ? " Its pytest files run in the python3 that is in PATH, or that TALLY_PYTHON names, with pytest."
    : "";
  return `# ${name} ${version}

Tests of the model ${model}, which run against any endpoint that answers its operations. All that is needed is Node 24 or newer.${python}

    ENDPOINT=http://localhost:8080 node tally.mjs            run them
    ENDPOINT=http://localhost:8080 node tally.mjs -x         up to the first failure
    node tally.mjs list                                      what is in it
    node tally.mjs schema --format openapi                   what the endpoint has to answer
    node tally.mjs --help

The tests are in suite/, as their authors wrote them; suite/suite.json says which they are.
`;
}
