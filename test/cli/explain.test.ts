import { expect, test } from "vitest";
import { catalogue } from "../../src/kernel/errors.ts";
import { project } from "../kit/project.ts";

test("explain says when an error happens, how it is said and how the command ends", async () => {
  const { exit, stdout } = await project({}).tally(["explain", "endpoint-unreachable"]);
  expect(exit).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "endpoint-unreachable  (HTTP endpoints)

    No connection could be made. Without --wait that is said at once; with it, Tally
    asks again until the time is over.

    It is said like this:

      error[endpoint-unreachable]: No answer from http://localhost:8080 (connection refused).
        hint: Start it first, or check the address: curl -i http://localhost:8080/health

    Exit: the command ends with 3: the endpoint could not be judged.
    "
  `);
});

test("what was copied from a message or a link is understood", async () => {
  const { tally } = project({});
  const code = async (asked: string): Promise<string | undefined> =>
    (await tally(["explain", asked])).stdout.split(" ")[0];
  expect(await code("error[contract-missing]:")).toBe("contract-missing");
  expect(await code("docs/reference/errors.md#contract-missing")).toBe("contract-missing");
});

test("a warning is explained too", async () => {
  const { stdout } = await project({}).tally(["explain", "bare-tokens"]);
  expect(stdout).toMatchInlineSnapshot(`
    "bare-tokens  (a warning)

    Answers hold NaN or Infinity without quotes, which JSON does not have. They are
    read as numbers; --strict-json refuses them.

    It changes no verdict and no exit code.
    "
  `);
});

test("without a code every code is listed, and --json says the same as data", async () => {
  const { tally } = project({});
  const { stdout } = await tally(["explain"]);
  const listed = stdout.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.trim()] : []));
  expect(listed).toEqual(expect.arrayContaining(Object.keys(catalogue)));
  const { areas }: { areas: { codes: string[] }[] } = JSON.parse((await tally(["explain", "--json"])).stdout);
  expect(areas.flatMap(({ codes }) => codes)).toEqual(listed);
  const one: { exit: number; area: string } = JSON.parse((await tally(["explain", "start-failed", "--json"])).stdout);
  expect([one.exit, one.area]).toEqual([3, "the command line"]);
});
