/** The notebook of the documentation is executed by a real kernel, and its outputs are those of a run. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pythonWith } from "../kit/python.ts";

const repository = resolve(import.meta.dirname, "../..");
const python = pythonWith("pandas", "pytest", "nbclient", "ipykernel");

test.skipIf(python === undefined)("docs/notebook/model.ipynb works as shown", { timeout: 180_000 }, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tally-notebook-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const updates = process.env["UPDATE_DOCS"] === "1" ? ["--update"] : [];
  const script = join(repository, "test/docs/run_notebook.py");
  const ran = spawnSync(python ?? "", [script, join(repository, "docs/notebook/model.ipynb"), port, ...updates], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
      HOME: folder,
      PYTHONPATH: join(repository, "python"),
      PYTHONDONTWRITEBYTECODE: "1",
      LANG: "C.UTF-8",
    },
  });
  expect(ran.stdout + (ran.status === 0 ? "" : ran.stderr)).toBe("");
});

/** A port with as many digits as the one that is shown. */
async function freePort(): Promise<string> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    await new Promise((done) => server.close(done));
    if (typeof address === "object" && address !== null && String(address.port).length === 5)
      return String(address.port);
  }
}
