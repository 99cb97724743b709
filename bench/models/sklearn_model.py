"""The pandas features, and a scikit-learn pipeline that scores them. Trained at import, so that no file is needed."""

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import pandas_model

FEATURES = ["null_values", "keywords", "length", "quotes", "entropy"]
GOOD = ["select name from t where id = 7", "update t set a = null where b = 'x'", "insert into t values (1, 'a')"]
BAD = ["x' or 1=1 --", "' union select null, null from users --", "1; drop table t --"]


def train():
    queries = pd.DataFrame({"query": [f"{text} {i}" for i in range(40) for text in GOOD + BAD]})
    labels = [i % 6 >= 3 for i in range(len(queries))]
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(pandas_model.process(queries)[FEATURES], labels)


pipeline = train()


def process(frame: pd.DataFrame) -> pd.DataFrame:
    answer = pandas_model.process(frame)
    answer["score"] = pipeline.predict_proba(answer[FEATURES])[:, 1]
    return answer
