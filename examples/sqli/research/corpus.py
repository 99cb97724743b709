"""The corpus: reading it, and removing what is there more than once.

Comes in: a folder with sqli.ndjson and benign.ndjson (and crs-negative.ndjson, ambiguous.ndjson).
Goes out: a DataFrame of query, label, source (the project it comes from) and file (source and path).
"""

import json
import re
import sys
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

FILES = {"sqli.ndjson": 1, "benign.ndjson": 0}
EXTRA = ["crs-negative.ndjson", "ambiguous.ndjson"]
SIMILAR = 0.8
SHINGLE, BANDS, ROWS = 4, 16, 4

WHERE = """The corpus is not part of this project. train.py looks for it in
  {folder}
and needs sqli.ndjson, benign.ndjson, crs-negative.ndjson and ambiguous.ndjson there,
one object a line: {{"query": "...", "src": "project:path:line"}}.
EVALUATION.md names the public repositories and commits it was assembled from.
Put it there, or say where it is:  python research/train.py --data FOLDER
The committed weights.json works without it."""


def read(folder: Path) -> pd.DataFrame:
    """All labelled queries; ends the program with a plain message when they are not there."""
    if any(not (folder / name).is_file() for name in [*FILES, *EXTRA]):
        sys.exit(WHERE.format(folder=folder))
    return pd.concat([read_file(folder / name, label) for name, label in FILES.items()], ignore_index=True)


def read_file(path: Path, label: int) -> pd.DataFrame:
    # Not splitlines(): a query may hold U+2028.
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    sources = [re.split(r"[:#]", line["src"]) for line in lines]
    return pd.DataFrame(
        {
            "query": pd.Series([line["query"] for line in lines], dtype=object),
            "label": label,
            "source": [parts[0] for parts in sources],
            "file": [":".join(parts[:2]) for parts in sources],
        }
    )


def normalised(query: str) -> str:
    """Queries that differ only in letter case, digits and whitespace become the same text."""
    return re.sub(r"\s+", " ", re.sub(r"[0-9]+", "0", query.lower())).strip()


def without_near_duplicates(corpus: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keeps, within a label and over all sources, the first of every group of near-duplicates."""
    keys = corpus["query"].map(normalised)
    once = corpus[~pd.DataFrame({"key": keys, "label": corpus["label"]}).duplicated()]
    kept = [i for _, group in once.groupby("label") for i in dissimilar(keys[group.index])]
    unique = once.loc[sorted(kept)].reset_index(drop=True)
    return unique, {"read": len(corpus), "after_key": len(once), "kept": len(unique)}


def dissimilar(texts: pd.Series) -> list[int]:
    """Labels of the texts that share less than SIMILAR of their shingles (Jaccard) with any text kept before.

    Candidates come from MinHash bands, so a pair just above the limit is missed now and then (one in 5,000 at 0.8).
    """
    shingles = [shingles_of(text) for text in texts]
    bands = minhash_bands(shingles)
    buckets: dict[bytes, list[int]] = {}
    kept = []
    for row, label in enumerate(texts.index):
        names = [bytes([band]) + bands[row, band].tobytes() for band in range(BANDS)]
        candidates = {other for name in names for other in buckets.get(name, [])}
        if any(jaccard(shingles[row], shingles[other]) >= SIMILAR for other in candidates):
            continue
        kept.append(label)
        for name in names:
            buckets.setdefault(name, []).append(row)
    return kept


def shingles_of(text: str) -> frozenset[int]:
    pieces = {text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))}
    return frozenset(zlib.crc32(piece.encode("utf-8", "surrogatepass")) for piece in pieces)


def minhash_bands(shingles: list[frozenset[int]]) -> np.ndarray:
    random = np.random.default_rng(20261122)
    factors = random.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    hashes = np.fromiter((h for one in shingles for h in sorted(one)), dtype=np.uint64)
    starts = np.cumsum([0] + [len(one) for one in shingles[:-1]])
    lowest = [np.minimum.reduceat((hashes * factor) >> np.uint64(32), starts) for factor in factors]
    return np.stack(lowest, axis=1).astype(np.uint32).reshape(len(shingles), BANDS, ROWS)


def jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    common = len(a & b)
    return common / (len(a) + len(b) - common)
