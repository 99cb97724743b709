"""What a run of the suite tells a notebook."""

import json
from pathlib import Path

from tallyml.suite_run import read_run


def judged(name: str, verdict: str, **more):
    return json.dumps({"type": "test-judged", "id": name, "verdict": verdict, **more}, separators=(",", ":"))


def test_a_run_is_its_exit_code_and_knows_its_tests(tmp_path: Path):
    events = tmp_path / "events.ndjson"
    mismatch = {"operation": "process", "path": "length", "candidate": 4, "reference": 5}
    missing = {"operation": "process", "path": "half", "reference": 2.5}
    lines = [
        '{"type":"run-started","v":1}',
        judged("tests/a.test.ts > right", "pass"),
        judged("cases/<b>.jsonl > wrong", "fail", mismatches=[mismatch, missing]),
        judged("tests/a.test.ts > said", "fail", failures=[{"message": "expected 1 to be 2\nat a.test.ts"}]),
        judged("tests/a.test.ts > gone", "error", fault={"message": "No answer."}),
        judged("tests/a.test.ts > later", "skip"),
    ]
    events.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = read_run(1, events)
    assert run == 1
    assert not run.passed
    assert repr(run) == "<2 failed, 1 could not be judged, 1 passed, 1 skipped, exit code 1>"
    assert [(test.id, test.why) for test in run.failures] == [
        ("cases/<b>.jsonl > wrong", "process.length: 4, expected 5; process.half: nothing, expected 2.5"),
        ("tests/a.test.ts > said", "expected 1 to be 2"),
        ("tests/a.test.ts > gone", "No answer."),
    ]
    shown = run._repr_html_()
    assert "<td>✗ fail</td><td>cases/&lt;b&gt;.jsonl &gt; wrong</td>" in shown
    assert "<script" not in shown
    assert "style" not in shown


def test_many_failures_are_counted_not_listed(tmp_path: Path):
    events = tmp_path / "events.ndjson"
    events.write_text("\n".join(judged(f"t {i}", "fail") for i in range(30)), encoding="utf-8")
    shown = read_run(1, events)._repr_html_()
    assert shown.count("<tr>") == 21
    assert "and 10 more" in shown


def test_a_run_that_never_began_has_no_tests(tmp_path: Path):
    run = read_run(2, tmp_path / "none")
    assert run == 2
    assert run.tests == ()
    assert run._repr_html_() == "<p><strong>nothing was judged</strong></p>"
