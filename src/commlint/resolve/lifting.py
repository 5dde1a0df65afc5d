"""A place as the callers of its function make it: frames with one more call known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.values import Parameter, Value, walk
from commlint.resolve import callbacks
from commlint.resolve.entities import CallSite, Data, Entities, Entity, Frame, Function, Object, Type

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_LEVELS = 4
MAX_CALLERS = 6
MAX_GATHERED = 24
MAX_OBJECTS = 6
MAX_OBJECT_LEVELS = 3


def asked(program: Program, frame: Frame, values: Iterable[Value], *, through_objects: bool = True) -> str:
    """
    The function whose caller decides a value, "" when none does.

    The outermost one, or one around it; or one that had the object made which it runs on.
    """
    opened = _open_functions(values)
    if not opened or not frame.root.function:
        return ""
    return _asked(program, frame.root, opened, MAX_OBJECT_LEVELS if through_objects else 0, set())


def _open_functions(values: Iterable[Value]) -> set[str]:
    """The functions whose parameters are still open in some values."""
    return {part.name.rpartition(".")[0] for value in values for part in walk(value) if isinstance(part, Parameter)}


def _asked(program: Program, root: Frame, opened: set[str], levels: int, seen: set[Frame]) -> str:
    if root.function in opened:
        return root.function
    if root.outer is not None:
        return _asked(program, root.outer.root, opened, levels, seen)
    around = max((each for each in opened if each and root.function.startswith(f"{each}.")), key=len, default="")
    if around or not levels or root in seen:
        return around
    seen.add(root)
    sites = (each.site for each in _objects(program, root))
    made = (_asked(program, site.frame.root, opened, levels - 1, seen) for site in sites if site is not None)
    return next(filter(None, made), "")


def lift_all(program: Program, frame: Frame, function: str = "", levels: int = MAX_OBJECT_LEVELS) -> Iterator[Frame]:
    """
    The same frame seen from each call of its outermost function, or of another one that decides what it means.

    Args:
        levels: objects that hold each other, up to the one that `function` had made.
    """
    root = frame.root
    if function in ("", root.function):
        for site in _calls(program, Function(root.path, root.function)):
            yield from lift(program, frame, site)
    elif root.outer is not None:
        for above in lift_all(program, root.outer, function, levels):
            yield from _rooted(program, frame, replace(root, outer=above))
    elif root.function.startswith(f"{function}."):
        for site in _calls(program, Function(root.path, function)):
            for above in lift(program, Frame(root.path, function), site):
                yield from _rooted(program, frame, replace(root, outer=above))
    elif levels:
        yield from _on_each_object(program, frame, function, levels - 1)


def _on_each_object(program: Program, frame: Frame, function: str, levels: int) -> Iterator[Frame]:
    """
    The same frame on each object it may run on, made as the callers of `function` have it made.

    Where several come of it and its own callers tell which of them they mean, those are asked instead.
    """
    makers = _objects(program, frame.root)
    made = [each for maker in makers for each in _made_by_callers(program, maker, function, levels)]
    roots = (_on(program, frame.root, one) for one in made)
    lifted = [each for root in roots for each in _rooted(program, frame, root) if each != frame]
    if len(lifted) > 1:
        called = list(lift_all(program, frame))
        if called and all(_runs_on_known(each, frame.depth) for each in called):
            lifted = called
    yield from lifted


def _objects(program: Program, root: Frame) -> tuple[Object, ...]:
    """The objects of which a call of the tree is known to make them that a function may run on."""
    method = program.file(root.path).owner_of(root.function)
    if method is None:
        return ()
    receiver = root.receiver if root.function == method.function else root.around(method.function).receiver
    if receiver is not None:
        return (receiver,) if isinstance(receiver, Object) and receiver.site is not None else ()
    made = program.makers(Type(root.path, method.type))
    return made if len(made) <= MAX_OBJECTS else ()


def _made_by_callers(program: Program, made: Object, function: str, levels: int) -> Iterator[Object]:
    """An object as made for each caller of `function`, or just itself where that decides nothing."""
    if made.site is None:
        return
    decides = _asked(program, made.site.frame.root, {function}, levels, set())
    above = list(islice(lift_all(program, made.site.frame, function, levels), MAX_GATHERED)) if decides else []
    yield from (replace(made, site=replace(made.site, frame=each)) for each in above or [made.site.frame])


def _on(program: Program, root: Frame, entity: Object) -> Frame:
    """An outermost frame with the object known that its function, or the method around it, runs on."""
    method = program.file(root.path).owner_of(root.function)
    if method is None or method.function == root.function:
        return replace(root, receiver=entity)
    return replace(root, outer=Frame(root.path, method.function, None, entity))


def _runs_on_known(frame: Frame, depth: int) -> bool:
    """Whether the call that a frame was lifted by tells the very object it runs on."""
    for _ in range(depth):
        assert frame.site is not None
        frame = frame.site.frame
    return isinstance(frame.receiver, Object) and frame.receiver.site is not None


def _calls(program: Program, function: Function) -> Iterator[CallSite]:
    """The calls that may run a function, but for its own; where there are none, those of parameters it is given as."""
    told = (*program.callers(function), *program.early_callers(function))
    for path, number in told:
        call = program.file(path).code.calls[number]
        if (path, call.function) != (function.path, function.name):
            yield CallSite(path, number, program.open_frame(path, call.function))
    if not told:
        yield from callbacks.runs(program, function)


def _rooted(program: Program, frame: Frame, root: Frame) -> Iterator[Frame]:
    """`frame` with another outermost frame, once for each object it may run on."""
    if frame.site is None:
        yield root
        return
    for above in _rooted(program, frame.site.frame, root):
        site = replace(frame.site, frame=above)
        yield from list(_run_from(program, frame, site)) or (replace(frame, site=site),)


def lift(program: Program, frame: Frame, outer: CallSite) -> Iterator[Frame]:
    """`frame` with the call `outer` known to run its outermost function, once for each object it may run on."""
    if frame.site is None:
        yield from _run_from(program, frame, outer)
        return
    for above in lift(program, frame.site.frame, outer):
        yield from _run_from(program, frame, replace(frame.site, frame=above))


def _run_from(program: Program, frame: Frame, site: CallSite) -> Iterator[Frame]:
    """The function of `frame` as run by the call `site`, once for each object it may run on."""
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
    return bool(frame.root.function) and frame.root.function in _open_functions(_values(entities))


def _values(entities: Entities) -> Iterator[Value]:
    return (entity.value for entity in entities if isinstance(entity, Data))
