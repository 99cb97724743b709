/** pytest files run by `tally test`: the same ids, selection, verdicts, events and reports as TypeScript files. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { tell, type Told } from "../kit/events.ts";
import { normal, type Project, project } from "../kit/project.ts";
import { pythonWith } from "../kit/python.ts";

const python = pythonWith("pytest");
const pytest = test.skipIf(python === undefined);
const env = { TALLY_PYTHON: python ?? "" };

const contract = `
[model]
name = "lengths"
version = "1.0.0"
[connector]
python = "connector.py"
[operations.process]
input = { text = "string" }
output = { length = "int", half = "float64", label = "string?" }
[operations.inference]
after = "process"
input = "process"
output = { long = "boolean", score = { type = "float64", abs = 1e-6 } }
[suite]
pytest = ["tests/**/test_*.py"]
`;

const connector = `
from tallyml import Model
model = Model("lengths")

@model.operation
def process(records: list[dict]):
    for record in records:
        if record["text"] == "boom":
            raise KeyError("no boom")
    return [{"length": len(r["text"]), "half": len(r["text"]) / 2, "label": None} for r in records]

@model.operation(after="process")
def inference(records: list[dict]):
    return [{"long": r["length"] >= 5, "score": r["length"] / 10} for r in records]
`;

function suite(source: string, more: Readonly<Record<string, string>> = {}): Project {
  return project({
    "tally.toml": contract,
    "connector.py": connector,
    "tests/test_a.py": `import pytest\nfrom tallyml import OperationError, approx, tally\n${source}`,
    ...more,
  });
}

const run = (made: Project, ...args: readonly string[]): Promise<Told> => tell(made, args, { env });

pytest("a project without any TypeScript runs, and its answers are recorded", async () => {
  const made = suite(`
def test_one(process):
    answer = process({"text": "hello"})
    assert answer["length"] == 5
    assert answer.tally(length=5, half=2.5, label=None)

def test_list(process):
    tally(process([{"text": "a"}, {"text": "bb"}]), [{"length": 1}, {"half": approx(1.04, abs=0.1)}])

def test_a_raw_record_goes_through_the_stages(inference):
    assert inference({"text": "hello"}) == {"long": True, "score": 0.5}

def test_a_stage_s_output_goes_straight_in(inference, process):
    inference(process({"text": "hell"})).tally(long=False)

def test_any_operation(operation):
    operation("process")({"text": ""}).tally(length=0, half=pytest.approx(0, abs=1e-9))
`);
  const ran = await run(made);
  expect(ran.verdicts).toEqual({
    test_one: "pass",
    test_list: "pass",
    test_a_raw_record_goes_through_the_stages: "pass",
    test_a_stage_s_output_goes_straight_in: "pass",
    test_any_operation: "pass",
  });
  expect(ran.exit).toBe(0);
  const against = await run(made, "-e", "py:connector.py");
  expect(against.ended).toMatchObject({ exit: 0, pass: 5 });
  expect(against.ended.board.every(({ agree, compared }) => compared > 0 && agree === compared)).toBe(true);
});

pytest("what fails is shown as for TypeScript tests", async () => {
  const made = suite(`
def test_fields(process):
    print("seen on the way")
    process({"text": "hello"}).tally(length=6, half=approx(2.4, abs=0.01), label=None)

def test_plain_assert(process):
    assert process({"text": "ab"})["length"] == 3
