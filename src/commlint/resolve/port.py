"""What the rules of one language on the shelf `resolve/languages/` tell the resolver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import takewhile
from typing import ClassVar

from commlint.model.code import CodeFacts, FunctionFacts, Import
from commlint.model.declarations import ModuleName


class ModuleIndex:
    """
    Finds files of the tree by path endings or by the package they belong to, nearest to the asking file first.

    `libraries`: language → names of modules that are known to be libraries, whatever the tree calls its folders.
    `packages`: path → the package whose files share their names, as `LanguageRules.package` tells it.
    `members`: path → the names its file brings into its package; empty while files are only sketched.
    `defines`: whether a file has a top-level name; where that is not known yet, every file may.
    `named`: the names that build files give to files.
    """

    def __init__(
        self,
        paths: Collection[str],
        libraries: Mapping[str, Collection[str]] | None = None,
        packages: Mapping[str, str] | None = None,
        members: Mapping[str, Iterable[str]] | None = None,
        defines: Callable[[str, str], bool] = lambda path, name: True,
        named: Iterable[ModuleName] = (),
    ) -> None:
        self.paths = frozenset(paths)
        self._named = NamedModules(named)
        self.defines = defines
        self._libraries = {language: frozenset(names) for language, names in (libraries or {}).items()}
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        self._ending: dict[str, tuple[str, ...]] = {}
        self._declaring: dict[str, list[str]] = defaultdict(list)
        self._defining: dict[tuple[str, str], list[str]] = defaultdict(list)
        for path, package in sorted((packages or {}).items()):
            if package:
                self._declaring[package].append(path)
                for name in (members or {}).get(path, ()):
                    self._defining[package, name].append(path)

    def is_library(self, language: str, name: str) -> bool:
        """Whether the models of a language know a module of this name."""
        return name in self._libraries.get(language, ())

    def is_scope(self, language: str, scope: str) -> bool:
        """Whether the models of a language know a module below this scope (`@scope/name`)."""
        return any(name.startswith(scope + "/") for name in self._libraries.get(language, ()))

    def named(self, module: str, asking: str) -> Iterator[str]:
        """The paths, with or without suffix, that a module name may mean where `asking` stands, the likeliest first."""
        return self._named.paths(module, asking)

    def declaring(self, package: str) -> tuple[str, ...]:
        """All files that belong to a package."""
        return tuple(self._declaring.get(package, ()))

    def defining(self, package: str, name: str, asking: str) -> str | None:
        """The file of a package that defines a name, the nearest when several do; None while files are sketched."""
        return closest(self._defining.get((package, name), ()), asking)

    def sharing(self, package: str, name: str) -> tuple[str, ...]:
        """All files of a package that define a name."""
        return tuple(self._defining.get((package, name), ()))

    def ending(self, suffix: str) -> tuple[str, ...]:
        """All files whose path ends with `suffix` at a folder border."""
        known = self._ending.get(suffix)
        if known is None:
            candidates, below = self._by_name.get(suffix.rsplit("/", 1)[-1], ()), f"/{suffix}"
            known = tuple(path for path in candidates if path == suffix or path.endswith(below))
            self._ending[suffix] = known
        return known

    def only(self, suffix: str) -> str | None:
        """The one file of `ending(suffix)`, None when there are several."""
        found = self.ending(suffix)
        return found[0] if len(found) == 1 else None

    def nearest(self, suffix: str, asking: str) -> str | None:
        """The one of `ending(suffix)` that shares the longest folder prefix with `asking`."""
        return closest(self.ending(suffix), asking)


class NamedModules:
    """Names that build files give to files: those nearest to the asking file first, of these the most exact."""

    def __init__(self, names: Iterable[ModuleName]) -> None:
        self._plain: dict[tuple[str | None, str], list[ModuleName]] = defaultdict(list)
        self._open: dict[str | None, list[ModuleName]] = defaultdict(list)
        for each in names:
            if "*" in each.pattern:
                self._open[each.folder].append(each)
            else:
                self._plain[each.folder, each.pattern].append(each)
        for found in self._open.values():
            found.sort(key=lambda each: -len(each.pattern))

    def paths(self, module: str, asking: str) -> Iterator[str]:
        """The paths a module name may mean."""
        folder = asking
        while folder not in ("", "."):
            folder = folder.rpartition("/")[0] or "."
            yield from self._within(folder, module)
        yield from sorted(self._within(None, module), key=lambda path: -_shared(path.split("/"), asking.split("/")))

    def _within(self, folder: str | None, module: str) -> Iterator[str]:
        for each in self._plain.get((folder, module), ()):
            yield from each.targets
        for each in self._open.get(folder, ()):
            start, _, end = each.pattern.partition("*")
            if module.startswith(start) and module.endswith(end) and len(module) >= len(start) + len(end):
                middle = module[len(start) : len(module) - len(end)]
                yield from (target.replace("*", middle) for target in each.targets)


def _shared(one: list[str], other: list[str]) -> int:
    """How many leading folders two paths share."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def closest(paths: Iterable[str], asking: str) -> str | None:
    """The path that shares the longest folder prefix with `asking`; of equal ones the shortest."""
    best: tuple[int, int, str] | None = None
    here = asking.split("/")
    for path in paths:
        there = path.split("/")
        rank = (-_shared(here, there), len(there), path)
        if best is None or rank < best:
            best = rank
    return best[2] if best else None


