"""The operation of a model behind Flask, the way a research team would: `MODEL=pandas_model flask --app flask_app run`."""

import importlib
import os

from flask import Flask, jsonify, request

name = os.environ["MODEL"]
model = importlib.import_module(name)
app = Flask(__name__)


@app.post("/process")
def process():
    records = request.get_json()
    if name == "standard_model":
        return jsonify(model.process(records))
    import pandas as pd

    return jsonify(model.process(pd.DataFrame(records)).to_dict("records"))
