"""Source text in the one encoding that grammars read."""

from __future__ import annotations

from commlint.extract.yaml import decode
from commlint.model.facts import Notice


def as_utf8(path: str, source: bytes) -> tuple[bytes, tuple[Notice, ...]]:
    """The same text in UTF-8 without a byte order mark; what cannot be decoded is replaced and noticed."""
    if source.isascii():
        return source, ()
    text, notices = decode(path, source)
    return text.encode("utf-8", "replace"), notices
