"""The code of a system as it is written: its files, their languages and libraries, what they import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from commlint import plugins
from commlint.model.code import CallFacts, FunctionFacts, Import
from commlint.model.declarations import FolderImport
from commlint.model.facts import FactSet
from commlint.model.libraries import Catalogue
from commlint.model.places import Extent
from commlint.model.values import Literal, Reference
from commlint.resolve import types
from commlint.resolve.entities import CallSite, Function, Type
from commlint.resolve.index import FileIndex
from commlint.resolve.library import Library, top_names
from commlint.resolve.port import LanguageRules, ModuleIndex


def language_rules() -> dict[str, LanguageRules]:
    """The rules on the shelf, by language."""
    return {rules.language: rules() for rules in plugins.on_shelf("commlint.resolve.languages", LanguageRules)}


class Tree:
    """
    All files with code, each with the rules of its language and the models of its libraries.

    `own`: the files whose calls, types and functions count as those of this tree; the others are only looked up.
    """

    def __init__(self, facts: FactSet, catalogue: Catalogue) -> None:
        self.files = {entry.path: FileIndex(entry.path, entry.code) for entry in facts if entry.code is not None}
        self.rules = language_rules()
        self.packages = {
            path: self.rules[index.code.language].package(path, index.code.module) for path, index in self.files.items()
        }
        self.modules = ModuleIndex(
            self.files,
            top_names(catalogue),
            self.packages,
            {
                path: self.rules[self.files[path].code.language].brings(self.files[path].code)
                for path, package in self.packages.items()
                if package
            },
            self._defines,
            facts.modules,
        )
        self._shared_imports = tuple(self._find_shared_imports(facts))
        self.libraries = {
            language: Library(catalogue, rules.models or language) for language, rules in self.rules.items()
        }
        for language, library in self.libraries.items():
            if self.rules[language].small_methods:
                library.expect_any_method({entry.module for entry in self._imports_in(language)})
            if self.rules[language].whole_namespaces:
                whole = (each for each in self._imports_in(language) if each.name == "*" and not each.of_type)
                library.namespaces = frozenset(each.module for each in whole)
        self.own = tuple(sorted(self.files.items()))
        self._sharing: dict[str, tuple[Import, ...]] = {}
        self._imports: dict[tuple[str, Import], tuple[str | None, str]] = {}
        self._generated: dict[str, bool] = {}
        self._called: dict[str, tuple[str, ...]] = {}

    def file(self, path: str) -> FileIndex:
        return self.files[path]

    def library(self, path: str) -> Library:
        """The library models for the language of a file."""
        return self.libraries[self.files[path].code.language]

    def language(self, path: str) -> LanguageRules:
        return self.rules[self.files[path].code.language]

    def home(self, path: str) -> str:
        """The folder of the program a file belongs to, as its language tells it."""
        return self.language(path).home(path, self.files[path].code.module)

    def call(self, site: CallSite) -> CallFacts:
        return self.files[site.path].code.calls[site.call]

    def function(self, function: Function) -> FunctionFacts:
        return self.files[function.path].functions[function.name]

    def library_lineage(self, name: str) -> tuple[str, ...]:
        """A library type and its library bases, as any language's models tell them."""
        for library in self.libraries.values():
            if name in library.types:
                return library.lineage(name)
        return (name,)

    def takes_in_generated(self, path: str) -> bool:
        """Whether a file imports a generated type, or a library whose objects take any method."""
        known = self._generated.get(path)
        if known is None:
            library = self.library(path)
            imports = self.files[path].code.imports
            names = (f"{entry.module}.{entry.name}" for entry in imports if entry.name)
            known = self._generated[path] = (
                any(library.is_generated(name) for name in names)
                or any(library.is_proxying(entry.module) for entry in imports)
                or any(library.is_generated(name) for name in self._brought_in_whole(path))
            )
        return known

    def _brought_in_whole(self, path: str) -> Iterator[str]:
        """The names by which a file writes types that it may have from a package outside the tree, taken in whole."""
        code = self.files[path].code
        outside = (
            each.module for each in code.imports if each.local == "*" and not self.modules.declaring(each.module)
        )
        package = next(outside, None)
        if package is None:
            return
        written = [each.annotation for each in code.assignments]
        written.extend(each.annotation for function in code.functions for each in function.parameters)
        named = {each.name for each in written if isinstance(each, Reference)}
        called = {each.callee.name.rpartition(".")[0] for each in code.calls if isinstance(each.callee, Reference)}
        yield from (f"{package}.{name}" for name in sorted(named | called) if name)

    def _defines(self, path: str, name: str) -> bool:
        index = self.files[path]
        return index.declares(name) if self.language(path).scattered else index.defines(name)

    def _imports_in(self, language: str) -> Iterator[Import]:
        """All imports of the files in a language."""
        files = (index for index in self.files.values() if index.code.language == language)
        yield from (entry for index in files for entry in index.code.imports)
        yield from (entry for _, of, entries in self._shared_imports if of == language for entry in entries)

    def stars(self, path: str) -> tuple[Import, ...]:
        """The imports that bring all names of a module into a file: its own, and those that files above it share."""
        shared = self._shared(path)
        own = self.files[path].star_imports
        return (*own, *(each for each in shared if each.local == "*")) if shared else own

    def shared_aliases(self, path: str, name: str) -> list[Import]:
        """The imports of other files that give a name to something for this file too."""
        return [each for each in self._shared(path) if each.local == name]

    def _shared(self, path: str) -> tuple[Import, ...]:
        known = self._sharing.get(path)
        if known is None:
            own = self.files[path].code.language
            around = (each for folder, of, each in self._shared_imports if of == own and path.startswith(folder))
            known = self._sharing[path] = tuple(each for entries in around for each in entries)
        return known

    def _find_shared_imports(self, facts: FactSet) -> Iterator[tuple[str, str, tuple[Import, ...]]]:
        """Folder, language and imports that hold for every file in it: of source files, then of build files."""
        for path, index in sorted(self.files.items()):
            entries = tuple(entry for entry in index.code.imports if entry.shared)
            if entries:
                yield self.rules[index.code.language].shared_folder(path), index.code.language, entries
        for each in facts.imports:
            yield "" if each.folder == "." else f"{each.folder}/", each.language, (_as_written(each),)

    def called(self, path: str) -> tuple[str, ...]:
        """The last name of each call of a file, that of a library where the file brings it in under another one."""
        known = self._called.get(path)
        if known is None:
            known = self._called[path] = tuple(self._called_in(path))
        return known

    def _called_in(self, path: str) -> Iterator[str]:
        index, library = self.files[path], self.library(path)
        renamed: dict[str, str] = {}
        for entry in index.code.imports:
            file, name = self.imported(path, entry) if entry.local != entry.name else (path, "")
            if file is None:
                renamed[entry.local] = library.canonical(name).rpartition(".")[2]
        for call, name in zip(index.code.calls, index.called, strict=True):
            plain = isinstance(call.callee, Reference) and call.callee.name == name
            yield renamed.get(name, name) if plain else name

    def imported(self, path: str, entry: Import) -> tuple[str | None, str]:
        """(file of the tree or None, member inside it or external name) an import statement means."""
        key = (path, entry)
        known = self._imports.get(key)
        if known is None:
            known = self._imports[key] = self.language(path).resolve_import(entry, path, self.modules)
        return known

    @cached_property
    def imported_names(self) -> frozenset[str]:
        """The full names that files of the tree import one by one."""
        entries = (entry for index in self.files.values() for entry in index.code.imports)
        return frozenset(f"{entry.module}.{entry.name}" for entry in entries if entry.name and entry.name != "*")

    # -- tables over the own files ---------------------------------------------------------------------

    @cached_property
    def callers_by_name(self) -> dict[str, list[tuple[str, int]]]:
        """Last name of what is called, import aliases undone → (file, call index), in order."""
        table: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            whole = self.language(path).whole_export.rpartition(".")[2]
            renamed = {
                entry.local: entry.name or whole for entry in index.code.imports if (entry.name or whole) != entry.local
            }
            for number, name in enumerate(index.called):
                table[name].append((path, number))
                original = renamed.get(name)
                if original:
                    table[original].append((path, number))
        return table

    @cached_property
    def handings_by_name(self) -> dict[str, list[tuple[str, int]]]:
        """Last name of what may be a function → the calls (file, index) that are given it as an argument, in order."""
        table: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            for number, call in enumerate(index.code.calls):
                for argument in call.arguments:
                    if isinstance(argument.value, Reference):
                        table[argument.value.name.rpartition(".")[2]].append((path, number))
        return dict(table)

    @cached_property
    def extensions(self) -> dict[str, list[Function]]:
        """Name → the functions that are called like members of what their first parameter takes."""
        table: dict[str, list[Function]] = defaultdict(list)
        for path, index in self.own:
            rules = self.rules[index.code.language]
            for facts in index.code.functions if rules.extending else ():
                if rules.receiver(facts) is not None:
                    table[facts.name.rpartition(".")[2].partition("#")[0]].append(Function(path, facts.name))
        return dict(table)

    @cached_property
    def types_by_base(self) -> dict[str, list[Type]]:
        """Last name of a base class → the classes that name it."""
        return types.by_base(index for _, index in self.own)

    @cached_property
    def items(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """(last name of the container, literal key) → (file, assignment index) of `container["key"] = …`."""
        table: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            for number, entry in enumerate(index.code.assignments):
                if entry.target.endswith("[]") and isinstance(entry.key, Literal):
                    container = entry.target[:-2].rpartition(".")[2]
                    table[container, str(entry.key.value)].append((path, number))
        return table

    @cached_property
    def keyed(self) -> dict[str, list[tuple[str, int]]]:
        """Last name of the container → (file, assignment index) of `container[key] = …` with a key that is computed."""
        table: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            for number, entry in enumerate(index.code.assignments):
                if entry.target.endswith("[]") and entry.key is not None and not isinstance(entry.key, Literal):
                    table[entry.target[:-2].rpartition(".")[2]].append((path, number))
        return table


def _as_written(entry: FolderImport) -> Import:
    """What a build file brings in, as a source file would write it."""
    extent = Extent(entry.line, 1, entry.line, 1)
    if entry.local == "*":
        return Import("*", entry.module, "*", 0, "", extent, shared=True, of_type=entry.of_type)
    module, _, last = entry.module.rpartition(".")
    return Import(entry.local, module, last, 0, "", extent, shared=True)
