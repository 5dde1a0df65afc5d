"""Files that only hand on what others define, as the index of a library does: where a name of theirs stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.resolve.index import FileIndex

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def behind(program: Program, path: str, name: str) -> frozenset[str]:
    """The files that a name of a file comes from: those behind it where it only hands on, else the file itself."""
    found: set[str] = set()
    seen = {(path, name)}
    pending = [(path, name)]
    while pending:
        here, wanted = pending.pop()
        onward = [step for step in _onward(program, here, wanted) if step not in seen]
        seen.update(onward)
        pending.extend(onward)
        if not _hands_on(program.file(here)):
            found.add(here)
    return frozenset(found) or frozenset((path,))


def _onward(program: Program, path: str, wanted: str) -> Iterator[tuple[str, str]]:
    """The files a file that only hands on has a name from, with the name it has there."""
    index = program.file(path)
    if not _hands_on(index):
        return
    named = [entry for entry in index.code.imports if entry.local == wanted]
    for entry in named or index.star_imports:
        file, member = program.imported(path, entry)
        if file is not None and file != path:
            inside = program.file(file)
            if named or _hands_on(inside) or inside.defines(wanted):
                yield file, member if named else wanted


def _hands_on(index: FileIndex) -> bool:
    code = index.code
    return bool(code.imports) and not (code.calls or code.functions or code.types or code.assignments)
