"""OTLP as JSON."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.observe.describing import Describer
from commlint.observe.port import NO_IDS, Reading
from commlint.observe.readers.otlp_json import BROKEN, OtlpJson

from ..batches import Seen, reading_of, spans_of
from ..recordings import START, Recorded, batch

SPAN = Recorded("orders", 7, 8, 9, 3, "GET", 5, 20, True, {"http.request.method": "GET"}, links=((1, 2),))


def read(document: Any) -> list[Seen]:
    return spans_of(OtlpJson, json.dumps(document).encode())


def reading(document: Any) -> Reading:
    return reading_of(OtlpJson, json.dumps(document).encode())[1]


def changed(**fields: Any) -> dict[str, Any]:
    """The recording of SPAN with fields of the span replaced."""
    document = batch(SPAN)
    document["resourceSpans"][0]["scopeSpans"][0]["spans"][0] |= fields
    return document


def test_all_of_a_span_is_read() -> None:
    """Ids, times, status, kind, attributes and links."""
    (span,) = read(batch(SPAN))

    assert (span.trace, span.id, span.parent) == (f"{7:032x}", f"{8:016x}", f"{9:016x}")
    assert span.links == (f"{1:032x}{2:016x}",)
    assert (span.start, span.end, span.error) == (START + 5, START + 25, True)
    assert (span.meaning.service, span.meaning.kind, span.meaning.operation) == ("orders", 3, "GET")


@pytest.mark.parametrize(
    "fields",
    [
        {"traceId": "ABCDEF" + "0" * 26, "spanId": "ABCDEF0123456789"},
        {
            "traceId": base64.b64encode(bytes.fromhex("abcdef" + "0" * 26)).decode(),
            "spanId": base64.b64encode(bytes.fromhex("abcdef0123456789")).decode(),
        },
    ],
)
def test_ids_are_hexadecimal_in_any_case_or_base64(fields: dict[str, str]) -> None:
    """Other printers of protobuf write them in their own way."""
    (span,) = read(changed(**fields, parentSpanId=""))

    assert (span.trace, span.id, span.parent) == ("abcdef" + "0" * 26, "abcdef0123456789", "")


@pytest.mark.parametrize("root", ["", "0000000000000000", None])
def test_no_parent_is_written_in_several_ways(root: str | None) -> None:
    """All of them are a root."""
    assert read(changed(parentSpanId=root))[0].parent == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "SPAN_KIND_CLIENT", "status": {"code": "STATUS_CODE_ERROR"}},
        {"startTimeUnixNano": START + 5, "endTimeUnixNano": START + 25},
        {"unknownField": {"a": [1, 2, {"b": None}]}, "events": [{"name": "x"}]},
    ],
)
def test_names_for_numbers_numbers_for_texts_and_unknown_fields_change_nothing(fields: dict[str, Any]) -> None:
    """Readers must be lenient where writers are not strict."""
    assert read(changed(**fields)) == read(batch(SPAN))


def test_attributes_of_other_types_are_read_as_text() -> None:
    """Lists and the like are nothing."""
    values: list[tuple[dict[str, Any], str]] = [
        ({"intValue": "7"}, "7"), ({"intValue": 7}, "7"), ({"doubleValue": 1.5}, "1.5"), ({"boolValue": True}, "true"),
        ({"arrayValue": {"values": []}}, ""), ({}, ""),
    ]  # fmt: skip
    for value, text in values:
        found = read(changed(attributes=[{"key": "rpc.method", "value": value}, {"key": "rpc.system", "value": value}]))

        assert found[0].meaning.protocol == text


def test_older_and_other_names_of_the_lists_are_known() -> None:
    """Of Collectors before OTLP 0.15, and of Tempo."""
    (resources,) = batch(SPAN)["resourceSpans"]
    older = {"resource": resources["resource"], "instrumentationLibrarySpans": resources["scopeSpans"]}

    others = ({"resourceSpans": [older]}, {"batches": [resources]}, {"trace": batch(SPAN)}, {"result": batch(SPAN)})

    assert [read(other) for other in others] == [read(batch(SPAN))] * len(others)


@pytest.mark.parametrize(
    "fields",
    [
        {"traceId": "xyz"},
        {"traceId": "0" * 32},
        {"spanId": ""},
        {"spanId": "é" * 16},
        {"startTimeUnixNano": "soon"},
        {"endTimeUnixNano": "9" * 5000},
    ],
)
def test_spans_without_valid_ids_or_times_are_left_out(fields: dict[str, Any]) -> None:
    """The others of the record are read."""
    document = changed(**fields)
    document["resourceSpans"] += batch(SPAN)["resourceSpans"]

    found = reading(document)

    assert len(found.rows) == 1
    assert found.problems == ((0, NO_IDS),)


@pytest.mark.parametrize(
    "record",
    [
        b'{"resourceSpans": 1}',
        b'{"resourceSpans": [',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": 5}]}]}]}',
        b'{"resourceSpans": "\xff\xfe"}',
        b'{"resourceSpans": [{"x": ' + b"[" * 100_000,
    ],
)
def test_broken_records_are_problems(record: bytes) -> None:
    """Not exceptions."""
    found = OtlpJson(Describer()).read([record])

    assert (len(found.rows), found.problems) == (0, ((0, BROKEN),))


def test_nothing_is_read_where_lists_are_absent_or_null() -> None:
    """Empty batches are sent, too."""
    for document in ({}, {"resourceSpans": None}, {"resourceSpans": [{"scopeSpans": [{}]}]}):
        assert (len(reading(document).rows), reading(document).problems) == (0, ())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(SPAN.document())), json_values)
def test_any_value_of_any_field_is_read_or_told(field: str, value: Any) -> None:
    """Wrong types included."""
    found = reading(changed(**{field: value}))

    assert len(found.rows) or found.problems


def test_other_json_is_not_claimed() -> None:
    """Somebody else may know it."""
    assert OtlpJson(Describer()).claims(json.dumps(batch(SPAN), indent=1).encode())
    assert not OtlpJson(Describer()).claims(b'[{"traceId": "1"}]')
    assert not OtlpJson(Describer()).claims(b'{"data": []}')
