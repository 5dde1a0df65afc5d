"""Handlers as platforms write them: the file and the function that are meant."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator

from commlint.model.operations import ModuleNode

# Files that hold the function a platform is told of by its name alone.
_ENTRIES = ("main", "index", "function", "app")


class Handlers:
    """The files of a system, asked for the function a handler means."""

    def __init__(self, modules: Iterable[ModuleNode], functions: Iterable[str] = ()) -> None:
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for module in modules:
            self._by_stem[posixpath.splitext(module.path)[0]].append(module.path)
        self._functions = frozenset(functions)

    def file(self, handler: str) -> str:
        """The file of a handler, "" when it is none of those that were read."""
        return self._found(handler)[0]

    def function(self, handler: str) -> str:
        """The id of the function a handler means, "" when its file was not read."""
        path, name = self._found(handler)
        if not path:
            return ""
        # A function without a name of its own is called by what it is assigned to, and where it stands.
        nameless = sorted(each for each in self._functions if each.startswith(f"{path}::<{name}@"))
        named = f"{path}::{name}"
        return nameless[0] if nameless and named not in self._functions else named

    def _found(self, handler: str) -> tuple[str, str]:
        for stem, name in _candidates(handler):
            endings = self._by_stem.get(stem, ())
            if not endings and "::" in handler:
                # A class is found by its package, wherever its sources begin.
                endings = [path for known, each in self._by_stem.items() if known.endswith(f"/{stem}") for path in each]
            if len(endings) == 1:
                return endings[0], name
        return "", ""


def _candidates(handler: str) -> Iterator[tuple[str, str]]:
    folder, last = posixpath.split(handler)
    if "::" in last:
        owner, _, method = last.partition("::")
        yield owner.replace(".", "/"), f"{owner.rpartition('.')[2]}.{method}"
        return
    stem, _, name = last.rpartition(".")
    if stem:
        yield posixpath.join(folder, stem), name
        yield posixpath.join(folder, stem.replace(".", "/")), name
    else:
        yield from ((posixpath.join(folder, entry), last) for entry in _ENTRIES)
