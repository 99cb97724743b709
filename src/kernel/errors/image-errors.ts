import { defineErrors } from "./define.ts";

/** What can be wrong with an image, and with the registry that has it. */
export const imageErrors = defineErrors({
  "image-reference": {
    exit: 2,
    say: (a: { reference: string; reason: string }) => `"${a.reference}" names no image: ${a.reason}.`,
    hint: () =>
      "Write it as REGISTRY/NAME:TAG, for example localhost:5000/sqli-ml-test:1.4.0 or docker.io/library/node:24-slim",
  },
  "image-absent": {
    exit: 2,
    say: (a: { reference: string; what: string }) => `The registry does not have ${a.reference} (${a.what}).`,
    hint: () => "Check name and tag; a registry that hides what is private says the same to whoever is not logged in.",
  },
  "registry-unreachable": {
    exit: 2,
    say: (a: { at: string; reason: string }) => `No answer from the registry at ${a.at} (${a.reason}).`,
    hint: (a) =>
      a.reason === "it does not speak TLS"
        ? "For a registry without TLS: --plain-http"
        : `Check the address; for a registry without TLS: --plain-http; for one with an authority of your own: --ca FILE`,
  },
  "registry-incomplete": {
    exit: 2,
    say: (a: { at: string; reason: string }) => `The registry at ${a.at} stopped in the middle: ${a.reason}.`,
    hint: () => "Nothing half-read was used and nothing half-written has a tag: run the same command again.",
  },
  "registry-refused": {
    exit: 2,
    say: (a: { reference: string; registry: string; reason: string; known: boolean }) =>
      `The registry refuses ${a.reference} (${a.reason})${a.known ? " to the user that Docker's configuration names" : ""}.`,
    hint: (a) => `Log in with a user who may: docker login ${a.registry}   (or podman login, skopeo login)`,
  },
  "registry-credentials": {
    exit: 2,
    say: (a: { file: string; reason: string }) => `The credentials in ${a.file} cannot be read: ${a.reason}.`,
    hint: () => "Mend the file or log in anew; DOCKER_CONFIG names another folder.",
  },
  "registry-answer": {
    exit: 2,
    say: (a: { reference: string; reason: string }) =>
      `The registry's answer about ${a.reference} is not one that Tally understands: ${a.reason}.`,
    hint: () => "See what a second tool says: skopeo inspect docker://REGISTRY/NAME:TAG",
  },
  "image-malformed": {
    exit: 7,
    say: (a: { what: string; reason: string }) => `${a.what} is no image that can be read: ${a.reason}.`,
    hint: () =>
      "Fetch it anew; an image that tally pack made has a manifest or an index of manifests, and layers in tar.",
  },
  "image-digest": {
    exit: 7,
    say: (a: { digest: string; from: string; found: string }) =>
      `What ${a.from} gives for ${a.digest} is something else: ${a.found}.`,
    hint: () => "Do not run it. Fetch the image anew; if it stays so, tell whoever keeps the registry.",
  },
});
