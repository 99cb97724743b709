/**
 * A suite from wherever it is → a folder like any project, which the one engine runs. Comes in: an address. Goes out: the
 * folder, private and named by what is in it, so that the same suite is taken apart once. Runs nothing of the suite.
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { tallyError } from "../kernel/errors.ts";
import { shownPath } from "../kernel/shown-path.ts";
import type { OpenOptions } from "./open-options.ts";
import { hasManifest } from "./has-manifest.ts";
import { placeSuite } from "./place-suite.ts";
import { readSuiteAddress } from "./suite-address.ts";
import { verifySuite } from "./verify-suite.ts";

/** Gives the absolute path of the suite's folder. */
export async function openSuite(text: string, options: OpenOptions): Promise<string> {
  const address = readSuiteAddress(text);
  switch (address.kind) {
    case "path":
      return openPath(address.path);
    case "git": {
      const { gitSuite } = await import("./git/git-suite.ts");
      return placeSuite(await gitSuite(address, text, options));
    }
    case "oci": {
      const { registrySuite } = await import("./registry/registry-suite.ts");
      return place(await registrySuite(address.reference, options), text);
    }
  }
}

async function openPath(path: string): Promise<string> {
  const absolute = resolve(path);
  const shown = shownPath(absolute);
  if (!existsSync(absolute))
    throw tallyError("suite-absent", { place: shown, reason: "there is no such file or folder" });
  if (!statSync(absolute).isDirectory()) {
    const { fileSuite } = await import("./archive/file-suite.ts");
    return place(await fileSuite(absolute, shown), shown);
  }
  const folder = suiteFolder(absolute, shown);
  if (hasManifest(folder)) {
    const { folderFiles } = await import("./folder-files.ts");
    verifySuite(folderFiles(folder), shownPath(folder));
  }
  return folder;
}

/** The folder itself, or that of the suite in a bundle or an image that was taken apart. */
function suiteFolder(folder: string, shown: string): string {
  const isProject = ["tally.toml", "pyproject.toml"].some((name) => existsSync(join(folder, name)));
  if (isProject) return folder;
  const inside = ["suite", "package/suite", "app/suite"].map((path) => join(folder, path));
  const found = inside.find(hasManifest);
  if (found === undefined)
    throw tallyError("suite-absent", { place: shown, reason: "it has no tally.toml, and no suite/suite.json" });
  return found;
}

function place(files: ReadonlyMap<string, Uint8Array>, shown: string): string {
  verifySuite(files, shown);
  return placeSuite(files);
}
