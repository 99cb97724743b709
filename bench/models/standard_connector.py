"""The standard model as Tally calls it."""

from tallyml import Model

import standard_model

model = Model("bench")


@model.operation
def process(records: list[dict]):
    return standard_model.process(records)
