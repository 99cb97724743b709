from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from worker_process import PYTHON_FOLDER, WorkerProcess, is_running

import tallyml

LENGTHS = """
    from tallyml import Model

    model = Model("sqli", version="1.2.3")

    @model.operation
    def process(records: list[dict]):
        return [{"length": len(record["query"])} for record in records]

    @model.operation("inference", after="process")
    def anything(records: list[dict]):
        return {"is_long": [record["length"] > 2 for record in records]}
"""


def test_ready_says_what_the_code_defines(worker, connector):
    assert worker.hello(connector(LENGTHS)) == {
        "type": "ready",
        "protocol": 1,
        "sdk": tallyml.__version__,
        "runtime": f"python {platform.python_version()}",
        "name": "sqli",
        "version": "1.2.3",
        "operations": {"process": {"after": None}, "inference": {"after": "process"}},
    }


def test_columns_and_rows_are_answered(worker, connector):
    worker.hello(connector(LENGTHS))
    assert worker.call("process", 2, columns={"query": ["a", "bcd"]}) == {
        "type": "result",
        "id": 7,
        "n": 2,
        "columns": {"length": [1, 3]},
    }
    assert worker.call("process", 2, rows=[{"query": "a"}, {"query": "bcd", "x": 1}]) == {
        "type": "result",
        "id": 7,
        "n": 2,
        "columns": {"length": [1, 3]},
    }
    assert worker.call("inference", 1, columns={"length": [3]})["columns"] == {"is_long": [True]}


def test_rows_with_different_keys_stay_rows(worker, connector):
    worker.hello(
        connector("""
        from tallyml import Model
        model = Model("m")
        @model.operation
        def echo(records: list[dict]):
            return records
    """)
    )
    rows = [{"a": 1}, {"a": None, "b": [1.5, "é\ud800"]}, {}]
    assert worker.call("echo", 3, rows=rows) == {"type": "result", "id": 7, "n": 3, "rows": rows}
    assert worker.call("echo", 2, columns={})["columns"] == {}


def test_numbers_arrive_and_leave_as_written(worker, connector):
    worker.hello(
        connector("""
        from tallyml import Model
        model = Model("m")
        @model.operation
        def echo(records: list[dict]):
            return [{"type": type(r["x"]).__name__, "x": r["x"]} for r in records]
    """)
    )
    digits = "1" + "0" * 5000
    worker.send(
        b'{"type":"call","id":1,"operation":"echo","n":6,"columns":{"x":[9007199254740993,NaN,-Infinity,-0.0,1e16,'
        + digits.encode()
        + b"]}}"
    )
    head = worker._read(4, time.monotonic() + 10)
    text = worker._read(int.from_bytes(head, "little"), time.monotonic() + 10)
    assert b'"x":[9007199254740993,NaN,-Infinity,-0.0,1e+16,1' + b"0" * 5000 + b"]" in text


def test_an_error_of_the_author_names_only_their_frames(worker, connector):
    path = connector("""
        from tallyml import Model
        model = Model("m")

        @model.operation
        def process(records: list[dict]):
            return [feature(record) for record in records]

        def feature(record):
            return {"n": int(record["query"])}
    """)
    worker.hello(path)
    answer = worker.call("process", 2, columns={"query": ["1", "x"]})
    lines = [line for line in answer.pop("traceback").splitlines() if not set(line) <= set(" ^~")]
    assert [line for line in lines if "<listcomp>" not in line] == [
        "Traceback (most recent call last):",
        f'  File "{path}", line 7, in process',
        "    return [feature(record) for record in records]",
        *(["    return [feature(record) for record in records]"] if sys.version_info < (3, 12) else []),
        f'  File "{path}", line 10, in feature',
        '    return {"n": int(record["query"])}',
        "ValueError: invalid literal for int() with base 10: 'x'",
    ]
    assert answer == {
        "type": "error",
        "id": 7,
        "code": "connector-raised",
        "error": "ValueError",
        "message": "invalid literal for int() with base 10: 'x'",
    }
    assert worker.call("process", 1, columns={"query": ["1"]})["columns"] == {"n": [1]}


def test_exit_and_odd_exceptions_of_an_operation_end_no_worker(worker, connector):
    worker.hello(
        connector("""
        import sys
        from tallyml import Model
        model = Model("m")

        class Mute(Exception):
            def __str__(self):
                raise RuntimeError("no text")

        @model.operation
        def leave(records: list[dict]):
            sys.exit(3)

        @model.operation
        def mute(records: list[dict]):
            raise Mute()
    """)
    )
    left = worker.call("leave", 1, columns={})
    assert (left["code"], left["error"], left["message"]) == ("connector-raised", "SystemExit", "3")
    assert worker.call("mute", 1, columns={})["error"] == "Mute"


