"""pytest as Tally runs it: collects, says which tests there are, runs those asked for and says what became of each.

Comes in: what to run, answers. Goes out: tests, calls, outcomes (protocol/pytest.md). Everything that is judged by the
contract is judged by Tally.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Sequence
from typing import Any

import pytest

from .field_type import read_operations
from .foresee import Call, Forecast, Parameters, learn
from .operations import OperationSet
from .pytest_link import PytestLink, TallyAsker
from .pytest_outcome import Phase, describe_outcome
from .pytest_session import SESSION, TallySession

_NOT_TAGS = {
    *("parametrize", "skip", "skipif", "xfail", "usefixtures", "filterwarnings", "tryfirst", "trylast"),
    *("required", "recommended", "bug", "timeout"),
}
_FORESEEN_AT_ONCE = 1024
"""Items whose calls are asked ahead; an answer that nobody fetches is the only thing lost."""


class UnderTally:
    """The plugin of one run."""

    def __init__(self, link: PytestLink, hello: dict[str, Any]) -> None:
        """`hello` is Tally's first frame."""
        self._link = link
        self._root: str = hello["root"]
        self._repeat: int = hello["repeat"]
        self._gather: bool = hello["gather"]
        self._asker = TallyAsker(link)
        declared = read_operations(hello["operations"])
        self._calls: list[Call] = []
        self._operations = OperationSet(
            declared, self._asker, lambda name, records: self._calls.append(Call(name, records))
        )
        self._broken: list[dict[str, Any]] = []
        self._deselected: dict[str, None] = {}
        self._phases: list[Phase] = []
        self.has_collected = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """What the fixtures need to know; pytest's own wishes about when to stop are Tally's affair."""
        config.stash[SESSION] = TallySession(self._operations, is_quiet=True)
        config.option.maxfail = 0
        if hasattr(config.option, "numprocesses"):  # pytest-xdist: its workers would know nothing of Tally.
            config.option.numprocesses = None
            config.option.dist = "no"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read does not keep the others from running."""
        if not report.failed:
            return
        text = report.longreprtext.strip()
        errors = [line[1:].strip() for line in text.split("\n") if line.startswith("E ")]
        said = next((line for line in reversed(errors) if line), text.split("\n")[-1])
        self._broken.append({"file": report.nodeid.split("::")[0], "message": said, "traceback": text})

    def pytest_internalerror(self, excrepr: Any) -> None:
        """pytest's own trouble, or a plugin's: into the log, which Tally shows."""
        sys.stderr.write(f"{excrepr}\n")

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """A file is not empty because the project's own options leave its tests out."""
        self._deselected.update(dict.fromkeys(self._path(item.path) for item in items))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[Any]) -> Generator[None, Any, None]:
        """Keeps each phase with its exception, whose traceback a report holds as text only."""
        outcome = yield
        self._phases.append(Phase(outcome.get_result(), call.excinfo.value if call.excinfo else None))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        tests = [self._describe(index, item) for index, item in enumerate(session.items)]
        self.has_collected = True
        # Differences in full: Tally says where to cut. Not before, or tracebacks of files show pytest's own frames.
        session.config.option.verbose = max(session.config.option.verbose, 2)
        self._link.send(
            {
                "type": "collected",
                "pytest": pytest.__version__,
                "tests": tests,
                "broken": [{**one, "file": self._path(session.config.rootpath / one["file"])} for one in self._broken],
                "deselected": list(self._deselected),
            }
        )
        asked: list[int] = self._link.receive()["indices"]
        selected = [session.items[index] for index in asked]
        indices = {id(item): index for index, item in enumerate(session.items)}
        forecasts = _Forecasts(selected) if self._gather else None
        for position, item in enumerate(selected):
            if forecasts is not None:
                self._foresee(forecasts.ahead(position), indices)
            following = selected[position + 1] if position + 1 < len(selected) else None
            stop = self._run(item, following, indices[id(item)])
            if forecasts is not None:
                forecasts.learn(item, self._calls)
            if stop:
                break
        return True

    def _describe(self, index: int, item: pytest.Item) -> dict[str, Any]:
        names: list[str] = []
        for node in item.listchain():
            names = [] if isinstance(node, pytest.File) else [*names, node.name]
        line = item.location[1]
        marks = list(item.iter_markers())
        bug = item.get_closest_marker("bug")
        timeout = item.get_closest_marker("timeout")
        seconds = timeout.args[0] if timeout is not None and timeout.args else None
        level = next((mark.name for mark in marks if mark.name in ("required", "recommended")), "required")
        return {
            "index": index,
            "file": self._path(item.path),
            "names": names,
            "line": None if line is None else line + 1,
            "level": level,
            "tags": list(dict.fromkeys(mark.name for mark in reversed(marks) if mark.name not in _NOT_TAGS)),
            "bug": str(bug.args[0]) if bug is not None and bug.args else None,
            "timeout": seconds if isinstance(seconds, (int, float)) and seconds > 0 else None,
        }

    def _path(self, path: Any) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def _run(self, item: pytest.Item, following: pytest.Item | None, index: int) -> bool:
        """Runs an item until it is judged; whether nothing more is to be run."""
        self._link.send({"type": "started", "index": index})
        self._asker.test = index
        judged = self._attempt(item, following, 0)
        for before in range(1, self._repeat):
            if judged["outcome"] != "passed" or not hasattr(item, "_initrequest"):
                break
            judged = self._attempt(item, following, before)
        can_repeat = hasattr(item, "_initrequest")
        frame = {**judged, "type": "judged", "index": index, "repeatable": can_repeat}
        if judged["outcome"] != "failed":
            self._link.note(frame)
            self._asker.test = None
            return False
        reply = self._link.ask(frame)
        if reply["again"]:
            again = self._attempt(item, following, 1)
            reply = self._link.ask({**again, "again": True, "type": "judged", "index": index, "repeatable": False})
        self._asker.test = None
        return reply["stop"]

    def _attempt(self, item: pytest.Item, following: pytest.Item | None, before: int) -> dict[str, Any]:
        """Setup, call and teardown; a repetition gets its fixtures anew."""
        self._phases.clear()
        self._calls.clear()
        if before:
            item._initrequest()  # type: ignore[attr-defined]  # pyright: ignore
        began = time.perf_counter()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        ms = (time.perf_counter() - began) * 1000
        told = describe_outcome(self._phases, self._root, list(self._operations.declared))
        if before and told["outcome"] == "failed" and self._repeat > 1:
            told["note"] = f"passed {before} times before, of {self._repeat} asked"
        return {**told, "ms": ms}

    def _foresee(self, items: Sequence[tuple[pytest.Item, Sequence[Call]]], indices: dict[int, int]) -> None:
        calls: list[dict[str, Any]] = []
        for item, foreseen in items:
            for call in foreseen:
                try:
                    records = self._operations(call.operation).texts(call.records)
                except (TypeError, ValueError):
                    break
                calls.append({"index": indices[id(item)], "operation": call.operation, "records": records})
        if calls:
            self._link.ask({"type": "foresee", "calls": calls})


