"""Jaeger JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commlint.observe.port import NO_IDS
from commlint.observe.readers.jaeger import BROKEN, Jaeger

from ..batches import Seen, reading_of, spans_of

SPAN: dict[str, Any] = {
    "traceID": "ab",
    "spanID": "7",
    "operationName": "GET",
    "references": [{"refType": "CHILD_OF", "traceID": "ab", "spanID": "6"}],
    "startTime": 5,
    "duration": 20,
    "processID": "p1",
    "tags": [
        {"key": "span.kind", "type": "string", "value": "client"},
        {"key": "http.method", "type": "string", "value": "GET"},
        {"key": "error", "type": "bool", "value": True},
    ],
}
PROCESSES = {"p1": {"serviceName": "orders", "tags": []}}


def trace(**changes: Any) -> dict[str, Any]:
    return {"traceID": "ab", "spans": [SPAN | changes], "processes": PROCESSES}


def read(document: Any) -> list[Seen]:
    return spans_of(Jaeger, json.dumps(document).encode())


def test_all_of_a_span_is_read() -> None:
    """Ids are padded, microseconds become nanoseconds."""
    (span,) = read({"data": [trace()], "total": 0})

    assert (span.trace, span.id, span.parent) == (f"{0xAB:032x}", f"{7:016x}", f"{6:016x}")
    assert (span.start, span.end, span.error) == (5_000, 25_000, True)
    assert (span.meaning.service, span.meaning.kind, span.meaning.operation) == ("orders", 3, "GET")


def test_all_forms_say_the_same() -> None:
    """Answers of the API, saved traces, spans of the storage, and what Elasticsearch puts around them."""
    stored = {key: value for key, value in SPAN.items() if key != "processID"} | {"process": PROCESSES["p1"]}
    tagged = stored | {"tags": [], "tag": {tag["key"].replace(".", "@"): tag["value"] for tag in SPAN["tags"]}}
    forms = ([trace()], trace(), stored, tagged, {"_index": "jaeger-span", "_source": stored})

    assert [read(form) for form in forms] == [read({"data": [trace()]})] * len(forms)


def test_references_to_other_traces_are_links() -> None:
    """And so are those that follow when there is a parent."""
    other = {"refType": "FOLLOWS_FROM", "traceID": "cd", "spanID": "1"}
    near = {"refType": "FOLLOWS_FROM", "traceID": "ab", "spanID": "2"}
    (linked,) = read([trace(references=[other, *SPAN["references"], near])])
    (followed,) = read([trace(references=[near])])

    assert (linked.parent, linked.links) == (f"{6:016x}", (f"{0xCD:032x}{1:016x}", f"{0xAB:032x}{2:016x}"))
    assert (followed.parent, followed.links) == (f"{2:016x}", ())


def test_old_field_of_the_parent_is_known() -> None:
    """From before there were references."""
    (span,) = read([trace(references=[], parentSpanID="6")])

    assert span.parent == f"{6:016x}"


@pytest.mark.parametrize("changes", [{"traceID": "xyz"}, {"spanID": ""}, {"startTime": "soon"}])
def test_spans_without_valid_ids_or_times_are_left_out(changes: dict[str, Any]) -> None:
    """The others are read."""
    document = {"data": [trace(**changes), trace()]}
    found, reading = reading_of(Jaeger, json.dumps(document).encode())

    assert (len(found), reading.problems) == (1, ((0, NO_IDS),))


@pytest.mark.parametrize("record", [b'{"data": 1}', b'{"data": [{"spans": [', b"[1]", b'{"data": ' + b"[" * 100_000])
def test_broken_records_are_problems(record: bytes) -> None:
    """Not exceptions."""
    assert reading_of(Jaeger, record)[1].problems == ((0, BROKEN),)
