"""Classes of the tree: their bases, their methods, who derives from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from commlint.model.values import Choice, Index, Literal, Reference, Sequence, Value
from commlint.resolve import scattered
from commlint.resolve.entities import Entities, Entity, External, Frame, Function, Made, Method, Object, Scope, Type
from commlint.resolve.index import FileIndex, last_name, plain_name

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_LINEAGE = 32
MAX_NAMESAKES = 10
_OPTIONAL = ("Optional", "Union", "ClassVar", "Final", "Type", "type")


def by_base(files: Iterable[FileIndex]) -> dict[str, list[Type]]:
    """Last name of a base class → the classes that name it, in order of file and place."""
    table: dict[str, list[Type]] = defaultdict(list)
    for index in files:
        for entry in index.code.types:
            for base in entry.bases:
                of = base.of if isinstance(base, Index) else base
                table[last_name(of)].append(Type(index.path, entry.name))
    return table


def bases(program: Program, entry: Type) -> Entities:
    """The direct bases of a class, Type or External, and its parts in other files."""
    return _once(program, program.bases, entry, _bases)


def _once(
    program: Program, known: dict[Type, Entities], entry: Type, ask: Callable[[Program, Type], Entities]
) -> Entities:
    """An answer that is kept if it is the same whoever asks: nothing on the way to it was cut short."""
    found = known.get(entry)
    if found is None:
        before = program.cut_short
        found = ask(program, entry)
        if program.cut_short == before:
            known[entry] = found
    return found


def _member(program: Program, entry: Type, base: Entity) -> Entity:
    """A class that an object of a library holds is a class of that library: `db.Model`."""
    held = isinstance(base, Method) and base.name in program.library(entry.path).types
    return External(base.name) if isinstance(base, Method) and held else base


def _bases(program: Program, entry: Type) -> Entities:
    facts = program.file(entry.path).types.get(entry.name)
    if facts is None:
        return ()
    scope = Scope(Frame(entry.path), facts.extent.start_line)
    found: list[Entity] = []
    for base in facts.bases:
        of = base.of if isinstance(base, Index) else base
        named = (_member(program, entry, each) for each in program.evaluate(of, scope))
        fitting = (of_as_many(program, each, base) for each in named if isinstance(each, (Type, External)))
        found.extend(each for each in fitting if each != entry)
    return (*parts(program, entry), *found)


def of_as_many(program: Program, named: Entity, written: Value) -> Entity:
    """The type of this name that leaves as many types open as are written: a file may hold `Task` and `Task<T>`."""
    if not isinstance(named, Type):
        return named
    given = written.key if isinstance(written, Index) else None
    wanted = len(given.items) if isinstance(given, Sequence) else int(given is not None)
    known = program.file(named.path).types
    fitting = [f"{named.name}#{number}" for number in range(2, MAX_NAMESAKES) if f"{named.name}#{number}" in known]
    for name in (named.name, *fitting) if fitting else ():
        if len(known[name].type_parameters) == wanted:
            return Type(named.path, name)
    return named


def parts(program: Program, entry: Type) -> tuple[Type, ...]:
    """The other parts of a class that is written in several files of one package."""
    facts = program.file(entry.path).types.get(entry.name)
    if facts is None or Reference("partial") not in facts.decorators:
        return ()
    package = program.packages[entry.path]
    found = [Type(path, entry.name) for path in program.modules.sharing(package, entry.name.partition(".")[0])]
    return tuple(each for each in found if each != entry and Reference("partial") in _decorators(program, each))


def _decorators(program: Program, entry: Type) -> tuple[Value, ...]:
    facts = program.file(entry.path).types.get(entry.name)
    return facts.decorators if facts is not None else ()


def lineage(program: Program, entry: Type) -> Entities:
    """A class and everything it derives from, nearest first; External ones stand for library types."""
    return _once(program, program.lineages, entry, _lineage)


def _lineage(program: Program, entry: Type) -> Entities:
    found: list[Entity] = []
    pending: list[Entity] = [entry]
    while pending and len(found) < MAX_LINEAGE:
        current = pending.pop(0)
        if current in found:
            continue
        found.append(current)
        if isinstance(current, Type):
            pending.extend(bases(program, current))
    return tuple(found)


def pieces(program: Program, entry: Type) -> tuple[Entity, ...]:
    """The lineage of a class, each class of the tree once for every file that holds a part of it."""
    return tuple(
        piece
        for each in lineage(program, entry)
        for piece in (scattered.parts(program, each) if isinstance(each, Type) else (each,))
    )


def external_bases(program: Program, entry: Type) -> tuple[str, ...]:
    """The library types a class derives from."""
    return tuple(each.name for each in lineage(program, entry) if isinstance(each, External))


def subclasses(program: Program, entry: Type) -> tuple[Type, ...]:
    """The classes of the tree that derive from `entry`, at any distance, in order of file and place."""
    found: set[Type] = set()
    pending = [entry]
    while pending:
        current = pending.pop(0)
        for candidate in program.types_by_base.get(plain_name(current.name), ()):
            if candidate not in found and candidate != entry and current in bases(program, candidate):
                found.add(candidate)
                pending.append(candidate)
    return tuple(sorted(found, key=lambda each: (each.path, each.name)))


def library_name(program: Program, entity: Entity) -> tuple[str, Entity | None]:
    """The library name an entity is used by, and the object it is used on."""
    match entity:
        case External(name=name):
            return name, None
        case Method(name=name, receiver=receiver):
            return name, receiver
        case Made(type=name):
            return f"{name}.__call__", entity
        case Type():
            # Making an object of a class of the tree runs the constructor of the library type below it.
            return next(iter(external_bases(program, entity)), ""), None
        case _:
            return "", None


def method(program: Program, entry: Type, name: str, receiver: Entity | None = None) -> Function | None:
    """The method `name` of a class or the nearest of its bases, bound to `receiver`."""
    for each in lineage(program, entry):
        found = own_method(program, each, name) if isinstance(each, Type) else None
        if found is not None:
            return Function(found.path, found.name, receiver)
    return None


def own_method(program: Program, entry: Type, name: str) -> Function | None:
    """The method `name` that a class defines itself, in whichever file."""
    qualified = f"{entry.name}.{name}"
    for part in scattered.parts(program, entry):
        if qualified in program.file(part.path).functions:
            return Function(part.path, qualified)
    return None


def overrides(program: Program, entry: Type, name: str) -> tuple[Function, ...]:
    """
    The same method in classes that derive from `entry`, each bound to an object of its class.

    A class may have it from another base: `class Orders(Repository, OrderStore)` answers for `OrderStore` by what
    `Repository` writes.
    """
    found: dict[tuple[str, str], Function] = {}
    derived = subclasses(program, entry)
    for each in derived:
        qualified = f"{each.name}.{name}"
        if qualified in program.file(each.path).functions:
            found[each.path, qualified] = Function(each.path, qualified, Object(each))
    above = lineage(program, entry) if derived else ()
    for each in derived:
        inherited = method(program, each, name, Object(each))
        if inherited is not None and _is_from_elsewhere(program, inherited, above):
            found.setdefault((inherited.path, inherited.name), inherited)
    return tuple(found.values())


def _is_from_elsewhere(program: Program, method: Function, above: Entities) -> bool:
    """Whether a method is written by a type that is none of those `above`."""
    facts = program.function(method)
    return not facts.is_abstract and Type(method.path, facts.owner) not in above


def annotation_options(annotation: Value) -> Iterator[Value]:
    """The types an annotation may mean: unions and optionals opened, null left out."""
    match annotation:
        case Choice(options=options):
            for option in options:
                yield from annotation_options(option)
        case Index(of=of, key=key) if last_name(of) in _OPTIONAL:
            for option in key.items if isinstance(key, Sequence) else (key,):
                yield from annotation_options(option)
        case Literal(value=None) | Reference(name="None"):
            return
        case Literal(value=str(text)) if text.replace(".", "").isidentifier():
            yield Reference(text)
        case _:
            yield annotation
