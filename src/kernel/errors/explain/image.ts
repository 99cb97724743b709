import type { imageErrors } from "../image-errors.ts";
import type { Explanations } from "./explanation.ts";

const registry = "registry.example.org";
const reference = `${registry}/sqli-ml-test:1.4.0`;
const digest = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

export const imageExplanations: Explanations<keyof typeof imageErrors> = {
  "image-reference": {
    example: { reference: "sqli-ml-test", reason: "a registry is needed before the name" },
    when: "An image in a registry is named by the registry's host, a name, and a tag or a digest. No registry is the default one.",
  },
  "image-absent": {
    example: { reference, what: "its manifest" },
    when: "The registry answered that it does not have the image, or a part of it.",
  },
  "registry-unreachable": {
    example: { at: `https://${registry}`, reason: "ECONNREFUSED" },
    when: "No connection: nobody listens, no such host, a certificate that is not trusted, or a registry without TLS that was asked with it.",
  },
  "registry-incomplete": {
    example: { at: `https://${registry}`, reason: "the connection ended after 1024 of 48211 bytes" },
    when: "The registry began to answer and did not come to an end. What has come is thrown away.",
  },
  "registry-refused": {
    example: { reference, registry, reason: "401: UNAUTHORIZED authentication required", known: false },
    when: "The registry wants to know who asks, or says no to who asks. Credentials are those of `docker login`, `podman login` and of credential helpers; none are asked for.",
  },
  "registry-credentials": {
    example: { file: "/home/me/.docker/config.json", reason: "there is no docker-credential-pass in PATH" },
    when: "The file that Docker or Podman keeps credentials in is no JSON, or names a helper that is not there.",
  },
  "registry-answer": {
    example: { reference, reason: "its manifest was answered with 500" },
    when: "The registry answers, but not as the OCI distribution specification says.",
  },
  "image-malformed": {
    example: { what: reference, reason: "its media type is text/html" },
    when: "The image has parts of a kind that Tally does not read, lists itself, or is no JSON where it should be. Layers that are somewhere else (foreign ones) are not fetched.",
  },
  "image-digest": {
    example: {
      digest,
      from: registry,
      found: "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
    },
    when: "Every part of an image is named by its SHA-256 and its size. A part that is something else is used for nothing.",
  },
};
