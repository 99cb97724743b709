"""Trains the classifier and writes weights.json and EVALUATION.md.

    python research/train.py --data FOLDER

Deterministic: the same corpus and the versions of requirements.txt give the same two files.
"""

import argparse
import platform
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn

import corpus
from evaluation import report
from features import features
from model import Model, design

HERE = Path(__file__).parent


def weights_of(data: pd.DataFrame) -> pd.Series:
    """Both labels weigh the same; within a label a source weighs as the square root of its size.

    Otherwise the only large benign source would decide alone what harmless text looks like.
    """
    size = data.groupby(["source", "label"])["query"].transform("size")
    weight = 1 / np.sqrt(size)
    return weight / weight.groupby(data["label"]).transform("sum") * len(data) / 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=HERE.parent / "data", help="folder of the corpus")
    folder = arguments.parse_args().data.resolve()

    everything = corpus.read(folder)
    data, counts = corpus.without_near_duplicates(everything)
    inputs = design(features(data["query"]))

    model = Model.fit(inputs, data["label"], weights_of(data))
    model.save()

    def fit_and_score(train: pd.Series, test: pd.Series) -> np.ndarray:
        """What a model trained on some rows says of others."""
        return Model.fit(inputs[train], data["label"][train], weights_of(data[train])).score(inputs[test])

    extra = {name: corpus.read_file(folder / name, 0) for name in corpus.EXTRA}
    said = {name: model.score(design(features(rows["query"]))) for name, rows in extra.items()}
    versions = f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, pandas {pd.__version__}"
    text = report(everything, data, counts, fit_and_score, said, versions)
    (HERE / "EVALUATION.md").write_text(text, encoding="utf-8")
    print(f"wrote {HERE / 'weights.json'} and {HERE / 'EVALUATION.md'}")


if __name__ == "__main__":
    main()