`);
  const ran = await made.tally(["test", "--color", "never"], { env });
  expect(ran.exit).toBe(1);
  // How long the interpreter's path is decides where that line is broken.
  const shown = normal(ran.stdout, made.root).replace(/^ reference [^]*?\n\n/m, " reference <connector>\n\n");
  expect(shown).toMatchInlineSnapshot(`
    " lengths-ml-test 1.0.0 · sha256:<digest> · tally 0.1.0
     reference <connector>

     ✗ tests/test_a.py                     2  2 failed

     ✗ tests/test_a.py > test_fields
       first difference  process.length
       process  {"text":"hello"}
         field   expected  answer  delta
       ✗ length         6       5  abs 1 · rel 0.167
       ✗ half         2.4     2.5  abs 0.1 · rel 0.0417 · ulp 2.25e14
         4 | def test_fields(process):
         5 |     print("seen on the way")
       > 6 |     process({"text": "hello"}).tally(length=6, half=approx(2.4, abs=0.…
           |     ^
         7 | 
         8 | def test_plain_assert(process):
       at tests/test_a.py:6:5
       output
         seen on the way
       reproduce  tally replay 67e97c52

     ✗ tests/test_a.py > test_plain_assert
       an assertion failed
       process  {"text":"ab"}
       assert 2 == 3
          7 | 
          8 | def test_plain_assert(process):
       >  9 |     assert process({"text": "ab"})["length"] == 3
            |     ^
         10 | 
       at tests/test_a.py:9:5
       reproduce  tally replay 1d1f3a21

     2 failed in <time>
     seed <n>
    "
  `);
});

pytest("every way to end has its verdict", async () => {
  const made = suite(`
def test_model_raises(process):
    process({"text": "boom"})

def test_model_is_expected_to_raise(process):
    with pytest.raises(OperationError, match="no boom") as caught:
        process([{"text": "fine"}, {"text": "boom"}])
    assert caught.value.type == "KeyError"
    assert [answer and answer["length"] for answer in caught.value.answers] == [4, None]

def test_expects_what_nobody_declared(process):
    process({"text": "x"}).tally(lenght=1)

def test_expects_another_type(process):
    process({"text": "x"}).tally(length="1")

def test_asks_with_a_misspelt_field(process):
    process({"txt": "x"})

def test_wants_an_unknown_fixture(proces):
    pass

def test_asks_an_unknown_operation(operation):
    operation("score")

@pytest.mark.skip(reason="later")
def test_skipped(process): ...

@pytest.mark.xfail(reason="BUG-1")
def test_expected_to_fail(process):
    assert process({"text": "x"})["length"] == 2

@pytest.fixture
def broken():
    yield
    raise RuntimeError("while it was taken down")

def test_teardown(process, broken):
    process({"text": "x"}).tally(length=1)

def test_too_few(process):
    tally(process([{"text": "x"}]), [])
`);
  const ran = await run(made);
  expect(ran.exit).toBe(1);
  expect(
    ran.judged.map(({ failures, note, reason, verdict, id }) => [
      id.split(" > ")[1],
      [verdict, reason].join(" ").trim(),
      note ?? failures[0]?.message,
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        "test_model_is_expected_to_raise",
        "pass",
        undefined,
      ],
      [
        "test_skipped",
        "skip skipped",
        "later",
      ],
      [
        "test_expected_to_fail",
        "skip skipped",
        "expected to fail: BUG-1",
      ],
      [
        "test_model_raises",
        "fail assertion",
        "OperationError: process answered KeyError: 'no boom'",
      ],
      [
        "test_expects_what_nobody_declared",
        "fail assertion",
        "ValueError: error[expected-unknown]: The output of process has no field lenght.
    hint: Did you mean length?",
      ],
      [
        "test_expects_another_type",
        "fail assertion",
        "ValueError: error[expected-type]: The value expected for process.length is the text "1"; the contract says int.
    hint: Change what the test expects, or the type in tally.toml.",
      ],
      [
        "test_asks_with_a_misspelt_field",
        "fail assertion",
        "ValueError: error[input-unknown]: process: the contract has no input txt.
    hint: Did you mean text?",
      ],
      [
        "test_wants_an_unknown_fixture",
        "fail hook",
        "setup: fixture 'proces' not found; did you mean 'process'?",
      ],
      [
        "test_asks_an_unknown_operation",
        "fail assertion",
        "ValueError: the contract has no operation 'score'; operations: process, inference",
      ],
      [
        "test_teardown",
        "fail hook",
        "teardown: RuntimeError: while it was taken down",
      ],
      [
        "test_too_few",
        "fail mismatch",
        "the answer does not tally
      expected 0 records  got 1",
      ],
    ]
  `);
});

pytest("ids, lines, tags, levels and bugs come from pytest's own marks, and select", async () => {
  const made = suite(`
@pytest.mark.parametrize("text, n", [("a", 1), ("b::c", 4)])
def test_length(process, text, n):
    process({"text": text}).tally(length=n)

@pytest.mark.slow
@pytest.mark.recommended
class TestGroup:
    @pytest.mark.bug("BUG-17")
    def test_inside(self, process):
        process({"text": "x"}).tally(length=2)
`);
  const ran = await run(made);
  expect(ran.exit).toBe(0);
  expect(ran.events.filter((event) => event.type === "test-planned")).toMatchInlineSnapshot(`
      [
        {
          "file": "tests/test_a.py",
          "id": "tests/test_a.py > test_length[a-1]",
          "kind": "test",
          "level": "required",
          "line": 4,
          "name": "test_length[a-1]",
          "tags": [],
          "type": "test-planned",
        },
        {
          "file": "tests/test_a.py",
          "id": "tests/test_a.py > test_length[b::c-4]",
          "kind": "test",
          "level": "required",
          "line": 4,
          "name": "test_length[b::c-4]",
          "tags": [],
          "type": "test-planned",
        },
        {
          "bug": "BUG-17",
          "file": "tests/test_a.py",
          "id": "tests/test_a.py > TestGroup > test_inside",
          "kind": "test",
          "level": "recommended",
          "line": 11,
          "name": "TestGroup > test_inside",
          "tags": [
            "slow",
          ],
          "type": "test-planned",
        },
      ]
    `);
  const chosen = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await run(made, ...args)).judged.map(({ id }) => id.replace("tests/test_a.py > ", ""));
  expect(await chosen("-k", "group")).toEqual(["TestGroup > test_inside"]);
  expect(await chosen("--tag", "!slow")).toEqual(["test_length[a-1]", "test_length[b::c-4]"]);
  expect(await chosen("tests/test_a.py:14")).toEqual(["TestGroup > test_inside"]);
  await run(made);
  expect(await chosen("--last-failed")).toEqual(["TestGroup > test_inside"]);
});

