"""Seeing through wrappers: a site whose meaning depends on its callers is looked at once per caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from commlint.model.places import Region
from commlint.model.values import Choice, Parameter, Value, walk
from commlint.resolve.entities import CallSite, Frame, Function, Object, Type
from commlint.resolve.program import Program

MAX_LEVELS = 4
MAX_CALLERS = 80

Seen = TypeVar("Seen")


def expand(
    program: Program, frame: Frame, look: Callable[[Frame], Seen], opens: Callable[[Seen], tuple[Value, ...]]
) -> list[tuple[Frame, Seen]]:
    """
    Look at a site in `frame`, and, as long as what is seen depends on the caller, in the frame of each caller.

    Args:
        look: what is seen in a frame.
        opens: the values of it that must not depend on a caller.

    Returns:
        The frames that were enough (or the best there are), each with what is seen in it.
    """
    done: list[tuple[Frame, Seen]] = []
    pending: list[tuple[Frame, int]] = [(frame, 0)]
    while pending:
        current, level = pending.pop()
        seen = look(current)
        lifted: list[Frame] = []
        if level < MAX_LEVELS and depends_on_caller(program, current, opens(seen)):
            lifted = list(lift_all(program, current))
        if not lifted or len(pending) + len(done) + len(lifted) > MAX_CALLERS:
            done.append((current, seen))
        else:
            pending.extend((each, level + 1) for each in lifted)
    return done


def depends_on_caller(program: Program, frame: Frame, values: tuple[Value, ...]) -> bool:
    """Whether a value holds a parameter of the outermost function, or differs with the object it runs on."""
    root = frame.root
    if not root.function:
        return False
    for value in values:
        for part in walk(value):
            if isinstance(part, Parameter) and part.name.rpartition(".")[0] == root.function:
                return True
            if isinstance(part, Choice) and _runs_on_several(program, root):
                return True
    return False


def _runs_on_several(program: Program, root: Frame) -> bool:
    if root.receiver is not None and not (isinstance(root.receiver, Object) and root.receiver.site is None):
        return False
    scope = program.file(root.path).owner_of(root.function)
    return scope is not None and len(program.makers(Type(root.path, scope.type))) > 1


def lift_all(program: Program, frame: Frame) -> Iterator[Frame]:
    """The same frame seen from each call of its outermost function."""
    root = frame.root
    function = Function(root.path, root.function)
    for path, number in (*program.callers(function), *program.early_callers(function)):
        call = program.file(path).code.calls[number]
        if (path, call.function) == (root.path, root.function):
            continue
        outer = CallSite(path, number, program.open_frame(path, call.function))
        yield from lift(program, frame, outer)


def lift(program: Program, frame: Frame, outer: CallSite) -> Iterator[Frame]:
    """`frame` with the call `outer` known to run its outermost function, once for each object it may run on."""
    sites = [outer]
    if frame.site is not None:
        inner = frame.site
        sites = [CallSite(inner.path, inner.call, above) for above in lift(program, inner.frame, outer)]
    for site in sites:
        for entity in program.runs(site):
            if isinstance(entity, Function) and (entity.path, entity.name) == (frame.path, frame.function):
                yield Frame(frame.path, frame.function, site, entity.receiver)
            elif isinstance(entity, Type):
                yield Frame(frame.path, frame.function, site, Object(entity, site))


def way(program: Program, frame: Frame) -> tuple[Region, ...]:
    """The calls from the outermost function down to the function of `frame`, outermost first."""
    found: list[Region] = []
    current = frame
    while current.site is not None:
        found.append(Region.of(current.site.path, program.call(current.site).extent))
        current = current.site.frame
    return tuple(reversed(found))
