"""One file in, its facts out: the right reader, the digest, the suppressions, and a notice for all that goes wrong."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase, translate
from functools import cache
from typing import TypeVar

from commlint.extract import comments, ignores, manifest_ignores
from commlint.extract.comments import Comment
from commlint.extract.port import FormatReader, LanguageReader, Sketch
from commlint.model.facts import FileFacts, Notice
from commlint.plugins import on_shelf

Answer = TypeVar("Answer")

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers that files are offered to: a language by suffix first, then the formats in order."""

    languages: tuple[LanguageReader, ...]
    formats: tuple[FormatReader, ...]

    def language(self, path: str) -> LanguageReader | None:
        """The reader with the longest suffix that `path` ends in."""
        name = path.rpartition("/")[2]
        found = [
            (len(suffix), reader.name, reader)
            for reader in self.languages
            for suffix in reader.suffixes
            if name.endswith(suffix)
        ]
        return max(found, key=lambda entry: entry[:2])[2] if found else None


@cache
def shelved() -> Readers:
    """One reader of each kind that stands on the shelves."""
    return Readers(
        tuple(reader() for reader in on_shelf("commlint.extract.languages", LanguageReader)),
        tuple(reader() for reader in on_shelf("commlint.extract.formats", FormatReader)),
    )


def language_of(path: str, readers: Readers | None = None) -> str | None:
    """The name of the language a file is written in, None when it is no source file."""
    reader = (readers or shelved()).language(path)
    return reader.name if reader is not None else None


BINARY = "\0"
"""Stands among the imports of a source file that is no text, so that it is told and not silently passed over."""


def sketch(path: str, source: bytes, readers: Readers | None = None) -> Sketch:
    """What a scan without parsing tells of a source file; BINARY for one that is no text, empty for any other file."""
    reader = (readers or shelved()).language(path)
    if reader is None:
        return Sketch()
    text = _narrowed(source)
    return Sketch((BINARY,)) if b"\0" in text else _guarded(reader.sketch, path, text, reader.name)[0] or Sketch()


def extract(path: str, source: bytes, readers: Readers | None = None) -> FileFacts:
    """
    All that one file says. Never raises: what goes wrong is a notice, and the rest is still used.

    Args:
        path: relative to the root of the system, with `/`.
        readers: in place of those on the shelves.
    """
    known = readers or shelved()
    text = _narrowed(source)
    language = known.language(path)
    declared, notices = _claimant(known, path, text)
    facts = FileFacts(path, hashlib.blake2b(source, digest_size=16).hexdigest(), notices=notices)
    if (language or declared) and b"\0" in text:
        notice = Notice(path, 0, "binary content, not read: exclude it, or save it as text")
        return replace(facts, notices=(*notices, notice))
    if language is not None:
        facts = _read_code(facts, language, text)
    if declared is not None:
        facts = _read_declarations(facts, declared, text)
    if comments.MARK in text and (language or declared):
        facts = _read_ignores(facts, language, text)
    if declared is not None and manifest_ignores.MARK in text:
        found, trouble = _guarded(declared.ignores, path, text, declared.name)
        facts = replace(facts, ignores=(*facts.ignores, *(found or ())), notices=(*facts.notices, *trouble))
    return replace(facts, notices=tuple(sorted(set(facts.notices)))) if facts.notices else facts


def _narrowed(source: bytes) -> bytes:
    """The source in UTF-8 when its first bytes say that it is UTF-16 or UTF-32."""
    for mark, encoding in _WIDE_MARKS:
        if source.startswith(mark):
            return source.decode(encoding, "replace").encode("utf-8", "replace")
    return source


@cache
def _names(known: Readers) -> re.Pattern[str]:
    """The names of all files that some format may claim: most files are none, and one look tells."""
    patterns = sorted({translate(pattern) for reader in known.formats for pattern in reader.names})
    return re.compile("|".join(patterns) or r"(?!)")


def _claimant(known: Readers, path: str, source: bytes) -> tuple[FormatReader | None, tuple[Notice, ...]]:
    """The first format reader that says this file is its own; a source file such as `setup.py` may be one too."""
    notices: tuple[Notice, ...] = ()
    name = path.rpartition("/")[2].lower()
    for reader in known.formats if _names(known).match(name) else ():
        if not any(fnmatchcase(name, pattern) for pattern in reader.names):
            continue
        claimed, trouble = _guarded(reader.claims, path, source, reader.name)
        notices += trouble
        if claimed:
            return reader, notices
    return None, notices


def _read_code(facts: FileFacts, reader: LanguageReader, source: bytes) -> FileFacts:
    answer, trouble = _guarded(reader.read, facts.path, source, reader.name)
    code, notices = answer or (None, ())
    return replace(facts, code=code, notices=(*facts.notices, *trouble, *notices))


def _read_declarations(facts: FileFacts, reader: FormatReader, source: bytes) -> FileFacts:
    answer, trouble = _guarded(reader.read, facts.path, source, reader.name)
    declarations, notices = answer or (None, ())
    return replace(facts, declarations=declarations, notices=(*facts.notices, *trouble, *notices))


def _read_ignores(facts: FileFacts, reader: LanguageReader | None, source: bytes) -> FileFacts:
    trouble: tuple[Notice, ...] = ()
    found: tuple[Comment, ...] | None = None
    if reader is None:
        found = comments.in_text(source)
    else:
        found, trouble = _guarded(reader.comments, facts.path, source, reader.name)
    suppressions, wrong = ignores.find(facts.path, source, found or ())
    return replace(facts, ignores=suppressions, notices=(*facts.notices, *trouble, *wrong))


def _guarded(
    ask: Callable[[str, bytes], Answer], path: str, source: bytes, reader: str
) -> tuple[Answer | None, tuple[Notice, ...]]:
    """What a reader answers; when it fails, None and a notice, so that one file never stops a run."""
    try:
        return ask(path, source), ()
    except Exception as error:
        message = f"the {reader} reader failed with {type(error).__name__}, and this file is left out: please report it"
        return None, (Notice(path, 0, message),)
