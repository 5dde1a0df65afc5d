"""From a folder to its files and what is known of each, without understanding any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from commlint.extract.readable import Readable
from commlint.model.notices import Notice
from commlint.store import sources
from commlint.store.cache import Cache, Known
from commlint.store.discovery import Discovery, SourceFile

UNREADABLE = "cannot be read, left out; check the permissions"

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that could be read, and what is known of this content."""

    file: SourceFile
    known: Known


@dataclass(frozen=True, slots=True)
class Tree:
    """The state of the analysed folder; `settled` when no file had to be read to know it."""

    root: Path
    files: tuple[Seen, ...]
    notices: tuple[Notice, ...]
    settled: bool


def look_at(discovery: Discovery, readable: Readable, cache: Cache, progress: Progress) -> Tree:
    """Digests of all files and sketches of the source files; a file whose status is as it was is not read again."""
    seen: list[Seen] = []
    notices = list(discovery.notices)
    settled = True
    for number, file in enumerate(discovery.files):
        known = cache.unchanged(file)
        if known is None:
            settled = False
            progress("reading", number, len(discovery.files))
            source = sources.read(discovery.root, file.path)
            if source is None:
                notices.append(Notice(file.path, 0, UNREADABLE))
                continue
            known = cache.same_content(file.path, sources.digest_of(source)) or _sketched(file, source, readable)
        seen.append(Seen(file, known))
    return Tree(discovery.root, tuple(seen), tuple(notices), settled)


def _sketched(file: SourceFile, source: bytes, readable: Readable) -> Known:
    if not readable.is_source(file.path):
        return Known(sources.digest_of(source))
    # Imported when needed: a tree that did not change is answered without any reader.
    from commlint.extract.extract import sketch

    told = sketch(file.path, source)
    return Known(sources.digest_of(source), imports=told.imports, module=told.module)


def remember(tree: Tree, cache: Cache, facts: Mapping[str, bytes]) -> None:
    """Keep what is known of all files: digests, sketches and encoded facts."""
    for seen in tree.files:
        known = seen.known
        cache.remember(seen.file, known.digest, known.imports, facts.get(seen.file.path), known.module)


def kept_facts(tree: Tree, cache: Cache) -> dict[str, bytes]:
    """The encoded facts an earlier run left, by path."""
    found = {seen.file.path: cache.facts(seen.file.path, seen.known.digest) for seen in tree.files}
    return {path: blob for path, blob in found.items() if blob is not None}
