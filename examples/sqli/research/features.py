"""The features of a query, with pandas.

Comes in: a column of strings. Goes out: a DataFrame with one column a feature, in the order of the contract.
The definition of every feature is in tally.toml; what matters everywhere:
a character is a Unicode code point, a word is a longest run of A-Z a-z 0-9 _ (re.ASCII, never Unicode's idea of \\w),
whitespace is U+0009..U+000D and U+0020, letter case is A-Z and a-z only, and nothing is trimmed or URL-decoded.
"""

import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

VOCABULARY = json.loads((Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8"))

# re.ASCII also keeps re.IGNORECASE to ASCII: the Kelvin sign is no k and the long s is no s.
ASCII = re.ASCII
ANY_CASE = re.ASCII | re.IGNORECASE


def words_among(words: list[str]) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


NULL = words_among(["null"])
KEYWORDS = words_among(VOCABULARY["keywords"])
LOGIC_WORDS = words_among(VOCABULARY["logic_words"])
FUNCTION_CALLS = words_among(VOCABULARY["functions"]) + r"\s*\("
TAUTOLOGY = re.compile(r"""(['"]?)\b(\w+)\1\s*=\s*\1\2\b""", ASCII)
WORD = re.compile(r"\w+", ASCII)


def entropy(query: str) -> float:
    """Bits a character: the sum of p * log2(1/p) over the distinct characters, in order of first appearance."""
    n = len(query)
    total = 0.0
    for count in Counter(query).values():
        p = count / n
        total += p * math.log2(1 / p)
    return total


def quote_style(query: str) -> str:
    kinds = [name for mark, name in (("'", "single"), ('"', "double"), ("`", "backtick")) if mark in query]
    return "none" if not kinds else kinds[0] if len(kinds) == 1 else "mixed"


def features(query: pd.Series) -> pd.DataFrame:
    # Object, not pandas' own string type: with pyarrow behind it, a lone surrogate could not be stored.
    query = query.astype(object)
    text = query.str
    length = text.len().astype("int64")
    digits = text.count(r"[0-9]").astype("float64")
    special = text.count(r"[!-/:-@\[-^`{-~]").astype("float64")
    upper = text.count(r"[A-Z]").astype("float64")
    letters = text.count(r"[A-Za-z]").astype("float64")
    some = length.where(length > 0).astype("float64")  # NaN where there is nothing to take a share of

    return pd.DataFrame(
        {
            "null_values": text.count(NULL, flags=ANY_CASE).astype("int64"),
            "length": length,
            "words": text.count(WORD.pattern, flags=ASCII).astype("int64"),
            "longest_word": query.map(lambda q: max(map(len, WORD.findall(q)), default=0)).astype("int64"),
            "keywords": text.count(KEYWORDS, flags=ANY_CASE).astype("int64"),
            "logic_words": text.count(LOGIC_WORDS, flags=ANY_CASE).astype("int64"),
            "function_calls": text.count(FUNCTION_CALLS, flags=ANY_CASE).astype("int64"),
            "quotes": text.count(r"['\"`]").astype("int64"),
            "quote_style": query.map(quote_style).astype(object),
            "unbalanced_quotes": (text.count("'") % 2 == 1) | (text.count('"') % 2 == 1),
            "comment_marks": text.count(r"--|/\*|\*/|#").astype("int64"),
            "operators": text.count(r"[=<>!|&]").astype("int64"),
            "parentheses": text.count(r"[()]").astype("int64"),
            "semicolons": text.count(";").astype("int64"),
            "percent_escapes": text.count(r"%[0-9A-Fa-f]{2}").astype("int64"),
            "tautology": query.map(lambda q: TAUTOLOGY.search(q) is not None).astype(bool),
            "entropy": query.map(entropy).astype("float64"),
            # numpy rounds half to even, as Python does.
            "digit_percent": np.rint(100 * digits / some).astype("Int64"),
            "special_share": special / some,
            "uppercase_share": upper / letters.where(letters > 0),
        }
    )
