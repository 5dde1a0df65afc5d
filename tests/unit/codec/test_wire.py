from __future__ import annotations

import dataclasses
import types
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import DecodeError, decode, encode, from_json, to_json
from commlint.model.code import CallFacts, CodeFacts
from commlint.model.config import Config
from commlint.model.facts import FileFacts, Notice
from commlint.model.findings import Report
from commlint.model.operations import Recognition
from commlint.model.places import Extent, Region
from commlint.model.system import System
from commlint.model.values import VARIANTS, Literal, Reference, Template, Value

SCALARS = {
    str: st.text(max_size=8),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
}


def anything_of(kind: Any) -> st.SearchStrategy[Any]:
    """Whatever a field declared as `kind` may hold."""
    origin = get_origin(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    if kind is Value:
        return VALUES
    if origin in (Union, types.UnionType):
        return st.one_of(*map(anything_of, get_args(kind)))
    if origin is tuple:
        first, *rest = get_args(kind)
        if rest == [...]:
            return st.lists(anything_of(first), max_size=2).map(tuple)
        return st.tuples(*map(anything_of, get_args(kind)))
    if origin is dict:
        return st.dictionaries(*map(anything_of, get_args(kind)), max_size=2)
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return st.deferred(lambda: instances(kind))


def instances(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    names = getattr(kind, "_fields", None) or [field.name for field in dataclasses.fields(kind)]
    return st.builds(kind, **{name: anything_of(hints[name]) for name in names if name != "kind" or kind not in WIRED})


WIRED = set(VARIANTS.values())
VALUES: st.SearchStrategy[Value] = st.deferred(
    lambda: st.one_of(
        instances(VARIANTS["literal"]),
        instances(VARIANTS["reference"]),
        *(instances(variant) for variant in VARIANTS.values()),
    )
)


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_value_survives_msgpack(value: Value) -> None:
    """Every value comes back from the wire as the same variant with the same content."""
    assert decode(encode(value), Value) == value


@pytest.mark.parametrize("kind", [FileFacts, Recognition, System, Report, Config])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_model_survives_the_wire(kind: type, data: st.DataObject) -> None:
    """What a stage hands on comes back equal from msgpack and from JSON."""
    thing = data.draw(instances(kind))

    assert decode(encode(thing), kind) == thing
    assert from_json(to_json(thing).encode(), kind) == thing


def test_number_kinds_are_kept() -> None:
    """1, 1.0 and true stay apart, as a timeout of 1.0 is shown as written."""
    written = (Literal(1), Literal(1.0), Literal(True))

    read = decode(encode(written), tuple[Value, ...])

    assert [type(value.value) for value in read if isinstance(value, Literal)] == [int, float, bool]


def test_what_no_wire_carries_is_made_harmless() -> None:
    """A 128-bit constant becomes a float and a lone surrogate a question mark; the rest of the file is kept."""
    call = CallFacts(
        Reference("f"),
        (),
        function="",
        owner="",
        block=-1,
        inside=-1,
        awaited=False,
        used=False,
        extent=Extent(1, 1, 1, 4),
    )
    constants = Template((Literal(2**128), Literal("\ud800"), Literal(10**400)))
    facts = FileFacts("a.py", "0", CodeFacts("python", "a", calls=(dataclasses.replace(call, callee=constants), call)))

    code = decode(encode(facts), FileFacts).code

    assert code is not None
    assert code.calls[0].callee == Template((Literal(float(2**128)), Literal("?"), Literal(float("inf"))))
    assert code.calls[1] == call


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x93\x01\x02",
        encode(Notice("a", 1, "b"))[:-3],
        encode(Literal("x")),
        b"\x91" * 5000 + b"\x90",
        encode({"path": "a", "digest": "b", "code": 3}),
    ],
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    """Cut off, nested without end or of another type: one kind of error, nothing half read."""
    with pytest.raises(DecodeError):
        decode(data, FileFacts)


@pytest.mark.parametrize("value", [{"kind": "evil"}, {}, 3, {"kind": ["literal"]}, {"kind": "literal"}])
def test_value_of_no_variant_is_refused(value: object) -> None:
    """A value whose kind nobody knows, or that lacks its fields, is refused."""
    with pytest.raises(DecodeError):
        decode(encode(value), Value)


def test_json_is_indented_on_request() -> None:
    """JSON for people has one field per line, in the order of declaration."""
    assert to_json(Region("a.py", 3), indent=2).startswith('{\n  "path": "a.py",\n  "start_line": 3,\n')
