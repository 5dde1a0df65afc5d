"""Contracts of HTTP interfaces and of messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.formats.asyncapi import AsyncApiReader
from commlint.extract.formats.openapi import OpenApiReader
from commlint.extract.port import FormatReader

PATHS: dict[str, Any] = {
    "/orders": {"get": {}, "post": {}, "parameters": []},
    "/orders/{id}": {"delete": {}},
    "x-more": {},
}


def read(reader: FormatReader, document: dict[str, Any], path: str = "api/orders.json") -> tuple[str, list[str]]:
    source = json.dumps(document, indent=1).encode()
    assert reader.claims(path, source)
    (contract,) = reader.read(path, source)[0].contracts
    return contract.name, [method.name for method in contract.methods]


@pytest.mark.parametrize(
    ("document", "base"),
    [
        ({"openapi": "3.0.0"}, ""),
        ({"openapi": "3.1.0", "servers": [{"url": "https://x.io/v1/"}]}, "/v1"),
        ({"openapi": "3.0.0", "servers": [{"url": "/v1"}]}, "/v1"),
        ({"openapi": "3.0.0", "servers": [{"url": "https://{host}/{base}"}]}, ""),
        ({"swagger": "2.0", "basePath": "/api"}, "/api"),
    ],
)
def test_openapi(document: dict[str, Any], base: str) -> None:
    """Each method of each path, under the path of the server."""
    found = read(OpenApiReader(), {**document, "info": {"title": "Orders"}, "paths": PATHS})

    assert found == ("Orders", [f"GET {base}/orders", f"POST {base}/orders", f"DELETE {base}/orders/{{id}}"])


def test_openapi_in_yaml() -> None:
    """Operations stand where their methods do."""
    text = b"openapi: 3.0.0\ninfo: {title: a}\npaths:\n  /a:\n    get: {}\n"
    (contract,) = OpenApiReader().read("api.yaml", text)[0].contracts

    assert contract.methods[0].extent.start_line == 5


def test_asyncapi_2() -> None:
    """Others publish to what the application receives."""
    document = {
        "asyncapi": "2.6.0",
        "info": {"title": "Orders"},
        "servers": {"a": {"url": "x", "protocol": "kafka-secure"}},
        "channels": {"orders.created": {"subscribe": {}}, "payments": {"publish": {}, "description": ""}},
    }

    assert read(AsyncApiReader(), document) == ("kafka:Orders", ["send orders.created", "receive payments"])


def test_asyncapi_3() -> None:
    """Operations name their channel, and the channel its address."""
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Orders"},
        "servers": {"a": {"protocol": "amqp"}, "b": {"protocol": "kafka"}},
        "channels": {"created": {"address": "orders.created"}, "payments": {}},
        "operations": {
            "tell": {"action": "send", "channel": {"$ref": "#/channels/created"}},
            "hear": {"action": "receive", "channel": {"$ref": "#/channels/payments"}},
        },
    }

    assert read(AsyncApiReader(), document) == (":Orders", ["send orders.created", "receive payments"])


@pytest.mark.parametrize("text", [b"paths: {}\n", b"openapi: 3.0.0\n", b'{"openapi": 1}'])
def test_what_is_no_interface(text: bytes) -> None:
    """Both a version and paths make one."""
    assert not OpenApiReader().claims("api.yaml", text)


@pytest.mark.parametrize("reader", [OpenApiReader(), AsyncApiReader()], ids=lambda each: each.name)
@given(text=st.text(alphabet=st.sampled_from('{}[]: \n"#$/openapithscl-'), max_size=200))
def test_total(reader: FormatReader, text: str) -> None:
    """Whatever a file holds, something is answered."""
    for path in ("a.yaml", "a.json"):
        assert reader.read(path, text.encode())[0].format == reader.name
