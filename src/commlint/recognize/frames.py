"""Seeing through wrappers: a site whose meaning depends on its callers is looked at once per caller."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from commlint.model.places import Region
from commlint.model.values import Choice, Value, walk
from commlint.resolve import lifting, types
from commlint.resolve.entities import Data, Frame, Object, Type
from commlint.resolve.program import Program

MAX_LEVELS = 6
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
        function = deciding(program, current, opens(seen)) if level < MAX_LEVELS else ""
        if function:
            lifted = list(islice(lifting.lift_all(program, current, function), MAX_CALLERS + 1))
        if not lifted or len(pending) + len(done) + len(lifted) > MAX_CALLERS:
            done.append((current, seen))
        else:
            pending.extend((each, level + 1) for each in lifted)
    return done


def deciding(program: Program, frame: Frame, values: tuple[Value, ...]) -> str:
    """
    The function whose caller decides some of the values, "" when none does.

    Its parameters do, or the object that the outermost function runs on.
    """
    root = frame.root
    if not root.function:
        return ""
    written_there = lifting.asked(program, frame, values, through_objects=False)
    if not written_there and any(isinstance(part, Choice) for value in values for part in walk(value)):
        written_there = _on_given_object(program, frame) or (root.function if _runs_on_several(program, root) else "")
    return written_there or lifting.asked(program, frame, values)


def _on_given_object(program: Program, frame: Frame) -> str:
    """The function that the object is a parameter of on which the outermost known call runs its function."""
    while frame.site is not None and frame.site.frame.site is not None:
        frame = frame.site.frame
    if frame.site is None or not isinstance(frame.receiver, Object) or frame.receiver.site is not None:
        return ""
    called = (each.value for each in program.runs(frame.site) if isinstance(each, Data))
    return lifting.asked(program, frame.site.frame, called, through_objects=False)


def _runs_on_several(program: Program, root: Frame) -> bool:
    if root.receiver is not None and not (isinstance(root.receiver, Object) and root.receiver.site is None):
        return False
    scope = program.file(root.path).owner_of(root.function)
    if scope is None:
        return False
    owner = Type(root.path, scope.type)
    return len(program.makers(owner)) > 1 or len(types.subclasses(program, owner)) > 1


def way(program: Program, frame: Frame) -> tuple[Region, ...]:
    """The calls from the outermost function down to the function of `frame`, outermost first."""
    found: list[Region] = []
    current = frame
    while current.site is not None:
        found.append(Region.of(current.site.path, program.call(current.site).extent))
        current = current.site.frame
    return tuple(reversed(found))


def deciding_file(frame: Frame, own: str) -> str:
    """The file of the outermost call that made a site what it is, "" when that is its `own`."""
    root = frame.root
    while root.outer is not None:
        root = root.outer.root
    return root.path if root.path != own else ""
