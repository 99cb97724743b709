"""The operation for the tests of this folder: Flask's test client, or Flask over HTTP where ENDPOINT names a server."""

import os

import pytest


@pytest.fixture(scope="session")
def process():
    endpoint = os.environ.get("ENDPOINT")
    if endpoint:
        import requests

        session = requests.Session()
        return lambda query: session.post(f"{endpoint}/process", json=[{"query": query}]).json()[0]
    import flask_app

    client = flask_app.app.test_client()
    return lambda query: client.post("/process", json=[{"query": query}]).get_json()[0]