pytest("calls of a parametrised test are asked together once two of its items have shown what they ask", async () => {
  const made = suite(`
@pytest.mark.parametrize("case", [{"input": {"text": "x" * n}, "length": n} for n in range(40)])
def test_cases(process, inference, case):
    process(case["input"]).tally(length=case["length"])
    inference(case["input"]).tally(score=case["length"] / 10)

@pytest.mark.parametrize("n", range(5))
def test_made_inside(process, n):
    process({"text": "y" * n}).tally(length=n)
`);
  const ran = await run(made);
  expect(ran.ended).toMatchObject({ exit: 0, pass: 45 });
  // Two items alone (3 calls each), 38 together (3 calls), 5 whose record is made inside; the rest checks gathering.
  const alone = await run(made, "--no-gather");
  expect(alone.ended).toMatchObject({ exit: 0, pass: 45, calls: 40 * 3 + 5 });
  const gathered = await run(made, "--gather-check", "off");
  expect(gathered.ended.calls).toBe(2 * 3 + 3 + 5);
});

pytest("what is right alone and wrong in a batch is said to be so", async () => {
  const made = suite(`
@pytest.mark.parametrize("text", ["a", "bb", "ccc", "dddd"])
def test_length(process, text):
    process({"text": text}).tally(length=len(text))
`);
  made.write({
    "bad.py": `
from tallyml import Model
model = Model("lengths")
@model.operation
def process(records: list[dict]):
    off = 1 if len(records) > 1 else 0
    return [{"length": len(r["text"]) + off, "half": 0.5, "label": None} for r in records]
@model.operation(after="process")
def inference(records: list[dict]): ...
`,
  });
  const ran = await run(made, "-e", "py:bad.py");
  expect(ran.exit).toBe(1);
  expect(Object.values(ran.verdicts)).toEqual(["pass", "pass", "fail batch-dependent", "fail batch-dependent"]);
});

pytest("a test that hangs or ends its process loses only itself", async () => {
  const made = suite(`
import os, time
def test_before(process):
    process({"text": "x"}).tally(length=1)

@pytest.mark.timeout(0.5)
def test_hangs(process):
    time.sleep(60)

def test_between(process):
    process({"text": "x"}).tally(length=1)

def test_ends_the_process(process):
    os._exit(3)

def test_after(process):
    process({"text": "x"}).tally(length=1)
`);
  const ran = await run(made, "--test-timeout", "1s");
  expect(ran.verdicts).toEqual({
    test_before: "pass",
    test_hangs: "fail timeout",
    test_between: "pass",
    test_ends_the_process: "fail file",
    test_after: "pass",
  });
});

pytest("files that cannot be collected, and files without a test, do not keep the others from running", async () => {
  const made = suite("def test_one(process):\n    process({'text': 'x'}).tally(length=1)\n", {
    "tests/test_broken.py": "import nothing_here\n",
    "tests/test_empty.py": "",
  });
  const ran = await run(made);
  expect(ran.exit).toBe(2);
  expect(Object.fromEntries(ran.judged.map(({ fault, id }) => [id, fault?.message ?? "pass"]))).toEqual({
    "tests/test_a.py > test_one": "pass",
    "tests/test_broken.py":
      "tests/test_broken.py could not be collected: ModuleNotFoundError: No module named 'nothing_here'.",
    "tests/test_empty.py": "tests/test_empty.py has no test.",
  });
});

