/** A snapshot → the folder that `docker build` takes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../delivery/suite-digest.ts";
import type { Snapshot } from "../../delivery/suite-snapshot.ts";
import { tallyError } from "../../kernel/errors.ts";
import { imageName } from "../../pack/artefact-name.ts";
import { dockerfileMark, usualBase } from "../../pack/dockerfile.ts";
import { makeContext } from "../../pack/make-context.ts";
import { writeFolder } from "../../pack/write-folder.ts";
import type { Arguments } from "../arguments.ts";
import { besideSbom } from "./beside-sbom.ts";
import type { Packed } from "./show-packed.ts";

/** `time` in seconds since 1970. */
export async function packContext(args: Arguments, snapshot: Snapshot, time: number): Promise<Packed> {
  const { manifest } = snapshot;
  const name = imageName(manifest);
  const base = readBase(args.text("base") ?? usualBase);
  const { files, sbom } = makeContext(snapshot, { base, time, withPython: args.isTyped("python") });
  const path = args.text("out") ?? name.replace(":", "-");
  const lines = [...files].map(([file, content]) => `${sha256(content)}  ${file}\n`);
  const write = (): Packed => {
    writeFolder(path.replace(/(?<=.)\/+$/, ""), files, { time, force: args.flag("force"), isOwn });
    const bytes = [...files.values()].reduce((sum, content) => sum + content.byteLength, 0);
    return { format: "dockerfile", manifest, path, bytes, name, base, sha256: sha256(Buffer.from(lines.join(""))) };
  };
  return besideSbom(args, { sbom, path, snapshot, write });
}

/** A folder of ours has a Dockerfile that says so. */
function isOwn(folder: string): boolean {
  const file = join(folder, "Dockerfile");
  return existsSync(file) && readFileSync(file, "utf8").startsWith(dockerfileMark);
}

/** Nothing is asked of a registry: a name that only the builder's own Docker knows will do, and nothing that is no name. */
function readBase(text: string): string {
  if (/^[a-z0-9][\w.:/-]*(?:@sha256:[0-9a-f]{64})?$/i.test(text)) return text;
  throw tallyError("image-reference", {
    reference: text,
    reason: "FROM in a Dockerfile takes NAME:TAG or NAME@sha256:…",
  });
}
