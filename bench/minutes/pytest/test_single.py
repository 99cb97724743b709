"""500 tests of one record that each test computes: nothing can be foreseen, each is a call."""

import pytest


@pytest.mark.parametrize("i", range(500))
def test_record(process, i):
    query = f"select c{i} from t where c{i} is null" + " or d is null" * (i % 3)
    answer = process({"query": query})
    assert answer["null_values"] == 1 + i % 3
    assert answer["length"] == len(query)
