"""The classifier over the features: standardised inputs into a logistic regression of scikit-learn.

Comes in: features as `features.py` makes them. Goes out: the probability of an injection.
The fitted numbers live in weights.json, so that no pickle is needed and other languages can read them.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

WEIGHTS = Path(__file__).parent / "weights.json"
THRESHOLD = 0.5

# Counts and lengths enter as log(1 + x): the tenth quote says less than the first.
LOG1P = [
    "length", "words", "longest_word", "null_values", "keywords", "logic_words", "function_calls", "quotes",
    "comment_marks", "operators", "parentheses", "semicolons", "percent_escapes",
]  # fmt: skip
AS_THEY_ARE = ["unbalanced_quotes", "tautology", "entropy", "digit_percent", "special_share", "uppercase_share"]
QUOTE_STYLES = ["single", "double", "backtick", "mixed"]


def design(features: pd.DataFrame) -> pd.DataFrame:
    """The inputs of the regression, one column each; a missing feature is still NaN here."""
    columns = {name: np.log1p(features[name].astype("float64")) for name in LOG1P}
    columns |= {name: features[name].astype("float64") for name in AS_THEY_ARE}
    columns |= {f"quote_style={style}": (features["quote_style"] == style).astype("float64") for style in QUOTE_STYLES}
    return pd.DataFrame(columns)


class Model:
    """A fitted classifier: what a missing input becomes, and the pipeline."""

    def __init__(self, inputs: list[str], missing: pd.Series, pipeline: Pipeline):
        self.inputs = inputs
        self.missing = missing
        self.pipeline = pipeline

    @classmethod
    def fit(cls, inputs: pd.DataFrame, label: pd.Series, weight: pd.Series) -> "Model":
        missing = inputs.mean()
        pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
        pipeline.fit(inputs.fillna(missing).to_numpy(), label.to_numpy(), logisticregression__sample_weight=weight)
        return cls(list(inputs.columns), missing, pipeline)

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "Model":
        saved = json.loads(path.read_text(encoding="utf-8"))
        rows = pd.DataFrame(saved["inputs"]).set_index("name")
        n = len(rows)
        scaler = StandardScaler()
        scaler.mean_, scaler.scale_ = rows["mean"].to_numpy(), rows["scale"].to_numpy()
        scaler.var_, scaler.n_features_in_ = scaler.scale_**2, n
        regression = LogisticRegression()
        regression.classes_, regression.n_features_in_ = np.array([0, 1]), n
        regression.coef_, regression.intercept_ = rows[["weight"]].to_numpy().T, np.array([saved["intercept"]])
        return cls(list(rows.index), rows["missing"], make_pipeline(scaler, regression))

    def save(self, path: Path = WEIGHTS) -> None:
        scaler, regression = self.pipeline[0], self.pipeline[1]
        rows = [
            {
                "name": name,
                "transform": "log1p" if name in LOG1P else "equals" if "=" in name else "identity",
                # Where the feature is null: the mean of the training data.
                "missing": float(self.missing[name]),
                "mean": float(scaler.mean_[i]),
                "scale": float(scaler.scale_[i]),
                "weight": float(regression.coef_[0][i]),
            }
            for i, name in enumerate(self.inputs)
        ]
        saved = {"model": "sqli", "threshold": THRESHOLD, "intercept": float(regression.intercept_[0]), "inputs": rows}
        path.write_text(json.dumps(saved, indent=2) + "\n", encoding="utf-8")

    def score(self, inputs: pd.DataFrame) -> np.ndarray:
        """The probability of an injection, for each row."""
        filled = inputs[self.inputs].fillna(self.missing)
        return self.pipeline.predict_proba(filled.to_numpy())[:, 1]