def closeness(one: str, other: str) -> int:
    """How many leading folders two paths share."""
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class LanguageRules(ABC):
    """
    The few things the resolver must know of a language.

    `constructor`: the name of the method that runs when an object is made.
    `models`: the language whose library models are used, when it is another one.
    `own_object`, `base_object`: the words a method calls its own object by without having it as a parameter
    (`this`), and the same object seen as one of its bases (`super`); "" when there are none.
    `methods_apart`: methods have names of their own, so that a field of the same name is another thing.
    `overloads`: functions of one name differ by their parameters.
    `full_names`: what is in a package can be named in full without an import.
    `implicit_receiver`: a plain name in a method may be a member of its own object.
    `extending`: a function may be called like a member of what its first parameter, told by `receiver`, takes.
    `capital_functions`: functions begin with capitals, as types do.
    `default_imports`: modules whose names are there without an import.
    `promises`: what an asynchronous function does begins with the call and goes on whether or not somebody waits.
    `scattered`: methods of a type may stand in any file of its package.
    `structural`: a type implements an abstract one by having its methods, without saying so.
    `embeds`: a base is a part that each object holds in a field of the same name.
    `several_results`: a function may return several results, which are taken apart where it is called.
    `whole_export`: the name in a file that a module stands for when it is brought in as a whole; `member_exports`:
    names whose members are the names others see; `default_export`: the name that is brought in when none is told.
    `type_name`: the member by which a class tells its name, "" where it has none.
    `own_types`: words for types of the language itself, whatever a file brings in.
    `listed_fields`: a class without a constructor may take its fields in the order they stand in (data classes).
    `small_methods`: methods begin with a small letter, generated ones too.
    `whole_namespaces`: what is brought in whole is a namespace and never a type.
    `entries_are_members`: a member of a mapping is its entry of that name.
    `by_import`: nothing but imports makes a file a part of a program, and who takes a name from a file that only hands
    on what others define needs no more.
    `runs_on`: function → the argument whose members are plain names in the block it is given, -1 for what it is
    called on; `hands_over`: functions that give what they are called on to their block; `gives_block`: functions that
    give back what their block does.
    """

    language: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    constructor: ClassVar[str]
    models: ClassVar[str] = ""
    own_object: ClassVar[str] = ""
    base_object: ClassVar[str] = ""
    methods_apart: ClassVar[bool] = False
    overloads: ClassVar[bool] = False
    full_names: ClassVar[bool] = False
    implicit_receiver: ClassVar[bool] = False
    default_imports: ClassVar[tuple[str, ...]] = ()
    extending: ClassVar[bool] = False
    capital_functions: ClassVar[bool] = False
    promises: ClassVar[bool] = False
    scattered: ClassVar[bool] = False
    structural: ClassVar[bool] = False
    embeds: ClassVar[bool] = False
    several_results: ClassVar[bool] = False
    whole_export: ClassVar[str] = ""
    member_exports: ClassVar[tuple[str, ...]] = ()
    default_export: ClassVar[str] = ""
    own_types: ClassVar[frozenset[str]] = frozenset()
    type_name: ClassVar[str] = ""
    listed_fields: ClassVar[bool] = True
    small_methods: ClassVar[bool] = False
    whole_namespaces: ClassVar[bool] = False
    entries_are_members: ClassVar[bool] = False
    by_import: ClassVar[bool] = False
    runs_on: ClassVar[Mapping[str, int]] = {}
    hands_over: ClassVar[tuple[str, ...]] = ()
    gives_block: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        """The files of the tree a module name written in `asking` means; none when it is a library."""

    @abstractmethod
    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        """(file of the tree or None, member inside it or the external dotted name)."""

    @abstractmethod
    def receiver(self, function: FunctionFacts) -> str | None:
        """The name by which a method's body calls its own object, None for plain and static functions."""

    def accessed(self, method: str) -> tuple[str, ...]:
        """The fields that a method of this name may give back where nobody wrote it: `getUrl` gives `url`."""
        return ()

    def home(self, path: str, module: str) -> str:
        """The folder below which the code of one program lies, "" when the language does not tell."""
        return ""

    def package(self, path: str, module: str) -> str:
        """
        The package a file belongs to: files of one package see each other's names without an import.

        Args:
            module: the package or namespace the file declares.

        Returns:
            "" when every file stands for itself.
        """
        return ""

    def brings(self, code: CodeFacts) -> Iterable[str]:
        """The names a file brings into its package: those it defines outside functions and types."""
        named = [*(each.name for each in code.functions), *(each.name for each in code.types)]
        defined = {name for name in named if "." not in name}
        return defined | {entry.target for entry in code.assignments if not entry.function and not entry.owner}

    def shared_folder(self, path: str) -> str:
        """The folder whose files see the shared imports of a file."""
        return path[: path.rfind("/") + 1]

    def visible(self, package: str) -> tuple[str, ...]:
        """The packages whose names a file of `package` sees without an import, nearest first."""
        return (package,) if package else ()

    def starts(self, code: CodeFacts) -> bool:
        """Whether a file can be started as a program."""
        return False

    def is_public(self, name: str) -> bool:
        """Whether a member of this name can be used from elsewhere."""
        return not name.startswith("_")

    def undefined(self, path: str, name: str, index: ModuleIndex) -> str:
        """The name outside the tree of what the package of a file should define and does not, "" for nothing."""
        return ""
