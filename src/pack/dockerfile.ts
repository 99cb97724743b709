/** The Dockerfile of a build context: what our own images say of themselves, in the words of `docker build`. */

export interface DockerfileFacts {
  /** What stands behind FROM. */
  readonly base: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly withPython: boolean;
}

/** The first line of every one that was written here. */
export const dockerfileMark = "# Written by tally pack: pack again rather than change it.";

/**
 * Node 26, on which suites cannot reach the network. A digest that nobody looks after would be a base that nobody patches: docs/decisions/a-dockerfile-of-a-suite.md.
 */
export const usualBase = "docker.io/library/node:26-slim";

export function dockerfile({ base, labels, withPython }: DockerfileFacts): string {
  const folders = ["licenses", "suite", ...(withPython ? ["python"] : [])];
  return [
    dockerfileMark,
    ...(base.includes("@sha256:") ? [] : pinning(base)),
    `FROM ${base}`,
    "",
    "# Modes are given, whatever a checkout or an umask made of them. In folders they are those of folders, for files and folders alike.",
    "COPY --chmod=0755 tally.mjs /app/tally.mjs",
    "COPY --chmod=0644 sbom.cdx.json /app/sbom.cdx.json",
    ...folders.map((folder) => `COPY --chmod=0755 ${folder} /app/${folder}`),
    "",
    ...Object.entries(labels).map(([key, value]) => `LABEL ${key}=${quoted(value)}`),
    "",
    "# What a base says of these would put another suite in the place of this one.",
    'ENV container=oci TALLY_CONFIG="" TALLY_SUITE=""',
    "WORKDIR /out",
    "USER 65532:65532",
    `ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/app/tally.mjs"]`,
    "CMD []",
    "",
  ].join("\n");
}

function pinning(base: string): string[] {
  return [
    "# A tag is whatever it means on the day of the build. To pin it, see its digest (docker buildx imagetools inspect,",
    `# or skopeo inspect docker://${base}), and pack again with --base NAME@sha256:…`,
  ];
}

/** Docker puts variables in for $, and ends a text at its quote. */
function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"$]/g, String.raw`\$&`).replaceAll(/\s+/g, " ")}"`;
}
