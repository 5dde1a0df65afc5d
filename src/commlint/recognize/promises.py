"""Promises that nobody waits for: what a call began goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.code import CallFacts
from commlint.model.places import Extent
from commlint.model.values import Reference, walk
from commlint.resolve.entities import CallSite, Function
from commlint.resolve.index import FileIndex
from commlint.resolve.program import Program


def is_dropped(program: Program, site: CallSite) -> bool:
    """
    Whether nobody waits for what a call promises: it stands alone as a statement, with what is chained to it.

    Whoever is handed a parameter as a whole may answer by it, and so may what is chained to the call: a request waits
    for `get(url).then(found => response.send(found))`. A message is only settled by what is chained.
    """
    call = program.call(site)
    if not (call.dropped and call.function and program.language(site.path).promises):
        return False
    return not _may_answer(program, program.file(site.path), call)


def runs_on_alone(program: Program, site: CallSite, function: Function) -> bool:
    """Whether a function of the tree that is called there goes on by itself."""
    return program.function(function).is_async and is_dropped(program, site)


def _may_answer(program: Program, index: FileIndex, call: CallFacts) -> bool:
    """Whether a call, or what is chained to it, is given a parameter of the function, or uses it there."""
    names, handed = _parameters(index, call.function), _handed(program, index, call.function)
    stretch = max((each.extent for each in index.code.calls if _begins(each, call)), key=_end)
    for each in index.code.calls if names else ():
        if not _within(each.extent, stretch):
            continue
        inside = each.function != call.function
        known = names - _parameters(index, each.function, call.function) if inside else handed
        told = {
            part.name for argument in each.arguments for part in walk(argument.value) if isinstance(part, Reference)
        }
        if inside:
            told.update(part.name.partition(".")[0] for part in walk(each.callee) if isinstance(part, Reference))
        if known & told:
            return True
    return False


def _parameters(index: FileIndex, function: str, outer: str = "") -> frozenset[str]:
    """The parameters of a function and of those around it, as far as they lie in `outer`."""
    around = (index.functions[each] for each in _around(function) if each in index.functions and len(each) > len(outer))
    return frozenset(parameter.name for facts in around for parameter in facts.parameters)


def _handed(program: Program, index: FileIndex, function: str) -> frozenset[str]:
    """The parameters by which a request may be answered: not those of functions that no request runs."""
    answering = (each for each in _around(function) if (index.path, each) not in program.receiving)
    around = (index.functions[each] for each in answering if each in index.functions)
    return frozenset(parameter.name for facts in around for parameter in facts.parameters)


def _around(function: str) -> Iterator[str]:
    """A function and those around it, by their names."""
    while function:
        yield function
        function = function.rpartition(".")[0]


def _begins(each: CallFacts, call: CallFacts) -> bool:
    """Whether a call begins where another one does, as all of a chain do."""
    return each.function == call.function and _start(each.extent) == _start(call.extent)


def _start(extent: Extent) -> tuple[int, int]:
    return extent.start_line, extent.start_column


def _end(extent: Extent) -> tuple[int, int]:
    return extent.end_line, extent.end_column


def _within(inner: Extent, outer: Extent) -> bool:
    return _start(outer) <= _start(inner) and _end(inner) <= _end(outer)
