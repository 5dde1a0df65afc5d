"""Types whose methods stand in several files of a package, and types that implement one by having its methods."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from commlint.resolve.entities import Function, Object, Type
from commlint.resolve.port import closeness

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_IMPLEMENTATIONS = 6
_STANDING_IN = ("mock", "fake", "stub", "noop", "dummy")

Methods = dict[tuple[str, str], dict[str, str]]


def by_owner(program: Program) -> Methods:
    """(package, type) → method → the file it stands in, for languages that allow any file of the package."""
    table: Methods = defaultdict(dict)
    for path, index in program.own:
        if program.language(path).scattered:
            for facts in index.code.functions:
                if facts.owner and not facts.is_abstract:
                    table[program.packages[path], facts.owner].setdefault(facts.name.rpartition(".")[2], path)
    return dict(table)


def home(program: Program, path: str, name: str) -> Type:
    """The type that a method standing in `path` belongs to, by the file that defines it."""
    if program.language(path).scattered and name not in program.file(path).types:
        defining = program.modules.defining(program.packages[path], name, path)
        if defining is not None and name in program.file(defining).types:
            return Type(defining, name)
    return Type(path, name)


def parts(program: Program, entry: Type) -> tuple[Type, ...]:
    """A type as it stands in each file that holds a part of it, the defining one first."""
    if not program.language(entry.path).scattered:
        return (entry,)
    methods = program.methods.get((program.packages[entry.path], entry.name), {})
    others = sorted({path for path in methods.values() if path != entry.path})
    return (entry, *(Type(path, entry.name) for path in others))


def implementations(program: Program, abstract: Type, name: str) -> tuple[Function, ...]:
    """
    The method `name` of the types that have all methods of an abstract one, each on its object.

    Of several types those lying nearest to the abstract one count: a tree holds many services, and each its own.
    """
    found = [
        (owner, methods[name])
        for owner in program.implementing(abstract)
        if name in (methods := program.methods[program.packages[owner.path], owner.name])
    ]
    return tuple(Function(path, f"{owner.name}.{name}", _object(program, owner)) for owner, path in found)


def _object(program: Program, owner: Type) -> Object:
    made = program.makers(owner)
    return made[0] if len(made) == 1 else Object(owner)


def implementing(program: Program, abstract: Type) -> tuple[Type, ...]:
    """The nearest types of the tree that have all methods of an abstract one."""
    wanted = required(program, abstract)
    if not wanted:
        return ()
    fitting = [
        home(program, next(iter(methods.values())), owner)
        for (_, owner), methods in program.methods.items()
        if wanted <= methods.keys()
    ]
    earnest = [each for each in fitting if not _stands_in(each)] or fitting
    folder = abstract.path.rpartition("/")[0] + "/"
    near = max((closeness(each.path, folder) for each in earnest), default=0)
    nearest = sorted({each for each in earnest if closeness(each.path, folder) == near}, key=lambda e: (e.path, e.name))
    return tuple(nearest) if len(nearest) <= MAX_IMPLEMENTATIONS else ()


def required(program: Program, abstract: Type) -> frozenset[str]:
    """The methods an abstract type asks for, with those of the abstract types it is made of."""
    from commlint.resolve import types

    found: set[str] = set()
    for each in types.lineage(program, abstract):
        if isinstance(each, Type):
            functions = program.file(each.path).functions.values()
            found.update(f.name.rpartition(".")[2] for f in functions if f.owner == each.name and f.is_abstract)
    return frozenset(found)


def _stands_in(entry: Type) -> bool:
    """Whether a type is made for tests, by its name or that of its file."""
    words = f"{entry.path.rpartition('/')[0].rpartition('/')[2]}/{entry.path.rpartition('/')[2]}/{entry.name}".lower()
    return any(word in words for word in _STANDING_IN)
