"""Attributes of many spans at a time, against one span at a time."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.observe.conventions import URLS, WANTED
from commlint.observe.readers import otlp_json
from commlint.observe.readers.otlp_json import OtlpJson
from commlint.observe.readers.otlp_protobuf import OtlpProtobuf

from .batches import Seen, spans_of
from .recordings import Recorded, batch, message

NAMES = st.sampled_from(sorted(WANTED)) | st.sampled_from(["net.peer.port", "http.routes", "key", "a", "db.nam"])
TEXTS = st.text(max_size=20) | st.sampled_from(["GET", "{id}", '{"key":"rpc.method"', "],", "x" * 3000, "5"])
URL_TEXTS = st.sampled_from(["http://a:80/1", "http://a:80/2", "https://b/", "http://b", "none", "a://b\\c/", "://x/"])
VALUES = TEXTS | st.integers(-5, 1 << 40) | st.booleans() | st.floats(0, 9)


@st.composite
def recordings(draw: st.DrawFn) -> list[Recorded]:
    found = []
    for number in range(draw(st.integers(1, 12))):
        attributes: dict[str, Any] = draw(st.dictionaries(NAMES, VALUES, max_size=6))
        attributes |= {url: draw(URL_TEXTS) for url in URLS if url in attributes}
        kind, name = draw(st.integers(0, 5)), draw(st.sampled_from(["GET", "", "work"]))
        service = draw(st.sampled_from(["orders", "stock"]))
        links = tuple(draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=2)))
        error = draw(st.booleans())
        found.append(Recorded(service, 1, number + 1, number, kind, name, 5, 7, error, attributes, links))
    return found


def compact(*spans: Recorded) -> bytes:
    return json.dumps(batch(*spans), separators=(",", ":")).encode()


def one_by_one(*records: bytes) -> list[Seen]:
    with patch.object(otlp_json.OtlpJson, "_all", return_value=None):
        return spans_of(OtlpJson, *records)


@settings(deadline=None)
@given(recordings())
def test_all_at_once_says_what_one_by_one_says(spans: list[Recorded]) -> None:
    """In every encoding, as the Collector writes it and otherwise."""
    expected = one_by_one(compact(*spans))

    assert spans_of(OtlpJson, compact(*spans)) == expected
    assert spans_of(OtlpJson, json.dumps(batch(*spans)).encode()) == expected
    assert spans_of(OtlpProtobuf, message(*spans)) == expected
    assert spans_of(OtlpProtobuf, *map(message, spans)) == expected


def test_lists_within_attributes_do_not_count_as_attributes() -> None:
    """A key of an inner list may be called like one that matters."""
    document = batch(Recorded("orders", 1, 1, kind=3, name="GET"), Recorded("orders", 1, 2, kind=3, name="GET"))
    inner = {"key": "peer.service", "value": {"stringValue": "stock"}}
    first = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    first["attributes"] = [{"key": "all", "value": {"kvlistValue": {"values": [inner]}}}]

    found = spans_of(OtlpJson, json.dumps(document, separators=(",", ":")).encode())

    assert [span.meaning.peer for span in found] == ["", ""]
