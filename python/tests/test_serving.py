"""`model.serve()` and `Endpoint`: real sockets, both ends."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tallyml import Endpoint, EndpointError, Model, OperationError
from tallyml.serving import ModelServer

VECTORS = Path(__file__).parent.parent.parent / "protocol" / "vectors" / "requests.jsonl"
# A Python connector gets numbers as Python has them: these two are kept as text only where nothing decodes them.
NOT_PYTHONS = {"an exponent beyond a double is kept", "minus zero and zeros at the end are kept"}


class Refused(Exception):
    pass


def make_model() -> Model:
    model = Model("echo", version="1.2.0")

    @model.operation
    def echo(records: list[dict]) -> list[dict]:
        if any(record.get("fail") for record in records):
            raise Refused("told to")
        return records

    @model.operation(after="echo")
    def count(records: list[dict]) -> dict:
        return {"n": [len(records)] * len(records)}

    return model


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    (tmp_path / "tally.toml").write_text(
        '[model]\nname = "echo"\n[operations.echo]\ninput = {}\noutput = {}\n[operations.later]\ninput = {}\noutput = {}\n'
    )
    monkeypatch.chdir(tmp_path)
    with make_model().serve() as server:
        yield server


def request(
    server: ModelServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def exact(text: str | bytes) -> object:
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


def vectors() -> list[dict]:
    lines = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["name"] not in NOT_PYTHONS]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["name"])
def test_requests_are_answered_as_the_protocol_says(served: ModelServer, vector: dict):
    body = base64.b64decode(vector["base64"]) if "base64" in vector else vector["body"].encode()
    kind = vector.get("type", "application/json")
    status, answer = request(served, "POST", f"/{vector['operation']}", body, Content_Type=kind)
    then = vector["then"]
    assert status == then["status"], answer
    if "body" in then:
        assert exact(answer) == exact(then["body"])
    else:
        assert json.loads(answer)["error"]["code"] == then["code"]


def test_it_describes_itself_and_is_healthy(served: ModelServer):
    assert json.loads(request(served, "GET", "/")[1]) == {
        "tally": 1,
        "name": "echo",
        "version": "1.2.0",
        "operations": {"echo": {}, "count": {"after": "echo"}},
    }
    assert request(served, "GET", "/health")[0] == 200
    assert request(served, "GET", "/nothing")[0] == 404


def test_foreign_host_names_are_refused(served: ModelServer):
    assert request(served, "POST", "/echo", b"[]", Host="evil.example")[0] == 403
    assert request(served, "POST", "/echo", b"[]", Host=f"localhost:{served.port}")[0] == 200


def test_a_cell_that_is_run_again_takes_the_same_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    first = make_model().serve(port)
    second = make_model().serve(port)
    try:
        assert not first.is_running
        assert Endpoint(second.url).count({}) == {"n": 1}
    finally:
        second.stop()


def test_a_port_that_another_program_has_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"127.0.0.1:{port} cannot be listened at .*port=0 takes a free one"):
            make_model().serve(port)
    with pytest.raises(ValueError, match="ports go up to 65535"):
        make_model().serve(70000)


def test_what_notebooks_show_is_static_and_escaped():
    model = Model("<b>x</b>")
    model.operation("a&b")(lambda records: records)
    server = model.serve()
    shown = server._repr_html_()
    assert "<script" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "a&amp;b" in shown
    assert re.search(r'<a href="http://127\.0\.0\.1:\d+">', shown)
    assert repr(server).startswith("<<b>x</b> at http://127.0.0.1:")
    server.stop()
    assert "stopped" in server._repr_html_()
    assert "stopped" in repr(server)
    server.stop()


def test_an_endpoint_answers_dicts_lists_and_frames(served: ModelServer):
    with Endpoint(served.url) as endpoint:
        assert endpoint.describe()["name"] == "echo"
        assert endpoint.echo({"x": 1}) == {"x": 1}
        assert endpoint.echo([{"x": 1}, {"x": float("nan")}])[1] == {"x": "NaN"}
        assert endpoint.echo([]) == []
        assert endpoint.operation("count")([{}] * 3)[2] == {"n": 3}
        pandas = pytest.importorskip("pandas")
        answered = endpoint.echo(pandas.DataFrame({"x": [1, 2], "y": ["a", None]}, index=["p", "q"]))
        assert answered["x"].to_dict() == {"p": 1, "q": 2}
        assert answered["y"].isna().to_dict() == {"p": False, "q": True}


def test_records_travel_in_batches(served: ModelServer):
    assert [one["n"] for one in Endpoint(served.url, batch=2).count([{}] * 5)] == [2, 2, 2, 2, 1]


def test_a_polars_frame_comes_back_as_one(served: ModelServer):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"x": [1, 2]})
    assert Endpoint(served.url).echo(frame).equals(frame)


def test_an_error_record_is_raised_with_the_other_answers(served: ModelServer):
    with pytest.raises(OperationError, match="echo answered Refused: told to") as caught:
        Endpoint(served.url).echo([{"x": 1}, {"fail": True}])
    assert caught.value.type == "Refused"
    assert caught.value.answers == [{"x": 1}, None]


def test_the_author_s_traceback_is_printed(served: ModelServer, capfd: pytest.CaptureFixture[str]):
    with pytest.raises(OperationError):
        Endpoint(served.url).echo({"fail": True})
    out = capfd.readouterr().out
    assert 'raise Refused("told to")' in out
    assert "tallyml/serving.py" not in out


def test_operations_that_are_not_there_and_things_that_are_no_records(served: ModelServer):
    endpoint = Endpoint(served.url)
    with pytest.raises(EndpointError, match="it has no such operation") as caught:
        endpoint.ecko({})
    assert caught.value.code == "operation-not-implemented"
    with pytest.raises(TypeError, match="takes a dict, a list of dicts or a DataFrame, not str"):
        endpoint.echo("x")
    with pytest.raises(TypeError, match="record 1 is of type int"):
        endpoint.echo([{}, 1])
    with pytest.raises(ValueError, match="write it like http://localhost:8080"):
        Endpoint("unix:/run/model.sock")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops", "endpoint-status"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "endpoint-body"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]", "endpoint-body"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "endpoint-count"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", "endpoint-unreachable"),
        (b"", "endpoint-reset"),
        (None, "endpoint-timeout"),
    ],
)
def test_what_can_go_wrong_has_a_code(answer: bytes | None, code: str):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        done = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                if answer is None:
                    done.wait(10)
                else:
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(EndpointError) as caught:
            Endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=0.5).echo({"x": 1})
        done.set()
        thread.join()
    assert caught.value.code == code


def test_a_connection_that_was_closed_meanwhile_is_opened_again():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{"x":1}]')

        thread = threading.Thread(target=serve)
        thread.start()
        endpoint = Endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}")
        assert [endpoint.echo({}), endpoint.echo({})] == [{"x": 1}, {"x": 1}]
        thread.join()


def test_model_test_runs_the_project_s_own_tally(tmp_path: Path, monkeypatch, capsys):
    binary = tmp_path / "node_modules" / ".bin" / "tally"
    binary.parent.mkdir(parents=True)
    binary.write_text('#!/bin/sh\necho "ran $*"\necho "with $TALLY_PYTHON"\nexit 3\n')
    binary.chmod(0o755)
    inner = tmp_path / "notebooks"
    inner.mkdir()
    monkeypatch.chdir(inner)
    monkeypatch.delenv("TALLY_PYTHON", raising=False)
    assert make_model().test("-k", "null") == 3
    assert repr(make_model().test()) == "<nothing was judged, exit code 3>"
    assert capsys.readouterr().out.startswith(f"ran test -k null\nwith {sys.executable}\n")
