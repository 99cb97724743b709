"""The same behind FastAPI: `MODEL=pandas_model uvicorn fastapi_app:app`. Plain dicts in and out, its faster form."""

import importlib
import os

import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

model = importlib.import_module(os.environ["MODEL"])
app = FastAPI()


@app.post("/process")
async def process(request: Request) -> JSONResponse:
    frame = pd.DataFrame(await request.json())
    return JSONResponse(model.process(frame).to_dict("records"))
