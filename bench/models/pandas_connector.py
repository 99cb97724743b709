"""The pandas model as Tally calls it."""

import pandas as pd
from tallyml import Model

import pandas_model

model = Model("bench")


@model.operation
def process(records: pd.DataFrame):
    return pandas_model.process(records)
