"""JSON as people write it for .NET (comments, commas at the end, tabs) as a tree with positions."""

from __future__ import annotations

import re

from commlint.extract.nodes import MapNode, as_map
from commlint.extract.yaml import decode, read_documents
from commlint.model.facts import Notice

# Strings are kept, comments become as many spaces as they have characters, so that positions stay.
_PIECES = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)


def read_object(path: str, source: bytes) -> tuple[MapNode, tuple[Notice, ...]]:
    """The object of a file, empty when it holds none; total."""
    text, notices = decode(path, source)
    documents, found = read_documents(path, _PIECES.sub(_blank, text).encode())
    return as_map(documents[0]) if documents else MapNode(), (*notices, *found)


def _blank(piece: re.Match[str]) -> str:
    text = piece[0]
    return text if text[0] == '"' else re.sub(r"[^\n]", " ", text)
