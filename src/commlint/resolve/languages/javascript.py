"""JavaScript and TypeScript: ES modules and CommonJS, folders with an index, packages of the same workspace."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from commlint.model.code import CodeFacts, FunctionFacts, Import
from commlint.model.values import Attribute, Reference, Value
from commlint.resolve.index import last_name
from commlint.resolve.port import LanguageRules, ModuleIndex

_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs")
# A TypeScript file is imported by the name it is compiled to.
_COMPILED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_SOURCE_FOLDERS = ("", "src/", "lib/")
_BUILT = ("dist/", "build/", "lib/", "src/")
_ROOTED = ("@/", "~/", "@src/", "src/", "app/")


class JavaScriptRules(LanguageRules):
    """
    A name that starts with a dot is a path; any other one may be named by a build file (`paths`, `exports`).

    Where that is not there it is looked for as a path below a folder around the asking file and as a package of the
    same workspace; what is found nowhere is a library.
    """

    language: ClassVar[str] = "javascript"
    suffixes: ClassVar[tuple[str, ...]] = (*_SUFFIXES, ".vue", ".svelte")
    constructor: ClassVar[str] = "constructor"
    own_object: ClassVar[str] = "this"
    promises: ClassVar[bool] = True
    base_object: ClassVar[str] = "super"
    whole_export: ClassVar[str] = "module.exports"
    member_exports: ClassVar[tuple[str, ...]] = ("exports", "module.exports")
    default_export: ClassVar[str] = "default"
    type_name: ClassVar[str] = "name"
    listed_fields: ClassVar[bool] = False
    small_methods: ClassVar[bool] = True
    entries_are_members: ClassVar[bool] = True
    by_import: ClassVar[bool] = True

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        found = self._file("." * level + module, asking, index)
        return (found,) if found else ()

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        found = self._file(entry.module, asking, index)
        if found is not None:
            return found, entry.name if entry.name not in (None, "*") else ""
        module = entry.module.removeprefix("node:")
        if entry.name in (None, "*", self.default_export):
            return None, module
        package = _package(module)
        if index.is_library(self.language, package) and not index.is_library(self.language, module):
            # A file inside a package, where an editor found the name, is no other library.
            module = package
        return None, f"{module}.{entry.name}"

    def receiver(self, function: FunctionFacts) -> str | None:
        return None

    def starts(self, code: CodeFacts) -> bool:
        """
        A file that listens on a port when it is loaded: at its top, in a callback there, in a function it calls there.
        """
        told = (call for call in code.calls if call.arguments and _is_called(call.callee, "listen"))
        listening = {_named(call.function) for call in told}
        if not listening or "" in listening:
            return bool(listening)
        return any(not _named(call.function) and last_name(call.callee) in listening for call in code.calls)

    def _file(self, module: str, asking: str, index: ModuleIndex) -> str | None:
        folder = posixpath.dirname(asking)
        if module.startswith("."):
            path = posixpath.normpath(posixpath.join(folder, module))
            return None if path.startswith("..") else _at("" if path == "." else path, index)
        if not module or module.startswith(("/", "node:", "http:", "https:")):
            return None
        if index.is_library(self.language, _package(module)):
            return None
        for candidate in index.named(module, asking):
            found = _at(candidate, index)
            if found and found != asking:
                return found
        if module.startswith("#"):
            return None
        rooted = next((module.removeprefix(mark) for mark in _ROOTED if module.startswith(mark)), "")
        for around in _around(folder):
            for candidate in _below(around, module, rooted):
                found = _at(candidate, index)
                if found and found != asking:
                    return found
        return _of_workspace(module, asking, index, self.language)


def _is_called(callee: Value, name: str) -> bool:
    """Whether a method of this name is called."""
    if isinstance(callee, Reference):
        return callee.name.endswith(f".{name}")
    return isinstance(callee, Attribute) and callee.name == name


def _named(function: str) -> str:
    """The outermost named function around, "" for the top of the file and callbacks there."""
    return "" if function.startswith("<") else function.partition(".")[0]


def _below(around: str, module: str, rooted: str) -> Iterator[str]:
    """Where a name that is no relative path may lie, seen from a folder around the asking file."""
    if rooted:
        yield from (around + source + rooted for source in _SOURCE_FOLDERS)
    if "/" in module and not module.startswith("@"):
        yield from (around + source + module for source in _SOURCE_FOLDERS)


def _of_workspace(module: str, asking: str, index: ModuleIndex, language: str) -> str | None:
    """A package that stands beside this one: its folder is called like the package."""
    scope, _, rest = module.partition("/") if module.startswith("@") else ("", "", module)
    if scope and index.is_scope(language, scope):
        return None
    package, _, inner = rest.partition("/")
    if not package:
        return None
    for built in _BUILT:
        inner = inner.removeprefix(built) if inner else inner
    sources = _SOURCE_FOLDERS if scope or inner else ("src/",)
    for source in sources:
        for ending in _endings(f"{package}/{source}{inner or 'index'}", bool(inner)):
            found = index.nearest(ending, asking)
            if found is not None:
                return found
    return None


def _endings(path: str, is_inner: bool) -> Iterator[str]:
    yield from (path + suffix for suffix in _SUFFIXES)
    if is_inner:
        yield from (f"{path}/index{suffix}" for suffix in _SUFFIXES)


def _at(path: str, index: ModuleIndex) -> str | None:
    """The file a path without or with a suffix means; a folder means its index."""
    if path in index.paths:
        return path
    stem, suffix = posixpath.splitext(path)
    for other in _COMPILED.get(suffix, ()):
        if stem + other in index.paths:
            return stem + other
    for candidate in _endings(path, False):
        if candidate in index.paths:
            return candidate
    inside = f"{path}/index" if path else "index"
    return next((each for each in _endings(inside, False) if each in index.paths), None)


def _around(folder: str) -> Iterator[str]:
    """The folders around a file, nearest first, each with a slash at its end."""
    while folder:
        yield folder + "/"
        folder = posixpath.dirname(folder)
    yield ""


def _package(module: str) -> str:
    """The name of the package that a module belongs to."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]
