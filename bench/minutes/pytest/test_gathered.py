"""500 parametrised tests of one record: what they ask can be foreseen, so it travels together."""

import pytest

CASES = [(f"select c{i} from t where c{i} is null" + " or d is null" * (i % 3), 1 + i % 3) for i in range(500)]


@pytest.mark.parametrize("query, nulls", CASES)
def test_record(process, query, nulls):
    answer = process({"query": query})
    assert answer["null_values"] == nulls
    assert answer["length"] == len(query)
