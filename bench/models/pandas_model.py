"""The same features as research code writes them: column by column in pandas, entropy in Python."""

import pandas as pd

from standard_model import KEYWORD, NULL, entropy


def process(frame: pd.DataFrame) -> pd.DataFrame:
    query = frame["query"]
    return pd.DataFrame(
        {
            "null_values": query.str.count(NULL),
            "keywords": query.str.count(KEYWORD),
            "length": query.str.len(),
            "quotes": query.str.count("'"),
            "entropy": query.map(entropy),
        }
    )
