"""A place as the callers of its function make it: frames with one more call known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.values import Parameter, Value, walk
from commlint.resolve.entities import CallSite, Data, Entities, Entity, Frame, Function, Object, Type

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_LEVELS = 4
MAX_CALLERS = 6
MAX_GATHERED = 24


def asked(frame: Frame, values: Iterable[Value]) -> str:
    """The function whose caller decides a value: the outermost one, or one around it; "" when none does."""
    root = frame.root
    open_ones = {
        part.name.rpartition(".")[0] for value in values for part in walk(value) if isinstance(part, Parameter)
    }
    if not root.function or not open_ones:
        return ""
    if root.function in open_ones:
        return root.function
    if root.outer is not None:
        return root.outer.root.function if root.outer.root.function in open_ones else ""
    return max((each for each in open_ones if each and root.function.startswith(f"{each}.")), key=len, default="")


def lift_all(program: Program, frame: Frame, function: str = "") -> Iterator[Frame]:
    """The same frame seen from each call of its outermost function, or of one around that."""
    root = frame.root
    if function in ("", root.function):
        for site in _calls(program, Function(root.path, root.function)):
            yield from lift(program, frame, site)
    elif root.outer is not None:
        for above in lift_all(program, root.outer, function):
            yield _rooted(frame, replace(root, outer=above))
    else:
        for site in _calls(program, Function(root.path, function)):
            for above in lift(program, Frame(root.path, function), site):
                yield _rooted(frame, replace(root, outer=above))


def _calls(program: Program, function: Function) -> Iterator[CallSite]:
    """The calls that may run a function, but for its own."""
    for path, number in (*program.callers(function), *program.early_callers(function)):
        call = program.file(path).code.calls[number]
        if (path, call.function) != (function.path, function.name):
            yield CallSite(path, number, program.open_frame(path, call.function))


def _rooted(frame: Frame, root: Frame) -> Frame:
    """`frame` with another outermost frame."""
    if frame.site is None:
        return root
    return replace(frame, site=CallSite(frame.site.path, frame.site.call, _rooted(frame.site.frame, root)))


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


def agreed(program: Program, frame: Frame, look: Callable[[Frame], Entities]) -> Entities:
    """
    What is seen in `frame`, with parameters bound as far as all callers agree on them.

    Callers that do not agree leave it as any caller sees it: which of them is meant only the place that asks can tell.
    """
    seen = look(frame)
    current = [frame]
    for _ in range(MAX_LEVELS):
        if not any(_asks_caller(each, seen) for each in current):
            return seen
        current = [above for each in current for above in islice(lift_all(program, each), MAX_CALLERS + 1)]
        answers = {look(each) for each in current[: MAX_CALLERS + 1]}
        if len(current) > MAX_CALLERS or len(answers) != 1:
            break
        seen = next(iter(answers))
    return look(frame)


def gathered(program: Program, frame: Frame, look: Callable[[Frame], Entities]) -> Entities:
    """What is seen in `frame` by all callers together, as far as they may run it on the same object."""
    found: list[Entity] = []
    pending = [(frame, 0)]
    while pending:
        current, level = pending.pop(0)
        seen = look(current)
        above: list[Frame] = []
        if level < MAX_LEVELS and _asks_caller(current, seen):
            above = [each for each in lift_all(program, current) if level or _same(frame.receiver, each.receiver)]
        if above and len(pending) + len(above) <= MAX_GATHERED:
            pending.extend((each, level + 1) for each in above)
        else:
            found.extend(seen)
    return tuple(dict.fromkeys(found))


def _same(one: Entity | None, other: Entity | None) -> bool:
    """Whether two may be the same object."""
    made = {(each.site.path, each.site.call) for each in (one, other) if isinstance(each, Object) and each.site}
    return len(made) < 2


def _asks_caller(frame: Frame, entities: Entities) -> bool:
    return bool(frame.root.function) and asked(frame, _values(entities)) == frame.root.function


def _values(entities: Entities) -> Iterator[Value]:
    return (entity.value for entity in entities if isinstance(entity, Data))
