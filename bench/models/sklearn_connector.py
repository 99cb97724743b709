"""The sklearn model as Tally calls it."""

import pandas as pd
from tallyml import Model

import sklearn_model

model = Model("bench")


@model.operation
def process(records: pd.DataFrame):
    return sklearn_model.process(records)
