from tallyml import Model

model = Model("wrong-rows")


@model.operation
def drops(records: list[dict]) -> list[dict]:
    return [{"ok": True} for record in records if record["query"] != "bad"]


@model.operation
def values(records: list[dict]) -> list[dict]:
    return [{"model": object()} for _ in records]
