import { defineErrors } from "./define.ts";

/** What stands between a suite and its packages: npm itself, a disk, the registry or the lock. */
export type FetchFault = "npm" | "room" | "cache" | "access" | "absent" | "network" | "digest" | "other";

const fetchHints: Readonly<Record<FetchFault, string>> = {
  npm: "npm comes with Node.js: install it, or put it into PATH.",
  room: "Name a folder of yours, with room for what npm fetches: TMPDIR=FOLDER tally pack",
  cache: 'See whose the cache of npm is: ls -ld "$(npm config get cache)"',
  access: "Give npm what that registry asks for: npm login, or the variable that .npmrc names, such as NPM_TOKEN.",
  absent: "See which registry npm asks, and whether it has that version: npm config get registry",
  network: "See whether this machine reaches the registry that npm is set up with: npm ping",
  digest: "Do not pack it. See whether the lock or the registry is wrong: npm ci --ignore-scripts --prefer-online",
  other: "Try the same by hand, in the folder of tally.toml: npm ci --ignore-scripts",
};

/** What can be wrong with a suite on its way: the repository, the archive, the registry it comes from. */
export const deliveryErrors = defineErrors({
  "git-missing": {
    exit: 2,
    say: (a: { program: string }) => `There is no ${a.program} on this machine, or it is not in PATH.`,
    hint: () => "Install git, or give the suite as a folder or a bundle: tally test --suite suite.tgz",
  },
  "git-repository": {
    exit: 2,
    say: (a: { folder: string }) => `${a.folder} is not in a git repository.`,
    hint: () => "Name the folder of a repository or of a bare one; for files as they are leave the ref out.",
  },
  "git-ref": {
    exit: 2,
    say: (a: { ref: string; reason: string }) => `"${a.ref}" is not a revision: ${a.reason}.`,
    hint: () => "See which branches and tags hold a suite: tally versions --suite git+URL",
  },
  "git-object": {
    exit: 2,
    say: (a: { id: string; reason: string }) => `The object ${a.id} cannot be read: ${a.reason}.`,
    hint: () => "Look at the repository: git fsck; one that was cloned in part needs: git fetch --refetch",
  },
  "git-remote": {
    exit: 2,
    say: (a: { url: string; reason: string }) => `git gets nothing from ${a.url}: ${a.reason}.`,
    hint: (a) => `Try it by hand: git ls-remote ${a.url}   (credentials are those of git itself; nobody is asked)`,
  },
  "git-deadline": {
    exit: 2,
    say: (a: { what: string; seconds: number }) => `git ${a.what} was not done after ${a.seconds} s and was ended.`,
    hint: () => "Try the same by hand; git may be waiting for a password or a lock.",
  },
  "git-large": {
    exit: 2,
    say: (a: { what: string; limit: string }) => `${a.what} is larger than Tally reads (${a.limit}).`,
    hint: () => "Keep large data out of the suite's folder in git; a suite is tests, cases and answers.",
  },
  "package-lock": {
    exit: 2,
    say: (a: { reason: string }) => `package-lock.json beside tally.toml cannot be used: ${a.reason}.`,
    hint: () => "Let npm write it anew, in the folder of tally.toml: npm install --package-lock-only",
  },
  "package-unfit": {
    exit: 2,
    say: (a: { name: string; reason: string; neededBy: readonly string[] }) =>
      `The npm package ${a.name}${a.neededBy.length === 0 ? "" : ` (needed by ${a.neededBy.join(" > ")})`} cannot travel with the suite: ${a.reason}.`,
    hint: () =>
      "A suite runs on any processor, fenced in: choose a package of plain JavaScript, or write the few lines yourself.",
  },
  "package-fetch": {
    exit: 2,
    say: (a: { names: readonly string[]; reason: string; fault: FetchFault }) =>
      `npm does not give what the suite imports (${a.names.slice(0, 5).join(", ")}${a.names.length > 5 ? ` and ${a.names.length - 5} more` : ""}): ${a.reason}.`,
    hint: (a) => fetchHints[a.fault],
  },
  "suite-address": {
    exit: 2,
    say: (a: { address: string; reason: string }) => `--suite ${a.address}: ${a.reason}.`,
    hint: () => "For example: --suite ./suite.tgz, or --suite git+https://HOST/REPOSITORY#REF:FOLDER",
  },
  "suite-absent": {
    exit: 2,
    say: (a: { place: string; reason: string }) => `There is no suite in ${a.place}: ${a.reason}.`,
    hint: () => "If it lies in a folder of the repository, name that behind the ref: git+file:///PATH#REF:FOLDER",
  },
  "suite-manifest": {
    exit: 7,
    say: (a: { place: string; reason: string }) => `suite.json of ${a.place} cannot be read: ${a.reason}.`,
    hint: () => "Ask for the suite to be packed anew, or use the Tally that it was packed with.",
  },
  "suite-digest": {
    exit: 7,
    say: (a: { place: string; path: string; reason: string }) =>
      `${a.place} is not the suite that was packed: ${a.path} (${a.reason}).`,
    hint: () => "Do not run it. Fetch it anew; if it stays so, ask those who packed it.",
  },
  "out-in-suite": {
    exit: 2,
    say: (a: { path: string }) => `${a.path} lies in the delivered suite, which is left as it came.`,
    hint: () => "Start it elsewhere and name the suite, or write outside: tally test --suite FOLDER --out tally-report",
  },
  "archive-malformed": {
    exit: 7,
    say: (a: { what: string; reason: string }) => `${a.what} is no archive that can be read: ${a.reason}.`,
    hint: () => "Fetch it anew; look into it with: tar -tvf FILE",
  },
  "archive-entry": {
    exit: 7,
    say: (a: { what: string; path: string; reason: string }) =>
      `${a.what} has an entry that is refused: ${JSON.stringify(a.path)} (${a.reason}).`,
    hint: () => "Nothing of it was written. A suite that tally pack made has regular files and folders only.",
  },
  "archive-large": {
    exit: 7,
    say: (a: { what: string; limit: string }) => `${a.what} unpacks to more than ${a.limit}.`,
    hint: () => "Nothing of it was written. A suite is tests, cases and answers.",
  },
  "suite-unreadable": {
    exit: 2,
    say: (a: { path: string; reason: string }) => `A file of the suite cannot be read: ${a.path} (${a.reason}).`,
    hint: (a) =>
      a.reason === "permission denied"
        ? `Make it readable for this user (ls -l ${a.path}), or take it out of [suite] in tally.toml.`
        : `Look at it (ls -l ${a.path}), or take it out of [suite] in tally.toml.`,
  },
  "suite-link": {
    exit: 2,
    say: (a: { path: string; target: string }) =>
      `The suite has a symlink that leads out of it: ${a.path} -> ${a.target}.`,
    hint: () => "Put the file itself there, or take the path out of [suite] in tally.toml.",
  },
  "suite-path": {
    exit: 2,
    say: (a: { path: string; reason: string }) =>
      `The suite has a path that is refused: ${JSON.stringify(a.path)} (${a.reason}).`,
    hint: () => "Rename it; a suite has to fit on every file system.",
  },
});
