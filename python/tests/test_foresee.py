from __future__ import annotations

from tallyml.foresee import Call, learn


def forecast(first: dict, second: dict, ask, third: dict) -> list[Call]:
    learnt = learn((first, ask(**first)), (second, ask(**second)))
    return learnt.calls(third) if learnt else []


def test_a_record_made_of_parameters_and_constants_is_foreseen():
    def ask(text: str, n: int) -> list[Call]:
        return [Call("process", {"text": text, "lang": "en", "tags": [n, 1]})]

    found = forecast({"text": "a", "n": 2}, {"text": "b", "n": 3}, ask, {"text": "c", "n": 4})
    assert found == [Call("process", {"text": "c", "lang": "en", "tags": [4, 1]})]


def test_a_record_inside_a_parameter_and_lists_are_foreseen():
    def ask(case: dict) -> list[Call]:
        return [Call("process", case["input"]), Call("inference", [case["input"], {"text": case["more"][0]}])]

    cases = [{"case": {"input": {"text": text}, "more": [text * 2]}} for text in ("a", "b", "c")]
    assert forecast(cases[0], cases[1], ask, cases[2]) == [
        Call("process", {"text": "c"}),
        Call("inference", [{"text": "c"}, {"text": "cc"}]),
    ]


def test_what_a_test_computes_ends_the_forecast():
    def ask(n: int) -> list[Call]:
        return [Call("process", {"n": n}), Call("process", {"n": n + 1}), Call("process", {"n": n})]

    assert forecast({"n": 1}, {"n": 5}, ask, {"n": 9}) == [Call("process", {"n": 9})]


def test_values_that_agree_by_chance_in_one_item_are_not_taken_for_each_other():
    def ask(a: int, b: int) -> list[Call]:
        return [Call("process", {"x": b})]

    assert forecast({"a": 1, "b": 1}, {"a": 2, "b": 3}, ask, {"a": 7, "b": 8}) == [Call("process", {"x": 8})]


def test_other_keys_other_types_and_other_operations_are_not_foreseen():
    assert learn(({"n": 1}, [Call("process", {"a": 1})]), ({"n": 2}, [Call("process", {"b": 2})])) is None
    assert learn(({"n": 1}, [Call("process", {"a": True})]), ({"n": 1}, [Call("process", {"a": 1})])) is None
    assert learn(({"n": 1}, [Call("process", {})]), ({"n": 2}, [Call("inference", {})])) is None
    assert learn(({"n": 1}, []), ({"n": 2}, [])) is None


def test_a_parameter_that_an_item_lacks_ends_its_forecast():
    learnt = learn(({"c": {"t": 1}}, [Call("process", {"x": 1})]), ({"c": {"t": 2}}, [Call("process", {"x": 2})]))
    assert learnt is not None
    assert learnt.calls({"c": {}}) == []