pytest("the project's own pytest settings, conftest and fixtures count", async () => {
  const made = suite(
    `
def test_uses(words, process):
    assert [answer["length"] for answer in words] == [1, 2]

def test_uses_again(words, process):
    assert len(words) == 2

@pytest.mark.slow
def test_left_out(process): ...
`,
    {
      "pytest.ini": "[pytest]\naddopts = -ra -q -x --maxfail=1 -m 'not slow'\nmarkers = slow\n",
      "tests/conftest.py": `
import pytest
@pytest.fixture(scope="session")
def words(process):
    return process([{"text": "a"}, {"text": "bb"}])
`,
    },
  );
  const ran = await run(made);
  expect(ran.verdicts).toEqual({ test_uses: "pass", test_uses_again: "pass" });
  made.write({ "pytest.ini": "[pytest]\naddopts = --no-such-option\n" });
  const refused = await run(made);
  expect(refused.exit).toBe(2);
  expect(refused.judged[0]?.fault).toMatchObject({ code: "pytest-usage" });
  expect(refused.judged[0]?.fault?.detail).toContain("unrecognized arguments: --no-such-option");
});

pytest("an endpoint that is not there, and one that lacks an operation", async () => {
  const made = suite(`
def test_process(process):
    try:
        process({"text": "x"})
    except Exception:
        pass

def test_inference(operation):
    operation("inference")({"text": "x"}).tally(long=False)
`);
  const gone = await run(made, "-e", "http://127.0.0.1:9");
  expect(gone.exit).toBe(3);
  made.write({
    "part.py": `
import json, sys
for line in sys.stdin:
    call = json.loads(line)
    answer = {"records": [{"length": 1, "half": 0.5, "label": None} for _ in call["records"]]}
    if call["operation"] != "process":
        answer = {"error": {"type": "not-implemented", "message": "not yet"}}
    print(json.dumps({"id": call["id"], **answer}), flush=True)
`,
  });
  const part = await run(made, "-e", `cmd:${python} part.py`);
  expect(part.verdicts).toEqual({ test_process: "pass", test_inference: "fail not-implemented" });
});

pytest("an interpreter without pytest is one error with the command to run", async () => {
  const made = suite("def test_one(process): ...\n");
  const folder = join(made.root, "site");
  mkdirSync(folder);
  writeFileSync(join(folder, "pytest.py"), "raise ModuleNotFoundError(\"No module named 'pytest'\", name='pytest')\n");
  const ran = await tell(made, [], { env: { ...env, PYTHONPATH: folder } });
  expect(ran.exit).toBe(2);
  expect(ran.judged[0]?.fault).toMatchObject({
    code: "pytest-missing",
    message: expect.stringMatching(/^\[suite\] pytest names files, and .*python.* has no pytest\.$/),
    hint: expect.stringMatching(/python\S* -m pip install pytest$/),
  });
  writeFileSync(join(folder, "pytest.py"), "__version__ = '6.2.5'\n");
  const old = await tell(made, [], { env: { ...env, PYTHONPATH: folder } });
  expect(old.judged[0]?.fault).toMatchObject({ code: "pytest-old" });
});

pytest("what a connector raises is shown with its author's own traceback, wherever a failure is shown", async () => {
  const made = suite(`
def test_model_raises(process):
    process([{"text": "fine"}, {"text": "boom"}])
`);
  const ran = await made.tally(["test", "--out", "out"], { env });
  const traceback = [
    "Traceback (most recent call last):",
    `  File "${made.root}/connector.py", line 9, in process`,
    `    raise KeyError("no boom")`,
    "KeyError: 'no boom'",
  ];
  for (const line of traceback) expect(ran.stdout).toContain(`     ${line.slice(0, 70)}`);
  const events = readFileSync(join(made.root, "out/events.ndjson"), "utf8").split("\n");
  const exchanges = events.filter((line) => line.startsWith('{"type":"exchange"')).map((line) => JSON.parse(line));
  expect(exchanges.map((exchange) => exchange.traceback)).toEqual([undefined, traceback.join("\n")]);
  const page = readFileSync(join(made.root, "out/index.html"), "utf8");
  expect(page).toContain("line 9, in process");

  made.write({ "tally.toml": contract.replace('"string" }', '{ type = "string", sensitive = true } }') });
  const hidden = await run(made);
  expect(hidden.events.filter((event) => event.type === "exchange").map(({ traceback: at }) => at)).toEqual([
    undefined,
    undefined,
  ]);
});

pytest("Ctrl-C ends a run whose test sleeps, and nothing is left behind", async () => {
  const made = suite(`
import os, time
def test_sleeps(process):
    open("pid", "w").write(str(os.getpid()))
    time.sleep(120)

def test_never_begins(process): ...
`);
  const running = made.start(["test"], { env });
  const pid = await vi.waitFor(() => Number(readFileSync(join(made.root, "pid"), "utf8")), { timeout: 20_000 });
  running.child.kill("SIGINT");
  const ran = await running.ended;
  expect(ran.exit).toBe(130);
  expect(ran.stdout).toContain("2 skipped");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
