import type { baseErrors } from "../base-errors.ts";
import type { Explanations } from "./explanation.ts";

const base = "registry.example.org/base/node:24";

export const baseExplanations: Explanations<keyof typeof baseErrors> = {
  "base-platform": {
    example: { base, wanted: "linux/arm64", found: ["linux/amd64", "linux/s390x"] },
    when: "`--base` names an image that is not there for every platform that is packed for: linux/amd64 and linux/arm64 unless `--platform` says others. Nothing large was fetched.",
  },
  "base-without-node": {
    example: { base, platform: "linux/amd64", looked: ["/usr/local/bin/node", "/usr/bin/node"] },
    when: "The layers of the base have no executable file `node` where its PATH leads, where it starts itself, or where Node's own images have it.",
  },
  "base-node-old": {
    example: { base: "registry.example.org/base/node:20", found: "20.19.5" },
    when: "The base says in NODE_VERSION, as Node's own images do, that it has a Node before 24. A base that does not say it is packed, and an old Node is told by the image when it starts (`node-too-old`).",
  },
  "base-large": {
    example: { base, what: "a layer", bytes: 700 * 1024 ** 2, limit: 512 * 1024 ** 2 },
    when: "A layer of the base has more than 512 MB as it is packed, or all layers for a platform have more than 2 GB. Nothing of them was fetched.",
  },
  "base-occupied": {
    example: { base, path: "/app/server.js" },
    when: "The base has files in /app, where an image of a suite has Tally and the suite. They would be among what is delivered.",
  },
};