def test_the_connector_protocol_errors(worker, connector):
    worker.hello(
        connector("""
        from tallyml import Model
        model = Model("m")

        @model.operation
        def process(records: list[dict]):
            return records[:-1]

        @model.operation
        def tags(records: list[dict]):
            return [{"tags": {"a"}} for _ in records]

        @model.operation
        def nested(records: list[dict]):
            itself = []
            itself.append(itself)
            return [{"x": itself} for _ in records]
    """)
    )

    def error(operation):
        answer = worker.call(operation, 2, columns={"a": [1, 2]})
        assert answer["type"] == "error"
        assert answer["traceback"] == ""
        return answer["code"], answer["message"]

    assert error("process") == ("connector-row-count", "the answer has 1, expected 2: one row for each record")
    assert error("tags") == (
        "connector-type",
        "column 'tags', row 0: a value of type set cannot travel; return sorted(…) of it",
    )
    assert error("nested") == ("connector-type", "the answer holds itself, or is nested too deeply")
    assert error("proces") == ("connector-operation", "no operation 'proces' in the connector; did you mean 'process'?")


def test_a_record_too_deep_to_read_is_an_error_of_its_call(worker, connector):
    worker.hello(connector(LENGTHS))
    depth = 200_000
    deep = b"[" * depth + b"]" * depth
    answer = worker.ask(b'{"type":"call","id":41,"operation":"process","n":1,"columns":{"query":[' + deep + b"]}}")
    assert (answer["type"], answer["id"], answer["code"]) == ("error", 41, "connector-raised")
    assert worker.call("process", 1, columns={"query": ["a"]})["type"] == "result"


def test_a_record_of_another_type_than_declared_is_an_error_before_the_operation(worker, connector):
    operations = {"process": {"after": None, "input": {"query": {"type": "string", "nullable": False}}, "output": {}}}
    worker.hello(connector(LENGTHS), operations)
    answer = worker.call("process", 2, columns={"query": ["a", 5]})
    assert (answer["code"], answer["message"]) == (
        "connector-raised",
        "field 'query' of record 1: a number where the contract declares string",
    )


def test_printing_disturbs_nothing(worker, connector):
    worker.hello(
        connector("""
        import os, subprocess, sys
        from tallyml import Model
        model = Model("m")
        print("at import")

        @model.operation
        def process(records: list[dict]):
            print("by print \\ud800")
            os.write(1, b"by descriptor\\n")
            os.write(2, b"to stderr\\n")
            subprocess.run([sys.executable, "-c", "import os; print('by a child', [fd for fd in range(3, 10) if os.path.exists(f'/proc/self/fd/{fd}') and fd in (4, 5)])"])
            os.system("echo by a shell")
            return records
    """)
    )
    assert worker.call("process", 1, columns={"a": [1]})["columns"] == {"a": [1]}
    assert worker.log().splitlines() == [
        "at import",
        "by print \\ud800",
        "by descriptor",
        "to stderr",
        "by a child []",
        "by a shell",
    ]


def test_an_asynchronous_operation_is_awaited_on_one_loop(worker, connector):
    worker.hello(
        connector("""
        import asyncio
        from tallyml import Model
        model = Model("m")
        loops = set()

        @model.operation
        async def process(records: list[dict]):
            await asyncio.sleep(0)
            loops.add(id(asyncio.get_running_loop()))
            return [{"loops": len(loops)} for _ in records]
    """)
    )
    for _ in range(2):
        assert worker.call("process", 1, columns={"a": [1]})["columns"] == {"loops": [1]}


