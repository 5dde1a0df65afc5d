"""What stands around a use on a function or class: its owner, its other decorators, its types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.values import (
    Attribute,
    Index,
    Literal,
    Reference,
    Value,
)
from commlint.resolve import options, typed, types
from commlint.resolve.entities import (
    Data,
    Entities,
    Entity,
    Frame,
    Function,
    Object,
    Scope,
    Type,
    is_unknown,
)
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def of_owner(program: Program, use: Use, field: str) -> Entities | None:
    """What decorates the class of a decorated method says of a field; calls it declares have fields of their own."""
    if not isinstance(use.decorated, Function):
        return None
    for each in program.decorators.of_owner(use.decorated):
        found = options.said(program, each, field) if each.match.site.role not in ("client", "factory") else None
        if found is not None:
            return found
    return None


def other_decorators(program: Program, use: Use, field: str) -> Entities | None:
    """What other decorators of the same function say of a field; of what it receives only the address."""
    if not isinstance(use.decorated, Function):
        return None
    roles = ("configure", "consumer") if field in options.ADDRESS else ("configure",)
    others = (each for each in program.decorators.of(use.decorated) if each.match.name != use.match.name)
    told = (each for each in others if each.match.site.role in roles)
    return next((found for each in told if (found := options.said(program, each, field)) is not None), None)


def owner(program: Program, use: Use) -> Type | None:
    """The class a decorated method belongs to, or the decorated class."""
    if isinstance(use.decorated, Function):
        owner = program.function(use.decorated).owner
        return Type(use.decorated.path, owner) if owner else None
    return use.decorated if isinstance(use.decorated, Type) else None


def owner_name(program: Program, use: Use, suffix: str) -> Entities | None:
    found = owner(program, use)
    return (Data(Literal(found.name.rpartition(".")[2].removesuffix(suffix))),) if found is not None else None


def base_name(program: Program, use: Use) -> Entities | None:
    """The name of the first type of the tree that the decorated class derives from."""
    own = owner(program, use)
    around = types.lineage(program, own)[1:] if own is not None else ()
    found = next((each for each in around if isinstance(each, Type)), None)
    return (Data(Literal(found.name.rpartition(".")[2])),) if found is not None else None


def owner_path(program: Program, use: Use) -> Entities | None:
    """The name of that class with its package or module."""
    found = owner(program, use)
    if found is None:
        return None
    package = program.file(found.path).code.module
    return (Data(Literal(f"{package}.{found.name}" if package else found.name)),)


def deriving(program: Program, use: Use, base: str) -> Entities | None:
    """The classes of the tree that derive from a library type for the first type argument of a call."""
    wanted = {each for each in type_argument(program, use, 0) or () if not is_unknown(each)}
    candidates = program.types_by_base.get(base.rpartition(".")[2], ()) if wanted else ()
    found = (
        each for each in candidates for given in typed.of_base(program, each, base) if given and wanted & set(given[0])
    )
    return tuple(dict.fromkeys(found)) or None


def type_argument(program: Program, use: Use, position: int) -> Entities | None:
    """A type argument of the call, or of the library type that a class, or that of the receiver, derives from."""
    if use.site is not None:
        written = program.call(use.site).types
        if not written and isinstance(use.receiver, Object):
            base = use.match.name.rpartition(".")[0]
            derived = typed.of_base(program, use.receiver.type, base)
            return derived[0][position] if derived and position < len(derived[0]) else None
        return typed.meant(program, written[position], use.scope) if position < len(written) else None
    if isinstance(use.decorated, Type):
        given = typed.of_base(program, use.decorated, use.match.name)
        return given[use.turn][position] if use.turn < len(given) and position < len(given[use.turn]) else None
    return None


def given_back(program: Program, located: Entities | None) -> Entities | None:
    """The same with what functions without a name give back in place of these: `context => new OrderPlaced(…)`."""
    found: list[Entity] = []
    for each in located or ():
        if isinstance(each, Function) and "<lambda@" in each.name:
            found.extend(program.run(each, Frame(each.path, each.name, None, each.receiver)))
        else:
            found.append(each)
    return tuple(found) if located is not None else None


def result_type(decorated: Entity | None, program: Program) -> Entities | None:
    """The name of the type that a decorated function says it returns, without namespace and type arguments."""
    return _last_of_type(program.function(decorated).returns) if isinstance(decorated, Function) else None


def parameter_type(decorated: Entity | None, program: Program, position: int) -> Entities | None:
    """The name of the type of a parameter of a decorated function, without namespace and type arguments."""
    taken = program.function(decorated).parameters if isinstance(decorated, Function) else ()
    return _last_of_type(taken[position].annotation) if position < len(taken) else None


def _last_of_type(written: Value | None) -> Entities | None:
    written = written.of if isinstance(written, Index) else written
    name = written.name.rpartition(".")[2] if isinstance(written, (Reference, Attribute)) else ""
    return (Data(Literal(name)),) if name else None


def enclosing(use: Use) -> Entities:
    """The function a site stands in; a file that does its work when it is started is one itself."""
    frame = use.scope.frame
    return (Function(frame.path, frame.function, frame.receiver),)


def handler_name(function: Function, bare: bool) -> str:
    """The name by which a queue of tasks knows a function: with that of its module, or `bare`."""
    if bare:
        return function.name.rpartition(".")[2]
    module = function.path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
    return f"{module}.{function.name}"


def class_member(program: Program, use: Use, name: str) -> Entities | None:
    of = owner(program, use)
    if of is None and isinstance(use.receiver, Object):
        found = program.member(use.receiver, name, use.receiver.type.path)
        return None if is_unknown(found[0]) else found
    if of is None:
        return None
    for keyword, value in program.file(of.path).types[of.name].keywords:
        if keyword == name:
            return program.evaluate(value, Scope(Frame(of.path)))
    found = program.member(of, name, of.path)
    return None if is_unknown(found[0]) else found
