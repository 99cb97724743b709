"""The model with the standard library alone: features of a query, one record after the other."""

import math
import re
from collections import Counter

NULL = re.compile(r"\bnull\b", re.IGNORECASE)
KEYWORD = re.compile(r"\b(select|from|where|union|insert|update|delete|drop)\b", re.IGNORECASE)


def process(records: list[dict]) -> list[dict]:
    return [features(record["query"]) for record in records]


def features(query: str) -> dict:
    return {
        "null_values": len(NULL.findall(query)),
        "keywords": len(KEYWORD.findall(query)),
        "length": len(query),
        "quotes": query.count("'"),
        "entropy": entropy(query),
    }


def entropy(text: str) -> float:
    counts = Counter(text).values()
    return sum(count / len(text) * math.log2(len(text) / count) for count in counts)