class TestImport:
    def fatal(self, worker, path, **hello):
        answer = worker.hello(path, **hello)
        assert worker.wait() == 1
        assert (answer.pop("type"), answer.pop("code")) == ("fatal", "connector-import")
        return answer

    def test_a_missing_module_shows_the_researchers_own_line(self, worker, connector):
        path = connector("""
            from tallyml import Model
            import no_such_library
        """)
        assert self.fatal(worker, path) == {
            "error": "ModuleNotFoundError",
            "message": "No module named 'no_such_library'",
            "traceback": "Traceback (most recent call last):\n"
            f'  File "{path}", line 3, in <module>\n'
            "    import no_such_library\n"
            "ModuleNotFoundError: No module named 'no_such_library'\n",
        }

    def test_a_syntax_error_shows_its_line(self, worker, connector):
        path = connector("def process(:\n    pass\n")
        answer = self.fatal(worker, path)
        assert answer["error"] == "SyntaxError"
        assert answer["traceback"].splitlines()[:2] == [f'  File "{path}", line 1', "    def process(:"]

    def test_no_model(self, worker, connector):
        path = connector("x = 1")
        assert self.fatal(worker, path)["message"] == (
            f'{path} defines no Model; write: from tallyml import Model; model = Model("…")'
        )

    def test_two_models(self, worker, connector):
        path = connector("""
            from tallyml import Model
            first = also_first = Model("a")
            second = Model("b")
        """)
        assert self.fatal(worker, path)["message"] == f"{path} holds 2 Models (also_first, second); a connector has one"

    def test_an_operation_defined_twice(self, worker, connector):
        path = connector("""
            from tallyml import Model
            model = Model("a")
            @model.operation
            def process(records): ...
            model.operation("process")(lambda records: records)
        """)
        answer = self.fatal(worker, path)
        assert answer["message"] == "operation 'process' is defined twice"
        assert [line.strip() for line in answer["traceback"].splitlines() if "File" in line] == [
            f'File "{path}", line 6, in <module>'
        ]

    def test_a_connector_that_ends_while_it_is_imported(self, worker, connector):
        assert self.fatal(worker, connector("import sys; sys.exit('no licence')"))["message"] == "no licence"

    def test_a_missing_file(self, worker, tmp_path):
        assert self.fatal(worker, tmp_path / "gone.py")["error"] == "FileNotFoundError"

    def test_another_protocol(self, worker):
        answer = worker.ask({"type": "hello", "protocol": 2, "tally": "9.0.0"})
        assert (answer["code"], answer["message"]) == (
            "connector-protocol",
            f"Tally 9.0.0 speaks protocol 2, tallyml {tallyml.__version__} speaks 1",
        )

    def test_what_no_operation_receives(self, worker, connector):
        path = connector("""
            from tallyml import Model
            model = Model("a")
            @model.operation
            def process(query: str): ...
        """)
        assert self.fatal(worker, path)["message"] == (
            "process() declares its records as str; an operation receives pandas.DataFrame, polars.DataFrame or list[dict]"
        )


def test_a_connector_is_loaded_like_a_script(worker, connector, tmp_path):
    connector("STEP = 2", "steps.py")
    path = connector(
        """
        import dataclasses, pickle, sys
        from tallyml import Model
        from steps import STEP

        @dataclasses.dataclass
        class Scaler:
            by: int

        trained = pickle.loads(pickle.dumps(Scaler(STEP)))
        # What a training script pickled: its classes were in __main__ there.
        by_script = pickle.loads(b"c__main__\\nScaler\\n(I5\\ntR.")
        model = Model("m")

        @model.operation
        def process(records: list[dict]):
            return [{"by": trained.by, "script": by_script.by, "first": sys.path[0]} for _ in records]
    """,
        "my-connector.py",
    )
    worker.hello(path)
    assert worker.call("process", 1, columns={"a": [1]})["columns"] == {
        "by": [2],
        "script": [5],
        "first": [str(tmp_path)],
    }


def test_the_working_directory_is_searched_last(connector, tmp_path, monkeypatch):
    elsewhere = tmp_path / "project"
    elsewhere.mkdir()
    (elsewhere / "steps.py").write_text("STEP = 'of the project'")
    (elsewhere / "features.py").write_text("NAME = 'found'")
    connector("STEP = 'of the connector'", "steps.py")
    path = connector("""
        from features import NAME
        from steps import STEP
        from tallyml import Model
        model = Model("m")
        @model.operation
        def process(records: list[dict]):
            return [{"step": STEP, "name": NAME} for _ in records]
    """)
    monkeypatch.chdir(elsewhere)
    worker = WorkerProcess()
    try:
        worker.hello(path)
        answer = worker.call("process", 1, columns={"a": [1]})
        assert answer["columns"] == {"step": ["of the connector"], "name": ["found"]}
    finally:
        worker.dispose()


def test_a_connector_named_like_a_library_replaces_none(worker, connector):
    path = connector(
        """
        import json
        from tallyml import Model
        model = Model("m")
        @model.operation
        def process(records: list[dict]):
            return [{"json": json.dumps(1), "name": __name__} for _ in records]
    """,
        "json.py",
    )
    worker.hello(path)
    assert worker.call("process", 1, columns={"a": [1]})["columns"] == {"json": ["1"], "name": ["connector_json"]}


