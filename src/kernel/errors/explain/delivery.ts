import type { deliveryErrors } from "../delivery-errors.ts";
import type { Explanations } from "./explanation.ts";

const path = "tests/text.test.ts";

export const deliveryExplanations: Explanations<keyof typeof deliveryErrors> = {
  "git-missing": {
    example: { program: "git" },
    when: "A suite of a git ref was asked for, and there is no `git` to read the repository with.",
  },
  "git-repository": {
    example: { folder: "/home/me/models" },
    when: "A ref was asked for, and the folder lies in no git repository.",
  },
  "git-ref": {
    example: { ref: "v1.5.0", reason: "the repository has nothing of this name" },
    when: "A ref is a branch, a tag or the digits of a commit, with `~1` or `^` behind it if need be. What git could take for an option, a path or a search is refused before git sees it.",
  },
  "git-object": {
    example: { id: "9daeafb9864cf43055ae93beb0afd6c7d144bfa4", reason: "the repository does not have it" },
    when: "The repository lists a file and does not have its content: it was cloned in part, or it is damaged. Tally reads what is there and fetches nothing by itself.",
  },
  "git-remote": {
    example: {
      url: "https://git.example.org/models/sqli.git",
      reason: "could not read Username: terminal prompts disabled",
    },
    when: "git could not list or fetch what was asked for: no such host or repository, or credentials that are missing. Helpers and keys that git is configured with are used.",
  },
  "git-deadline": {
    example: { what: "fetch", seconds: 60 },
    when: "git did not end. Tally lets it ask nobody for a password; it was ended with what it had started.",
  },
  "git-large": {
    example: { what: "a file of the suite", limit: "64 MB" },
    when: "What a repository holds is not trusted: one file may have 64 MB, a suite 512 MB, a tree 200,000 entries.",
  },
  "package-lock": {
    example: { reason: "a merge left its conflict marks in it" },
    when: "The suite imports packages of npm, and the file that says which ones is torn, was written by npm 6 or older, or lacks a package that another one needs.",
  },
  "package-unfit": {
    example: { name: "bufferutil", reason: "it runs a program when it is installed", neededBy: ["live-feed"] },
    when: "The suite imports a package of npm that is bound to a machine, runs something when it is installed, or comes from no registry; or one of those that it needs is such a package. Packages travel as plain files, for every processor, and nothing of them is run before the tests. What is optional and cannot travel is left out.",
  },
  "package-fetch": {
    example: {
      names: ["lodash@4.17.21"],
      reason: "npm says E404: Not Found - GET https://registry.example.org/lodash",
      fault: "absent",
    },
    when: "Packages that a suite imports and that npm has not at hand are fetched by npm, by the versions and digests of package-lock.json, from the registry that npm is set up with. Variables such as NPM_TOKEN and NPM_CONFIG_USERCONFIG reach npm as they are.",
  },
  "suite-address": {
    example: { address: "ext::sh -c id", reason: "ext is not one of git+https, git+ssh and git+file" },
    when: "`--suite` takes a folder, a bundle (`.tgz`), an image (`.tar`), `oci://`, `git+https://`, `git+ssh://` and, typed on the command line, `git+file://`. Other transports of git run programs.",
  },
  "suite-absent": {
    example: { place: "v1.4.0", reason: "it has no tally.toml" },
    when: "A suite begins with its `tally.toml`. In a repository it may lie in a folder, which stands behind the ref.",
  },
  "suite-manifest": {
    example: { place: "suite.tgz", reason: "it has version 2, and this Tally reads 1: a newer one is needed" },
    when: "A delivered suite has a `suite.json` that says what it is. It is missing, torn, or of a later version. A project that was not delivered has no file of this name beside its `tally.toml`.",
  },
  "suite-digest": {
    example: { place: "suite.tgz", path, reason: "it is not what was packed" },
    when: "`suite.json` names every file with its SHA-256, and the digest of all. A file was changed, added or lost since. It is held against it wherever it is run from: `--suite`, a bundle, an image, or the folder itself.",
  },
  "out-in-suite": {
    example: { path: "report" },
    when: "A suite that was unpacked is run where it lies, and a flag names a file or folder among its own. A file that is not listed in `suite.json` would make it another suite, and the next run would end with 7.",
  },
  "archive-malformed": {
    example: { what: "suite.tgz", reason: "it ends in the middle of a file" },
    when: "The file is no tar, or one that two programs would read in two ways.",
  },
  "archive-entry": {
    example: { what: "suite.tgz", path: "suite/../../etc/cron.d/x", reason: "it leads out of the suite" },
    when: "An archive names a path outside of itself, or has links or devices in the suite, or the same file twice.",
  },
  "archive-large": {
    example: { what: "suite.tgz", limit: "512 MB" },
    when: "A small archive can hold gigabytes of the same byte. Reading ends at a limit.",
  },
  "suite-unreadable": {
    example: { path: "cases/orders.jsonl", reason: "permission denied" },
    when: "`tally pack` found a file that belongs to the suite, and the system does not give what is in it. A suite without it would be another one.",
  },
  "suite-link": {
    example: { path: "cases/orders.jsonl", target: "../../lake/orders.jsonl" },
    when: "A suite is all that is in its folder. A symlink to somewhere else would give another machine's files, or none.",
  },
  "suite-path": {
    example: { path: `../${path}`, reason: "it leads out of the suite" },
    when: "Commits and archives can hold names that no file system should: absolute ones, `..`, `.git`, two that differ in case alone. None is written.",
  },
};