class _Group:
    """The items of one parametrised function."""

    def __init__(self) -> None:
        self.samples: list[tuple[Parameters, Sequence[Call]]] = []
        self.forecast: Forecast | None = None
        self.waiting: list[pytest.Item] = []


class _Forecasts:
    """What the items that are still to run will ask."""

    def __init__(self, selected: Sequence[pytest.Item]) -> None:
        self._selected = selected
        self._groups: dict[object, _Group] = {}
        for item in selected:
            if _parameters(item) is not None:
                self._groups.setdefault(_function(item), _Group()).waiting.append(item)

    def ahead(self, position: int) -> list[tuple[pytest.Item, Sequence[Call]]]:
        """Calls to ask before this item runs: its own and those of the items of its function that follow."""
        group = self._groups.get(_function(self._selected[position]))
        if group is None or group.forecast is None or self._selected[position] not in group.waiting[:1]:
            return []
        now, group.waiting = group.waiting[:_FORESEEN_AT_ONCE], group.waiting[_FORESEEN_AT_ONCE:]
        return [(item, group.forecast.calls(_parameters(item) or {})) for item in now]

    def learn(self, item: pytest.Item, calls: Sequence[Call]) -> None:
        """An item has run and has asked this."""
        group = self._groups.get(_function(item))
        parameters = _parameters(item)
        if group is None or parameters is None or len(group.samples) == 2:
            return
        group.waiting.remove(item)
        group.samples.append((parameters, list(calls)))
        if len(group.samples) == 2:
            group.forecast = learn(*group.samples)


def _parameters(item: pytest.Item) -> Parameters | None:
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params


def _function(item: pytest.Item) -> object:
    return (item.parent, getattr(item, "originalname", None) or item.name)
