"""Functions of one name told apart by what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import CallFacts, FunctionFacts
from commlint.model.values import CallResult, Index, Literal, Reference, Sequence, Template, Value
from commlint.resolve import types
from commlint.resolve.entities import CallSite, Entities, Entity, External, Function, Type
from commlint.resolve.index import unnumbered

if TYPE_CHECKING:
    from commlint.resolve.program import Program

_TEXTS = ("String", "CharSequence", "Object", "string", "object")


def of_call(program: Program, entities: Entities, call: CallFacts, path: str) -> Entities:
    """What a call in the file `path` runs, of functions that share a name those that take its arguments."""
    if not any(isinstance(each, Function) for each in entities):
        return entities
    found: list[Entity] = []
    for each in entities:
        found.extend(fitting(program, each, call, path) if isinstance(each, Function) else (each,))
    return tuple(found)


def fitting(program: Program, function: Function, call: CallFacts, path: str) -> tuple[Function, ...]:
    """The functions called like `function` that take the arguments of a call; itself when none or all do."""
    index = program.file(function.path)
    names = index.overloads.get(unnumbered(function.name), ())
    if len(names) < 2 or not program.language(function.path).overloads:
        return (function,)
    known = frozenset(each.name for name in names for each in index.functions[name].parameters)
    fit = [name for name in names if name != call.function and _takes(index.functions[name], call, known)]
    if len(fit) > 1:
        fit = [name for name in fit if _agrees(index.functions[name], call)] or fit
    if len(fit) > 1:
        fit = [name for name in fit if not _asks_for_many(program, index.functions[name], call, path)] or fit
    return tuple(Function(function.path, name, function.receiver) for name in fit) or (function,)


def taking(program: Program, function: Function, kinds: frozenset[str]) -> Function:
    """The function called like `function` whose first parameters are of these types, by their names; else itself."""
    index = program.file(function.path)
    for name in index.overloads.get(unnumbered(function.name), ()):
        if any(kinds & _named(each.annotation) for each in index.functions[name].parameters):
            return Function(function.path, name, function.receiver)
    return function


def _named(annotation: Value | None) -> frozenset[str]:
    """The last names of all types in a written one."""
    match annotation:
        case Reference(name=name):
            return frozenset((name.rpartition(".")[2],))
        case Index(of=of, key=key):
            return _named(of) | _named(key)
        case Sequence(items=items):
            return frozenset[str]().union(*map(_named, items))
        case _:
            return frozenset()


def constructor(program: Program, function: Function, site: CallSite | None) -> Function:
    """The constructor that a call runs, of those of its class."""
    return fitting(program, function, program.call(site), site.path)[0] if site is not None else function


def _takes(facts: FunctionFacts, call: CallFacts, known: frozenset[str]) -> bool:
    """
    Whether a function can be called with as many arguments.

    A name that no parameter of any function called so has, as all of `known`, is that of a member set beside them.
    """
    if any(argument.spread for argument in call.arguments):
        return True
    positional = sum(argument.name is None for argument in call.arguments)
    named = {argument.name for argument in call.arguments if argument.name in known}
    parameters = [each for each in facts.parameters if each.form == "positional"]
    if any(each.form == "variadic" for each in facts.parameters):
        return positional >= len(parameters)
    if positional + len(named) > len(facts.parameters) or not named <= {each.name for each in facts.parameters}:
        return False
    return all(each.default is not None or each.name in named for each in parameters[positional:])


def _agrees(facts: FunctionFacts, call: CallFacts) -> bool:
    """Whether the literals and lists among the arguments of a call may stand for the types of the parameters."""
    for argument, parameter in zip(call.arguments, facts.parameters, strict=False):
        of = parameter.annotation
        if isinstance(argument.value, Sequence) and isinstance(of, Reference) and of.name[:1].islower():
            return False
        if isinstance(argument.value, (Literal, Template)) and isinstance(of, Index):
            return False
        if not isinstance(argument.value, Literal) or not isinstance(of, Reference) or argument.value.value is None:
            continue
        is_text = isinstance(argument.value.value, str)
        if is_text and of.name[:1].islower() and of.name not in _TEXTS and of.name != "char":
            return False
        if not is_text and of.name in ("String", "CharSequence", "string"):
            return False
    return True


def _asks_for_many(program: Program, facts: FunctionFacts, call: CallFacts, path: str) -> bool:
    """Whether an object made for the call stands where the function takes a type that is made of others."""
    for argument, parameter in zip(call.arguments, facts.parameters, strict=False):
        asked = parameter.annotation
        if not isinstance(argument.value, CallResult) or not isinstance(asked, Index) or parameter.form != "positional":
            continue
        made = [each for each in program.callee(path, argument.value.call) if isinstance(each, Type)]
        if made and isinstance(asked.of, Reference) and not any(_is_a(program, each, asked.of.name) for each in made):
            return True
    return False


def _is_a(program: Program, entry: Type, name: str) -> bool:
    """Whether a class has a base of that name, itself included."""
    last = name.rpartition(".")[2]
    lineage = (each for each in types.lineage(program, entry) if isinstance(each, (Type, External)))
    return any(each.name.rpartition(".")[2] == last for each in lineage)
