"""The SQL-injection model as Tally calls it, with pandas and scikit-learn; connector.ts is the same for Node alone."""

import pandas as pd
from tallyml import Model

import model as classifier
from features import features

model = Model("sqli")
fitted = classifier.Model.load()


@model.operation
def process(frame: pd.DataFrame) -> pd.DataFrame:
    answer = features(frame["query"])
    # pandas says NaN for "there is none"; the contract says null.
    shares = ["special_share", "uppercase_share"]
    answer[shares] = answer[shares].astype(object).where(answer[shares].notna(), None)
    return answer


@model.operation(after="process")
def inference(frame: pd.DataFrame) -> pd.DataFrame:
    score = fitted.score(classifier.design(features(frame["query"])))
    return pd.DataFrame({"is_injection": score >= classifier.THRESHOLD, "score": score})
