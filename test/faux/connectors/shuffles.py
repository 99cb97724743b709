import pandas as pd
from tallyml import Model

model = Model("shuffles")


@model.operation
def process(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(length=frame["query"].str.len()).sort_values("length")
