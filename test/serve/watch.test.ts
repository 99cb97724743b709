import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/serve/serve.ts";
import { workerEndpoint } from "../../src/endpoint/worker-endpoint.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

function versioned(version: string, delayMs = 0): string {
  return `import { factor } from "./factor.ts";
await new Promise((resolve) => setTimeout(resolve, ${delayMs}));
export default { process: (frame) => [...frame].map(() => ({ version: "${version}", factor })) };
`;
}

test("a connector is loaded again when its files change, and requests wait meanwhile", async () => {
  const folder = temporaryFolder("watch");
  const path = join(folder, "connector.ts");
  writeFileSync(join(folder, "factor.ts"), "export const factor: number = 1;\n");
  writeFileSync(path, versioned("one"));
  const open = () => workerEndpoint({ connector: { kind: "node", path, workers: 1, env: {} }, cwd: folder });
  const reloads: { resolve: (line: string) => void }[] = [];
  const server = await startServer({
    endpoint: open(),
    port: 0,
    watch: { folder, open },
    onReload: ({ file, error }) => reloads.shift()?.resolve(`${file} ${error ? error.message : "reloaded"}`),
  });
  onTestFinished(() => server.close());
  const ask = async (): Promise<string> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${server.url}/process`, { method: "POST", headers, body: "[{}]" });
    return `${answer.status} ${await answer.text()}`;
  };
  const reloaded = (): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    reloads.push({ resolve });
    return promise;
  };
  expect(await ask()).toBe('200 [{"version":"one","factor":1}]');

  let reload = reloaded();
  writeFileSync(path, versioned("two", 400));
  // Within the reload: asked after the change was noticed, answered by the new connector.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await ask()).toBe('200 [{"version":"two","factor":1}]');
  expect(await reload).toBe("connector.ts reloaded");

  reload = reloaded();
  writeFileSync(join(folder, "factor.ts"), "export const factor: number = 2;\n");
  expect(await reload).toBe("factor.ts reloaded");
  expect(await ask()).toBe('200 [{"version":"two","factor":2}]');

  reload = reloaded();
  writeFileSync(path, "export default {\n");
  expect(await reload).toMatch(/^connector.ts The connector .* did not start .* SyntaxError/);
  expect(await ask()).toMatch(/^503 \{"error":\{"code":"connector-import"/);

  reload = reloaded();
  writeFileSync(path, versioned("three"));
  await reload;
  expect(await ask()).toBe('200 [{"version":"three","factor":2}]');
});
