/** Debian's packages of any architecture, through apt with folders of its own: the machine's settings stay as they are. */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../src/delivery/suite-digest.ts";
import { copyrightPath } from "./common-licences.ts";
import type { LayerFile } from "./layer.ts";
import type { LockedDebian, LockedPlatform } from "../../src/pack/runtime/runtime-lock.ts";

type Architecture = LockedPlatform["architecture"];

export interface DebianPackage {
  readonly locked: LockedDebian;
  /** Where it was taken apart. */
  readonly folder: string;
}

/** What apt has for one architecture. */
export class DebianArchive implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "tally-apt-"));
  readonly #architecture: Architecture;
  #isUpdated = false;

  constructor(architecture: Architecture) {
    this.#architecture = architecture;
  }

  /** Fetches a package and takes it apart. Throws when the locked version is gone or is another file. */
  fetch(locked: LockedDebian, updates: boolean): DebianPackage {
    this.#update();
    const shown = this.#run("apt-cache", "show", "--no-all-versions", `${locked.package}:${this.#architecture}`);
    const current = /^Version: (.+)$/m.exec(shown)?.[1] ?? "";
    const version = updates ? current : locked.version;
    const place = mkdtempSync(join(this.#folder, "package-"));
    try {
      this.#run("apt-get", "download", `${locked.package}:${this.#architecture}=${version}`, place);
    } catch (cause) {
      const message = `Debian no longer has ${locked.package} ${version} for ${this.#architecture}; it has ${current}`;
      throw new Error(
        `error[runtime-gone]: ${message}\n  hint: npm run build:runtime -- --update, and commit runtime/lock.json`,
        { cause },
      );
    }
    const [file = ""] = readdirSync(place);
    const digest = sha256(readFileSync(join(place, file)));
    if (!updates && digest !== locked.sha256)
      throw new Error(`error[runtime-differs]: ${file} has sha256 ${digest}, locked is ${locked.sha256}`);
    const folder = join(place, "files");
    mkdirSync(folder);
    execFileSync("dpkg-deb", ["-x", join(place, file), folder]);
    // `Source: bzip2 (1.0.8-5)` of what was built again as 1.0.8-5+b1.
    const [, source = locked.package, stated] = /^Source: (\S+)(?: \((\S+)\))?/m.exec(shown) ?? [];
    const sourceVersion = stated ?? version.replace(/\+b\d+$/, "");
    const copyright = documentsOf(folder, locked.package);
    return { folder, locked: { ...locked, version, sha256: digest, source, sourceVersion, copyright } };
  }

  /** Removes what was fetched. */
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #update(): void {
    if (this.#isUpdated) return;
    for (const part of ["state/lists/partial", "cache/archives/partial"])
      mkdirSync(join(this.#folder, part), { recursive: true });
    this.#run("apt-get", "update", "-qq");
    this.#isUpdated = true;
  }

  /** The last word of `download` is the folder that it is started in. */
  #run(program: string, verb: string, ...words: readonly string[]): string {
    const cwd = verb === "download" ? words.at(-1) : undefined;
    const settings = {
      "APT::Architecture": this.#architecture,
      "APT::Architectures": this.#architecture,
      "Dir::State": `${this.#folder}/state`,
      "Dir::State::status": "/dev/null",
      "Dir::Cache": `${this.#folder}/cache`,
      "APT::Sandbox::User": "root",
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
    const asked = cwd === undefined ? words : words.slice(0, -1);
    return execFileSync(program, [...options, verb, ...asked], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
  }
}

/** Packages of one source may share a folder of documents: then it is a link, as that of libgcc-s1 to gcc-12-base. */
function documentsOf(folder: string, name: string): string {
  const documents = join(folder, "usr/share/doc", name);
  return lstatSync(documents).isSymbolicLink() ? readlinkSync(documents) : name;
}

const triplets = { amd64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };

/** Which libraries of a package are taken, by the names that programs ask for. */
export type Libraries = RegExp;

/** What Node links with; of libc6 also what glibc loads to look up names. */
export const nodeLibraries: Libraries =
  /^(ld-linux-.*\.so\.\d|lib(c|m|dl|pthread|rt|resolv|nss_dns|nss_files|gcc_s|stdc\+\+|atomic)\.so\.\d+)$/;

/** The libraries of a package, each under the name that programs ask for, and its copyright. */
export function debianFiles(
  { folder, locked }: DebianPackage,
  architecture: Architecture,
  libraries: Libraries,
): LayerFile[] {
  const triplet = triplets[architecture];
  const found: LayerFile[] = [];
  for (const from of [`lib/${triplet}`, `usr/lib/${triplet}`]) {
    for (const name of list(join(folder, from)))
      if (libraries.test(name))
        found.push({
          path: `usr/lib/${triplet}/${name}`,
          content: readFileSync(join(folder, from, name)),
          mode: 0o755,
        });
  }
  if (locked.copyright !== locked.package) return found;
  const path = copyrightPath(locked);
  return [...found, { path, content: readFileSync(join(folder, path)), mode: 0o644 }];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
