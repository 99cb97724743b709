from tallyml import Model

model = Model("raises")


@model.operation
def process(records: list[dict]) -> list[dict]:
    return [{"length": parse(record["query"])} for record in records]


def parse(query: str) -> int:
    if query == "bad":
        raise ValueError("cannot parse 'bad'")
    return len(query)
