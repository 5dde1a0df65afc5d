"""From files to their facts: what is known already, what must be read, and by how many processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commlint.codec import DecodeError, decode, encode
from commlint.extract.extract import BINARY, extract
from commlint.extract.readable import Readable
from commlint.looking import UNREADABLE, Progress, Tree, remember
from commlint.model.facts import FactSet, FileFacts
from commlint.model.libraries import Catalogue
from commlint.model.notices import Notice
from commlint.resolve.reading import Imports
from commlint.store import sources
from commlint.store.cache import Cache
from commlint.store.discovery import SourceFile

BYTES_FOR_A_PROCESS = 1_000_000
"""Source that must be there to read before another process earns its start."""

FILES_AT_ONCE = 16
"""Files a process is handed at a time."""

TOO_DEEP = "nested too deeply, left out; exclude it"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts of files; `islands`: the source files in parts between which no import leads."""

    facts: FactSet
    islands: tuple[frozenset[str], ...]
    notices: tuple[Notice, ...]


def gather(
    tree: Tree, catalogue: Catalogue, readable: Readable, cache: Cache, jobs: int, progress: Progress
) -> Gathered:
    """Facts of all declarations, and of those source files that may have to do with communication."""
    found = _Facts(tree, cache, jobs, progress)
    found.take(lambda path: readable.may_name_modules(path.rpartition("/")[2]))
    imports = {seen.file.path: seen.known.imports for seen in tree.files if seen.known.imports is not None}
    modules = {seen.file.path: seen.known.module for seen in tree.files if seen.known.module}
    told = FactSet.of(found.facts.values())
    taken = Imports(imports, catalogue, modules, told.modules, told.imports)
    matter = taken.wanted()
    matter |= {path for path, names in imports.items() if BINARY in names}
    found.take(lambda path: path in matter or readable.may_declare(path.rpartition("/")[2]))
    remember(tree, cache, found.blobs)
    return Gathered(FactSet.of(found.facts.values()), taken.islands(), tuple(found.notices))


class _Facts:
    """What is known of the files that were asked for: from an earlier run, else by reading them."""

    def __init__(self, tree: Tree, cache: Cache, jobs: int, progress: Progress) -> None:
        self._tree, self._cache, self._jobs, self._progress = tree, cache, jobs, progress
        self._asked: set[str] = set()
        self.facts: dict[str, FileFacts] = {}
        self.blobs: dict[str, bytes] = {}
        self.notices: list[Notice] = []

    def take(self, asks: Callable[[str], bool]) -> None:
        """The facts of the files of these paths that were not asked for before."""
        missing: list[SourceFile] = []
        for seen in self._tree.files:
            path = seen.file.path
            if path in self._asked or not asks(path):
                continue
            self._asked.add(path)
            blob = self._cache.facts(path, seen.known.digest)
            facts = _decoded(blob) if blob is not None else None
            if facts is None or blob is None:
                missing.append(seen.file)
            else:
                self.facts[path], self.blobs[path] = facts, blob
        for path, blob in _extracted(self._tree.root, missing, self._jobs, self._progress):
            self._read(path, blob)

    def _read(self, path: str, blob: bytes | None) -> None:
        facts = _decoded(blob) if blob is not None else None
        if blob is None:
            self.notices.append(Notice(path, 0, UNREADABLE))
        elif facts is None:
            self.notices.append(Notice(path, 0, TOO_DEEP))
        else:
            self.facts[path], self.blobs[path] = facts, blob


def _extracted(
    root: Path, files: Sequence[SourceFile], jobs: int, progress: Progress
) -> Iterator[tuple[str, bytes | None]]:
    """Encoded facts by path, in the order given; by several processes when there is enough to do."""
    paths = [file.path for file in files]
    enough = sum(file.size for file in files) // BYTES_FOR_A_PROCESS
    processes = min(jobs or os.cpu_count() or 1, enough)
    if processes < 2:
        for number, path in enumerate(paths):
            progress("extracting", number, len(paths))
            yield path, _facts_of(root, path)
        return
    from concurrent.futures import ProcessPoolExecutor

    batches = [paths[start : start + FILES_AT_ONCE] for start in range(0, len(paths), FILES_AT_ONCE)]
    done = 0
    with ProcessPoolExecutor(processes, initializer=_leave_interrupts_to_the_parent) as pool:
        for batch, answers in zip(batches, pool.map(_facts_of_all, [root] * len(batches), batches), strict=True):
            progress("extracting", done, len(paths))
            done += len(batch)
            yield from zip(batch, answers, strict=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _facts_of_all(root: Path, paths: Sequence[str]) -> list[bytes | None]:
    return [_facts_of(root, path) for path in paths]


def _facts_of(root: Path, path: str) -> bytes | None:
    source = sources.read(root, path)
    if source is None:
        return None
    try:
        return encode(extract(path, source))
    except RecursionError:
        return b""


def _decoded(blob: bytes) -> FileFacts | None:
    try:
        return decode(blob, FileFacts)
    except DecodeError:
        return None
