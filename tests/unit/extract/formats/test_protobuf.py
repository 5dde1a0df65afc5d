from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.formats.protobuf import ProtobufReader
from commlint.model.declarations import Contract
from commlint.model.places import Extent

GOOD = """
    syntax = "proto3";
    // package not.this;
    package shop.v1;
    import "google/protobuf/empty.proto";
    option java_package = "com.example; service X {";

    /* service Commented { rpc A (B) returns (C); } */
    message Item {
      string service = 1;
      oneof kind { string a = 2; message Inner { int32 rpc = 1; } }
    }

    service Inventory {
      option deprecated = true;
      rpc Reserve (Item) returns (.shop.v1.Item);
      rpc Watch(stream Item) returns(stream Item) {
        option (google.api.http) = { get: "/v1/{name=items/*}" additional_bindings { get: "/x" } };
      }
      rpc Upload (stream
                  Item)
          returns (google.protobuf.Empty) {}
    }
    service Empty {}
"""


def read(text: str) -> tuple[Contract, ...]:
    declarations, notices = ProtobufReader().read("a.proto", dedent(text).encode())
    assert notices == ()
    return declarations.contracts


def test_services_and_methods() -> None:
    """Services are named with their package; methods say which side streams."""
    contracts = read(GOOD)

    assert [(contract.kind, contract.name) for contract in contracts] == [
        ("grpc", "shop.v1.Inventory"),
        ("grpc", "shop.v1.Empty"),
    ]
    assert [(m.name, m.client_streaming, m.server_streaming) for m in contracts[0].methods] == [
        ("Reserve", False, False),
        ("Watch", True, True),
        ("Upload", True, False),
    ]


def test_places() -> None:
    """Services and methods stand at their keyword and name."""
    contract = read(GOOD)[0]

    assert contract.extent == Extent(14, 1, 14, 18)
    assert contract.methods[1].extent == Extent(17, 3, 17, 12)


def test_no_package() -> None:
    """Without a package a service has its plain name."""
    assert [contract.name for contract in read("service A { rpc B (C) returns (D); }")] == ["A"]


def test_names_that_begin_like_keywords() -> None:
    """A message called `stream` is no stream."""
    methods = read("service A { rpc B (stream) returns (streamed.Thing); }")[0].methods

    assert [(m.client_streaming, m.server_streaming) for m in methods] == [(False, False)]


@pytest.mark.parametrize(
    "text",
    [
        "package p\nservice A {\n rpc B (C) returns (D)\n rpc E (F) returns (G);\n}\n",
        'syntax = "proto3"\npackage p;\nservice A {\n rpc B (C) returns (D) {}\n rpc E (F) returns (G) {};\n}\n',
        "package p; message M { !!! } enum X { A = ; } service A { ??? rpc B (C) returns (D); rpc E }",
    ],
)
def test_small_errors_cost_nothing(text: str) -> None:
    """A missing semicolon or a bad message does not hide a service or a method."""
    contracts = read(text)

    assert [(contract.name, [m.name for m in contract.methods]) for contract in contracts] == [("p.A", ["B", "E"])]


@pytest.mark.parametrize(
    ("text", "methods", "message"),
    [
        ("service A { rpc B (C) returns (D);", ["B"], 'service "A" is not closed; a "}" is missing'),
        ("service A", [], 'service "A" has no body; expected "{"'),
    ],
)
def test_unfinished_service(text: str, methods: list[str], message: str) -> None:
    """A service that does not end is told, and keeps the methods it has."""
    declarations, notices = ProtobufReader().read("a.proto", text.encode())

    assert [[m.name for m in contract.methods] for contract in declarations.contracts] == [methods]
    assert [notice.message for notice in notices] == [f"broken protobuf: {message}"]


@pytest.mark.parametrize("text", ["/*" * 200_000, "{" * 200_000, "service A {" * 20_000, "message A {" * 100_000])
def test_hostile_text_is_survived(text: str) -> None:
    """Text made to cost time or depth gives an answer."""
    declarations, _ = ProtobufReader().read("a.proto", f"service S {{}}\n{text}".encode())

    assert declarations.contracts[0].name == "S"


@settings(deadline=None)
@given(st.text(alphabet="servicerpckg A{}();=/*\"'\n.streamun", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever the file holds, there is an answer."""
    declarations, _ = ProtobufReader().read("a.proto", f"service {text}".encode())

    assert declarations.format == "protobuf"