class TestEnd:
    SLEEPER = """
        import re, time
        from tallyml import Model
        model = Model("m")

        @model.operation
        def sleep(records: list[dict]):
            time.sleep(600)

        @model.operation
        def regex(records: list[dict]):
            re.match("(a+)+$", "a" * 60 + "b")
    """

    def test_the_end_of_the_frames_is_status_0(self, worker, connector):
        worker.hello(connector(LENGTHS))
        worker.close_frames()
        assert worker.wait() == 0
        assert worker.log() == ""

    def test_the_end_before_hello_is_status_0(self, worker):
        worker.close_frames()
        assert worker.wait() == 0

    def test_the_end_in_the_middle_of_a_frame_is_quiet(self, worker, connector):
        worker.hello(connector(LENGTHS))
        os.write(worker._in, b"\x10\x00\x00\x00{")
        worker.close_frames()
        assert worker.wait() == 0
        assert worker.log() == ""

    def test_nobody_reading_the_answer_is_quiet(self, worker, connector):
        worker.hello(connector(LENGTHS))
        os.close(worker._out)
        worker._out = -1
        worker.send({"type": "call", "id": 1, "operation": "process", "n": 1, "columns": {"query": ["a"]}})
        assert worker.wait() == 0
        assert worker.log() == ""

    def test_the_lifeline_ends_a_sleeping_worker(self, worker, connector):
        worker.hello(connector(self.SLEEPER))
        worker.send({"type": "call", "id": 1, "operation": "sleep", "n": 1, "columns": {}})
        time.sleep(0.2)
        worker.close_lifeline()
        assert worker.wait(seconds=3) == 0

    def test_an_interrupt_is_ignored(self, worker, connector):
        worker.hello(connector(LENGTHS))
        os.kill(worker.pid, signal.SIGINT)
        assert worker.call("process", 1, columns={"query": ["a"]})["columns"] == {"length": [1]}

    @pytest.mark.parametrize("operation", ["sleep", "regex"])
    def test_kill_9_of_the_parent_ends_a_busy_worker(self, connector, tmp_path, operation):
        if operation == "regex" and sys.platform != "linux":
            pytest.skip("only Linux ends native code with its parent")
        path = connector(self.SLEEPER)
        script = tmp_path / "parent.py"
        script.write_text(
            "import sys, time\n"
            f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "from pathlib import Path\n"
            "from worker_process import WorkerProcess\n"
            "worker = WorkerProcess()\n"
            f"worker.hello(Path({str(path)!r}))\n"
            f"worker.send({{'type': 'call', 'id': 1, 'operation': {operation!r}, 'n': 1, 'columns': {{}}}})\n"
            "time.sleep(0.3)\n"
            "print(worker.pid, flush=True)\n"
            "time.sleep(600)\n"
        )
        parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        deadline = time.monotonic() + 5
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_running(pid)

    def test_a_forked_child_does_not_hold_the_frames(self, worker, connector):
        worker.hello(
            connector("""
            import os, time
            from tallyml import Model
            model = Model("m")
            @model.operation
            def process(records: list[dict]):
                child = os.fork()
                if child == 0:
                    time.sleep(20)
                    os._exit(0)
                return [{"child": child} for _ in records]
        """)
        )
        child = worker.call("process", 1, columns={"a": [1]})["columns"]["child"][0]
        try:
            worker.close_frames()
            assert worker.wait() == 0
            assert worker.receive(seconds=3) is None
        finally:
            os.kill(child, signal.SIGKILL)


def test_by_hand_it_says_who_starts_it():
    done = subprocess.run(
        [sys.executable, "-m", "tallyml.worker"],
        env={**os.environ, "PYTHONPATH": PYTHON_FOLDER},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tallyml.worker is started by Tally (tally test, tally serve), not by hand.\n"


def test_no_library_is_imported_unless_an_operation_asks_for_it(connector):
    worker = WorkerProcess()
    try:
        worker.hello(
            connector("""
            import sys
            from tallyml import Model
            model = Model("m")
            @model.operation
            def process(records: list[dict]):
                return [{"loaded": [name for name in ("pandas", "polars", "numpy", "orjson") if name in sys.modules]}]
        """)
        )
        assert worker.call("process", 1, columns={"a": [1]})["columns"] == {"loaded": [[]]}
    finally:
        worker.dispose()
