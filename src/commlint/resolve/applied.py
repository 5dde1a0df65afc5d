"""Decorators of libraries that a decorator of the tree applies itself, by calling them on the methods of a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.model.values import CallResult, Literal
from commlint.resolve import types
from commlint.resolve.entities import CallSite, Data, Frame, Function, Type
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def uses(program: Program, decorator: Function, decorated: Type) -> Iterator[Use]:
    """
    The uses that a function of the tree makes of library decorators, one for each method of the class it names.

    `GrpcMethod("Stock", method)(constructor.prototype[method], …)` in a loop over names, as generated code has it.
    """
    index = program.file(decorator.path)
    applied = {call.callee.call for call in index.code.calls if isinstance(call.callee, CallResult)}
    for number in sorted(applied):
        call = index.code.calls[number]
        if call.function != decorator.name and not call.function.startswith(f"{decorator.name}."):
            continue
        site = CallSite(decorator.path, number, Frame(decorator.path, call.function))
        scope = program.site_scope(site)
        for entity in program.evaluate(call.callee, scope):
            name, _ = types.library_name(program, entity)
            for match in program.library(decorator.path).sites(name) if name else ():
                if match.site.form == "decorator":
                    use = Use(match, scope, call.arguments, None, site, decorated)
                    yield from _on_methods(program, use, decorated)


def _on_methods(program: Program, use: Use, owner: Type) -> Iterator[Use]:
    for place, argument in enumerate(use.arguments):
        for entity in program.evaluate(argument.value, use.scope):
            told = entity.value.value if isinstance(entity, Data) and isinstance(entity.value, Literal) else None
            method = types.own_method(program, owner, told) if isinstance(told, str) else None
            if method is not None:
                named = (*use.arguments[:place], Argument(None, Literal(told)), *use.arguments[place + 1 :])
                yield replace(use, arguments=named, decorated=Function(method.path, method.name))
