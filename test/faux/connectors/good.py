from tallyml import Model

model = Model("good")


@model.operation
def process(records: list[dict]) -> list[dict]:
    return [{"length": len(record["query"])} for record in records]


@model.operation(after="process")
def inference(records: list[dict]) -> list[dict]:
    return [{"score": 0.9 if "'" in record["query"] else 0.1} for record in records]
