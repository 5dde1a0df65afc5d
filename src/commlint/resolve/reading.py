"""
Which source files are worth parsing, and which of them belong together.

A file matters when it imports a library that communicates, when it reaches such a file by imports (it may
call it), or when such a file imports it (it may hold the values). All others are never parsed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from commlint.model.declarations import FolderImport, ModuleName
from commlint.model.libraries import Catalogue
from commlint.resolve.library import top_names
from commlint.resolve.port import LanguageRules, ModuleIndex
from commlint.resolve.tree import language_rules

VALUE_DEPTH = 3
"""How many imports away from a file that matters the values it uses may be defined; a package is one step more."""


class Imports:
    """
    Which file of a tree takes in which, told without parsing any.

    Args:
        imports: path → module names it imports, as written, from a cheap scan.
        modules: path → package or namespace it declares, where it declares one.
        named: the names that build files give to files.
        brought: what build files bring into all files of a folder.
    """

    def __init__(
        self,
        imports: Mapping[str, Collection[str]],
        catalogue: Catalogue,
        modules: Mapping[str, str] | None = None,
        named: Iterable[ModuleName] = (),
        brought: Iterable[FolderImport] = (),
    ) -> None:
        self._signed: set[str] = set()
        self._forward: dict[str, set[str]] = {}
        self._homes: dict[str, str] = {}
        self._whole: set[str] = set()
        signs = {language: _signs(catalogue, language) for language in {each.language for each in catalogue.models}}
        rules = {suffix: each for each in language_rules().values() for suffix in each.suffixes}
        told = modules or {}
        packages = {
            path: rule.package(path, told.get(path, ""))
            for path in imports
            if (rule := rules.get(path[path.rfind(".") :])) is not None
        }
        index = ModuleIndex(imports, top_names(catalogue), packages, named=named)
        for package in {each for each in packages.values() if each}:
            # A package stands between its files, or each would have an edge to every other.
            self._forward[_node(package)] = set(index.declaring(package))
        shared = _by_folder(brought)
        for path, written in imports.items():
            rule = rules.get(path[path.rfind(".") :])
            names = (*written, *_shared_with(path, rule, shared)) if rule and shared else written
            reached = _files(names, path, rule, index) if rule else set()
            reached |= {_node(seen) for seen in rule.visible(packages[path])} if rule else set()
            self._forward[path] = reached
            if rule is not None and rule.whole_namespaces:
                self._whole.add(path)
            self._homes[path] = rule.home(path, told.get(path, "")) if rule else ""
            known = signs.get(rule.models or rule.language, frozenset()) if rule else frozenset()
            if any(_is_sign(name, known) for name in names):
                self._signed.add(path)

    def wanted(self) -> frozenset[str]:
        """The paths worth parsing."""
        backward: dict[str, set[str]] = defaultdict(set)
        for path, reached in self._forward.items():
            for other in reached:
                backward[other].add(path)
        matter = self._signed | _reach(self._signed, backward, None)
        if self._whole:
            # What is brought in whole names no file: a caller may know but the interface of what another file does.
            matter |= {path for part in self.islands() if part & self._signed for path in part & self._whole}
        return frozenset(path for path in matter | _reach(matter, self._forward, VALUE_DEPTH) if not _is_node(path))

    def islands(self) -> tuple[frozenset[str], ...]:
        """
        The files in parts between which no import leads in either direction, the largest part first.

        Files of one home belong together, since a container may give one what another provides.
        """
        above = {path: path for path in self._forward}

        def top(path: str) -> str:
            while above[path] != path:
                above[path] = path = above[above[path]]
            return path

        for path, reached in self._forward.items():
            for other in reached:
                # A package that no file declares ties nobody together.
                if other in above:
                    above[top(path)] = top(other)
        first: dict[str, str] = {}
        for path, home in self._homes.items():
            if home:
                above[top(path)] = top(first.setdefault(home, path))
        parts: dict[str, set[str]] = defaultdict(set)
        for path in self._forward:
            if not _is_node(path):
                parts[top(path)].add(path)
        return tuple(map(frozenset, sorted(parts.values(), key=lambda part: (-len(part), min(part)))))


def _by_folder(brought: Iterable[FolderImport]) -> dict[tuple[str, str], list[str]]:
    """Language and folder → the modules that a build file brings into all files there."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in brought:
        found[each.language, each.folder].append(each.module)
    return found


def _shared_with(path: str, rule: LanguageRules, shared: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    """The modules that build files in the folders around a file bring into it."""
    parts = path.split("/")[:-1]
    for length in range(len(parts) + 1):
        yield from shared.get((rule.language, "/".join(parts[:length]) or "."), ())


def _signs(catalogue: Catalogue, language: str) -> frozenset[str]:
    return frozenset(name for model in catalogue.models if model.language == language for name in model.imports)


def _is_sign(name: str, signs: frozenset[str]) -> bool:
    """Whether a module name is, or lies below, a library that communicates; generated stubs are by their ending."""
    head = name
    while head:
        if head in signs:
            return True
        head = head[: max(head.rfind("."), head.rfind("/"), 0)]
    return name.endswith(("_pb2_grpc", "_pb2"))


def _node(package: str) -> str:
    """What stands for a package among the paths of files."""
    return f"\0{package}"


def _is_node(path: str) -> bool:
    return path.startswith("\0")


def _files(names: Iterable[str], path: str, rules: LanguageRules, index: ModuleIndex) -> set[str]:
    found: set[str] = set()
    for name in names:
        module = name.lstrip(".")
        found.update(rules.module_files(module, len(name) - len(module), path, index))
    return found - {path}


def _reach(start: Iterable[str], steps: Mapping[str, Iterable[str]], depth: int | None) -> set[str]:
    """Everything reached from `start` in at most `depth` steps."""
    seen = set(start)
    edge = list(seen)
    while edge and (depth is None or depth > 0):
        edge = [each for path in edge for each in steps.get(path, ()) if each not in seen and not seen.add(each)]  # type: ignore[func-returns-value]
        depth = None if depth is None else depth - 1
    return seen
