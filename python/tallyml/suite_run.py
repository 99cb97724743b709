"""What came of `model.test()`: an exit code that knows its tests, and shows itself in a notebook without scripts."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SHOWN_FAILURES = 20
_MARKS = {"pass": "✓", "known": "✓", "fail": "✗", "error": "!", "skip": "–"}


@dataclass(frozen=True)
class JudgedTest:
    """One test and its verdict: pass, fail, error, skip or known."""

    id: str
    verdict: str
    why: str
    """What was off, or why it could not be judged; empty when it passed."""


class SuiteRun(int):
    """The exit code of a run; 0 when everything that was planned agrees. `tests` has each test with its verdict."""

    tests: tuple[JudgedTest, ...]

    def __new__(cls, exit_code: int, tests: Iterable[JudgedTest] = ()) -> SuiteRun:
        """An exit code with what was judged."""
        made = super().__new__(cls, exit_code)
        made.tests = tuple(tests)
        return made

    @property
    def passed(self) -> bool:
        """Whether all that was planned was judged and agrees."""
        return self == 0

    @property
    def failures(self) -> tuple[JudgedTest, ...]:
        """Tests that failed, or that could not be judged."""
        return tuple(test for test in self.tests if test.verdict in ("fail", "error"))

    def __repr__(self) -> str:
        """One line."""
        return f"<{self._counts()}, exit code {int(self)}>"

    def _repr_html_(self) -> str:
        """For notebooks: no script and no style, so that it survives wherever notebooks are shown."""
        rows = "".join(
            f"<tr><td>{_MARKS.get(test.verdict, '')} {test.verdict}</td><td>{html.escape(test.id)}</td>"
            f"<td>{html.escape(test.why)}</td></tr>"
            for test in self.failures[:_SHOWN_FAILURES]
        )
        more = len(self.failures) - _SHOWN_FAILURES
        left = f"<p>… and {more} more</p>" if more > 0 else ""
        table = f"<table><tr><th></th><th>test</th><th>why</th></tr>{rows}</table>{left}" if rows else ""
        return f"<p><strong>{self._counts()}</strong></p>{table}"

    def _counts(self) -> str:
        verdicts = [test.verdict for test in self.tests]
        counted = [
            f"{verdicts.count(verdict)} {said}"
            for verdict, said in (
                ("fail", "failed"),
                ("error", "could not be judged"),
                ("pass", "passed"),
                ("known", "known"),
                ("skip", "skipped"),
            )
            if verdict in verdicts
        ]
        return ", ".join(counted) or "nothing was judged"


def read_run(exit_code: int, events: Path) -> SuiteRun:
    """A run from its event stream; without tests where it never began."""
    try:
        lines = events.read_text(encoding="utf-8").splitlines()
    except OSError:
        return SuiteRun(exit_code)
    judged = [json.loads(line) for line in lines if line.startswith('{"type":"test-judged"')]
    return SuiteRun(exit_code, map(_judged, judged))


def _judged(event: dict[str, Any]) -> JudgedTest:
    fields = [
        f"{one['operation']}.{one['path']}: {_shown(one, 'candidate')}, expected {_shown(one, 'reference')}"
        for one in event.get("mismatches", [])
    ]
    said = [str(one["message"]).split("\n")[0] for one in event.get("failures", [])]
    fault = event.get("fault")
    why = fields or said or ([str(fault["message"])] if fault else [])
    return JudgedTest(event["id"], event["verdict"], "; ".join(why))


def _shown(mismatch: dict[str, Any], side: str) -> str:
    return json.dumps(mismatch[side], ensure_ascii=False) if side in mismatch else "nothing"
