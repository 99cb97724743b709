"""1,000 tests of one record each: the same as thousand.test.ts."""

import pytest


@pytest.mark.parametrize("i", range(1000))
def test_record(process, i):
    query = f"select c{i} from t where c{i} is null" + " or d is null" * (i % 3)
    answer = process(query)
    assert answer["null_values"] == 1 + i % 3
    assert answer["keywords"] == 3
    assert answer["length"] == len(query)
