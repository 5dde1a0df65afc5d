"""Framing: from the bytes of a file to its records."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.observe import records as framing
from commlint.observe.records import CUT_OFF, EMPTY, TOO_LARGE, UNKNOWN, Record, Trouble, records

from .recordings import batch, framed, json_lines, message, request

SPAN = request("orders", 1, 1)
OTHER = request("pricing", 2, 2)


def read(content: bytes) -> list[Record | Trouble]:
    return list(records(io.BufferedReader(io.BytesIO(content))))


def contents(content: bytes) -> list[bytes]:
    return [each.content for each in read(content) if isinstance(each, Record)]


def troubles(content: bytes) -> list[str]:
    return [each.message for each in read(content) if isinstance(each, Trouble)]


def test_every_line_is_a_record() -> None:
    """Blank lines and a byte order mark are nothing."""
    content = b"\xef\xbb\xbf" + json_lines([SPAN]) + b"\n  \n" + json_lines([OTHER])

    assert [(each.line, json.loads(each.content)) for each in read(content) if isinstance(each, Record)] == [
        (1, batch(SPAN)),
        (4, batch(OTHER)),
    ]
    assert troubles(content) == []


@pytest.mark.parametrize("indent", [1, 2, 4])
def test_printed_document_is_one_record(indent: int) -> None:
    """And another one after it is the next."""
    content = "\n".join(json.dumps(batch(span), indent=indent) for span in (SPAN, OTHER)).encode()

    assert [json.loads(each) for each in contents(content)] == [batch(SPAN), batch(OTHER)]


def test_line_cut_off_in_the_middle_leaves_the_others() -> None:
    """The broken one is still handed on, to be told with its line."""
    whole = json_lines([SPAN])
    for end in range(3, len(whole) - 2, 7):
        content = whole[:end] + b"\n" + json_lines([OTHER])

        assert batch(OTHER) in [json.loads(each) for each in contents(content) if _is_json(each)]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_lengths_frame_records() -> None:
    """Zeros at the end are what a crash leaves."""
    content = framed(message(SPAN), message(OTHER))

    assert contents(content) == contents(content + bytes(9)) == [message(SPAN), message(OTHER)]
    assert troubles(content) == []
    assert troubles(content + bytes(9)) == [CUT_OFF]


def test_frames_may_hold_json_too() -> None:
    """The Collector frames compressed JSON by lengths."""
    record = json_lines([SPAN])

    assert contents(framed(record, record)) == [record, record]


def test_bare_message_falls_into_its_parts() -> None:
    """Which together are the message."""
    whole = message(SPAN, OTHER)

    assert b"".join(contents(whole)) == whole
    assert len(contents(whole)) == 2


@pytest.mark.parametrize("content", [framed(message(SPAN), message(OTHER)), message(SPAN, OTHER)])
def test_what_stands_before_a_cut_is_read(content: bytes) -> None:
    """Wherever the cut is."""
    first = contents(content)[0]
    for end in range(content.index(first) + len(first) + 1, len(content)):
        assert contents(content[:end]) == [first]
        assert troubles(content[:end]) == [CUT_OFF]


def test_too_large_records_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines, frames, parts and documents alike."""
    small, large = b'{"a": 1}\n', b'{"a": "' + b"x" * 100 + b'"}\n'
    monkeypatch.setattr(framing, "RECORD_LIMIT", 50)

    assert contents(small + large + small) == [small, small]
    assert troubles(small + large + small) == [TOO_LARGE]
    assert contents(framed(b"\n\1a", b"\n" + b"x" * 60, b"\n\1b")) == [b"\n\1a", b"\n\1b"]
    assert contents(b"\n\1\2" + b"\n\x64" + b"x" * 100 + b"\n\1\3") == [b"\n\1\2", b"\n\1\3"]
    assert TOO_LARGE in troubles(b"{\n" + b' "a": 1,\n' * 20 + b"}\n")


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n\x1a\n", b"PAR1\0\0\0", b"[1"])
def test_foreign_files_are_told(content: bytes) -> None:
    """Nothing is guessed."""
    assert contents(content) == []
    assert troubles(content) in ([UNKNOWN], [CUT_OFF])


def test_empty_file_is_told() -> None:
    """Somebody expects something in it."""
    assert troubles(b"") == [EMPTY]


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda tail: b"\n" + tail)))
def test_any_bytes_end_in_records_or_trouble(content: bytes) -> None:
    """Never in an exception, and never in nothing."""
    found = read(content)

    assert found
    assert all(isinstance(each, Record | Trouble) for each in found)


def test_printed_document_may_end_anywhere_in_a_line() -> None:
    """Not every printer puts the last bracket at the beginning of its line."""
    content = b'[\n    {"a": 1},\n    {"b": 2}\n  ]'

    assert contents(content) == [content]
