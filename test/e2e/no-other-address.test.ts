import { expect, test } from "vitest";
import { fauxModel } from "../faux/faux-model.ts";
import { withTests } from "../kit/length-model.ts";
import { project } from "../kit/project.ts";

/** Loaded into every Node process of the run: writes down who is called, and lets nobody out. */
const guard = `
import { appendFileSync } from "node:fs";
import dns from "node:dns";
import net from "node:net";
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const to = first?.path ?? first?.host ?? (typeof first === "number" ? "localhost" : String(first));
  appendFileSync(process.env.GUARD_LOG, to + "\\n");
  if (!/^(127\\.|localhost$|::1$|\\/)/.test(to)) throw new Error("not allowed: " + to);
  return connect.apply(this, args);
};
dns.lookup = (name) => { appendFileSync(process.env.GUARD_LOG, name + "\\n"); throw new Error("no look-up: " + name); };
`;

test("a run talks to the endpoint it was given and to nobody else", async () => {
  await using model = await fauxModel({
    process: ({ text }) => ({ length: String(text).length, half: 1, label: null }),
  });
  const suite = project({
    ...withTests(`test("a", async () => { await process({ text: "a" }); });`),
    "guard.mjs": guard,
    log: "",
  });
  const env = { NODE_OPTIONS: `--import ${suite.root}/guard.mjs`, GUARD_LOG: `${suite.root}/log` };
  expect((await suite.tally(["test", "--out", "report"], { env })).exit).toBe(0);
  const candidate = await suite.tally(["test", "-e", model.url, "--out", "report"], { env });
  expect(candidate.exit).toBe(0);
  const { readFileSync } = await import("node:fs");
  const called = new Set(
    readFileSync(`${suite.root}/log`, "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  expect([...called]).toEqual(["127.0.0.1"]);
});
