"""Functions that are handed to another as an argument: the calls that one makes of its parameter run them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.values import Reference
from commlint.resolve.entities import CallSite, Frame, Function
from commlint.resolve.index import plain_name
from commlint.resolve.parameters import parameter_value

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_HANDINGS = 40


def runs(program: Program, function: Function) -> Iterator[CallSite]:
    """
    The calls of a parameter that is this function, each in the frame of the call that gives it.

    `traced(publish)` runs `publish` where `traced` calls what it was given.
    """
    for path, number in islice(program.handings_by_name.get(plain_name(function.name), ()), MAX_HANDINGS):
        call = program.file(path).code.calls[number]
        site = CallSite(path, number, program.open_frame(path, call.function))
        for taker in program.callee(path, number):
            if isinstance(taker, Function) and (taker.path, taker.name) != (function.path, function.name):
                frame = Frame(taker.path, taker.name, site, taker.receiver)
                yield from _of_parameter(program, frame, function)


def _of_parameter(program: Program, frame: Frame, function: Function) -> Iterator[CallSite]:
    """The calls in a frame of those of its parameters that are the function."""
    index = program.file(frame.path)
    facts = index.functions.get(frame.function)
    called = {
        callee.name: number
        for number in index.calls_of.get(frame.function, ())
        if isinstance(callee := index.code.calls[number].callee, Reference)
    }
    for parameter in facts.parameters if facts is not None else ():
        if parameter.name in called and any(
            isinstance(each, Function) and (each.path, each.name) == (function.path, function.name)
            for each in parameter_value(program, index, frame, parameter)
        ):
            yield CallSite(frame.path, called[parameter.name], frame)
