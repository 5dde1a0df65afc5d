"""Compressed files and records."""

from __future__ import annotations

import gzip
import io
import sys

import pytest

from commlint.observe.compression import NO_ZSTD, ZSTD, UnreadableError, inflated, opened


def test_gzip_is_told_by_its_content() -> None:
    """Whatever the file is called, and in as many parts as it was written in."""
    content = gzip.compress(b"one ") + gzip.compress(b"two")

    assert opened(io.BytesIO(content)).read() == b"one two"
    assert opened(io.BytesIO(b"one two")).read() == b"one two"


def test_damage_is_unreadable() -> None:
    """Whatever the library says of it."""
    content = bytearray(gzip.compress(b"traces " * 500))
    content[30] ^= 0xFF

    with pytest.raises(UnreadableError, match="damaged"):
        opened(io.BytesIO(bytes(content))).read()


def test_records_are_opened_up_to_a_size() -> None:
    """A small record must not become all of the memory."""
    packed = gzip.compress(b"x" * 1000)

    assert inflated(packed, 1000) == b"x" * 1000
    assert inflated(b"plain", 1000) == b"plain"
    with pytest.raises(UnreadableError, match="holds more than"):
        inflated(packed, 999)


def test_zstd_without_its_package_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is optional."""
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(UnreadableError) as caught:
        opened(io.BytesIO(ZSTD + b"rest"))

    assert str(caught.value) == NO_ZSTD


def test_zstd_is_opened_where_its_package_is() -> None:
    """In as many parts as it was written in."""
    zstandard = pytest.importorskip("zstandard")
    pack = zstandard.ZstdCompressor().compress

    assert opened(io.BytesIO(pack(b"one ") + pack(b"two"))).read() == b"one two"
    with pytest.raises(UnreadableError, match="damaged"):
        opened(io.BytesIO(ZSTD + b"no frame at all")).read()
