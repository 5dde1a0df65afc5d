"""One file in, its facts out: the right reader, the digest, the suppressions, and a notice for all that goes wrong."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cache, cached_property
from typing import TypeVar

from commlint.extract import comments, ignores, manifest_ignores
from commlint.extract.comments import Comment
from commlint.extract.port import FormatReader, LanguageReader, Sketch
from commlint.model.facts import FileFacts, Ignore, Notice
from commlint.plugins import on_shelf

Answer = TypeVar("Answer")

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Readers:
    """The readers that files are offered to: a language by suffix first, then the formats in order."""

    languages: tuple[LanguageReader, ...]
    formats: tuple[FormatReader, ...]

    def language(self, path: str) -> LanguageReader | None:
        """The reader with the longest suffix that `path` ends in."""
        for suffix, reader in self._by_ending.get(path[path.rfind(".") :], ()):
            if path.endswith(suffix):
                return reader
        return None

    @cached_property
    def _by_ending(self) -> Mapping[str, Sequence[tuple[str, LanguageReader]]]:
        """The suffixes with their readers by what stands from their last dot on, the longest first."""
        found: dict[str, list[tuple[str, LanguageReader]]] = {}
        pairs = [(suffix, reader) for reader in self.languages for suffix in reader.suffixes]
        for suffix, reader in sorted(pairs, key=lambda pair: (len(pair[0]), pair[1].name), reverse=True):
            found.setdefault(suffix[suffix.rfind(".") :], []).append((suffix, reader))
        return found

    @cached_property
    def claimable(self) -> re.Pattern[str]:
        """The names of all files that some format may claim: most files are none, and one look tells."""
        patterns = sorted({translate(pattern) for reader in self.formats for pattern in reader.names})
        return re.compile("|".join(patterns) or r"(?!)")


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
    return Sketch((BINARY,)) if b"\0" in text else _guarded(reader.sketch, path, text, reader.name, []) or Sketch()


def extract(path: str, source: bytes, readers: Readers | None = None) -> FileFacts:
    """
    All that one file says. Never raises: what goes wrong is a notice, and the rest is still used.

    Args:
        path: relative to the root of the system, with `/`.
        readers: in place of those on the shelves.
    """
    known = readers or shelved()
    text = _narrowed(source)
    digest = hashlib.blake2b(source, digest_size=16).hexdigest()
    language = known.language(path)
    told: list[Notice] = []
    declared = _claimant(known, path, text, told)
    if (language or declared) and b"\0" in text:
        notice = Notice(path, 0, "binary content, not read: exclude it, or save it as text")
        return FileFacts(path, digest, notices=(*told, notice))
    code = _read(language.read, path, text, language.name, told) if language is not None else None
    declarations = _read(declared.read, path, text, declared.name, told) if declared is not None else None
    found = _ignores(path, language, declared, text, told) if language or declared else ()
    return FileFacts(path, digest, code, declarations, found, tuple(sorted(set(told))) if told else ())


def _narrowed(source: bytes) -> bytes:
    """The source in UTF-8 when its first bytes say that it is UTF-16 or UTF-32."""
    for mark, encoding in _WIDE_MARKS:
        if source.startswith(mark):
            return source.decode(encoding, "replace").encode("utf-8", "replace")
    return source


def _claimant(known: Readers, path: str, source: bytes, told: list[Notice]) -> FormatReader | None:
    """The first format reader that says this file is its own; a source file such as `setup.py` may be one too."""
    name = path.rpartition("/")[2].lower()
    for reader in known.formats if known.claimable.match(name) else ():
        if not any(fnmatchcase(name, pattern) for pattern in reader.names):
            continue
        if _guarded(reader.claims, path, source, reader.name, told):
            return reader
    return None


def _read(
    ask: Callable[[str, bytes], tuple[Answer, tuple[Notice, ...]]],
    path: str,
    source: bytes,
    reader: str,
    told: list[Notice],
) -> Answer | None:
    read, notices = _guarded(ask, path, source, reader, told) or (None, ())
    told.extend(notices)
    return read


def _ignores(
    path: str, language: LanguageReader | None, declared: FormatReader | None, source: bytes, told: list[Notice]
) -> tuple[Ignore, ...]:
    """The suppressions in a file: comments, and what stands for them in a manifest."""
    found: tuple[Ignore, ...] = ()
    if comments.MARK in source:
        written: tuple[Comment, ...] | None = None
        if language is None:
            written = comments.in_text(source)
        else:
            written = _guarded(language.comments, path, source, language.name, told)
        found, wrong = ignores.find(path, source, written or ())
        told.extend(wrong)
    if declared is not None and manifest_ignores.MARK in source:
        found += _guarded(declared.ignores, path, source, declared.name, told) or ()
    return found


def _guarded(
    ask: Callable[[str, bytes], Answer], path: str, source: bytes, reader: str, told: list[Notice]
) -> Answer | None:
    """What a reader answers; when it fails, None and a notice, so that one file never stops a run."""
    try:
        return ask(path, source)
    except Exception as error:
        message = f"the {reader} reader failed with {type(error).__name__}, and this file is left out: please report it"
        told.append(Notice(path, 0, message))
        return None
