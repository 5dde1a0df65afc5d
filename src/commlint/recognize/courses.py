"""Where a call stands in the course of its function: in which branches, behind which exits, beside what."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from commlint.model.code import CallFacts
from commlint.model.operations import STRAIGHT, Course
from commlint.model.places import Extent, Region
from commlint.model.values import Compute, Literal, Reference
from commlint.resolve.entities import CallSite
from commlint.resolve.index import FileIndex
from commlint.resolve.program import Program

_SAME = ("is", "is not", "==", "!=", "===", "!==")
_LEAVES = ("return", "raise")
_TRANSPARENT = ("with", "try", "finally")
"""Blocks that are gone through whenever what stands around them is."""

MOST: Final = 50
"""Branches before a call that are looked at, the nearest ones."""

_Ending = tuple[tuple[int, int], int]


class _Known(NamedTuple):
    """
    What is asked of a file again and again.

    `leaving`: function → where branches end that leave it, with their numbers, in order. `handed`: call → how many
    calls stand among its arguments. `waits`: some call in it is awaited.
    """

    leaving: dict[str, list[_Ending]]
    handed: Counter[int]
    waits: bool


_files: WeakKeyDictionary[FileIndex, _Known] = WeakKeyDictionary()


def course(program: Program, site: CallSite, beside: bool) -> Course:
    """
    Where a call stands in its own function.

    Args:
        beside: its result is a promise that nobody has waited for, as far as the call itself tells.
    """
    index, call = program.file(site.path), program.call(site)
    beside = beside or _among_awaited(index, call)
    blocks = dict(index.blocks(call.block))
    around = tuple(number for number, block in blocks.items() if block.kind == "branch")
    before = _known(index).leaving.get(call.function, [])
    last = bisect_right(before, (_begin(call.extent), len(index.code.blocks)))
    parents = {-1, *blocks}
    passed = tuple(
        branch for _, branch in before[max(last - MOST, 0) : last] if index.code.blocks[branch].parent in parents
    )
    if not around and not passed:
        return Course(beside=True) if beside else STRAIGHT
    arms = tuple(
        (_place(site.path, index, _choice(index, branch)), _place(site.path, index, branch)) for branch in around
    )
    decided = not all(_asks_presence(index, branch) for branch in (*around, *passed))
    return Course(arms, tuple(_place(site.path, index, branch) for branch in passed), beside, decided)


def _asks_presence(index: FileIndex, branch: int) -> bool:
    """Whether a branch asks if something is there and no more: `if item:`, `if item is None:`, the else of these."""
    match index.code.blocks[branch].value or index.code.blocks[_choice(index, branch)].value:
        case Compute(operator="not", operands=(Reference(name=name),)) | Reference(name=name):
            return "." not in name
        case Compute(operator=operator, operands=(Reference(name=name), Literal(value=None))):
            return "." not in name and operator in _SAME
        case _:
            return False


def goes_on(program: Program, site: CallSite) -> bool:
    """Whether nobody waits at its place for what a call promises; who waits for the only one handed over, does."""
    index, call = program.file(site.path), program.call(site)
    while not call.awaited and not call.blocked:
        if call.inside < 0 or _known(index).handed[call.inside] > 1:
            return True
        call = index.code.calls[call.inside]
    return False


def waits(program: Program, path: str) -> bool:
    """Whether a file waits for promises by a word of its language; elsewhere coroutines are called like functions."""
    return _known(program.file(path)).waits


def _among_awaited(index: FileIndex, call: CallFacts) -> bool:
    """Whether a call is one of several that are waited for together: `await gather(one(), other())`."""
    among = False
    while not call.awaited and call.inside >= 0:
        among |= _known(index).handed[call.inside] > 1
        call = index.code.calls[call.inside]
    return among and call.awaited


def _known(index: FileIndex) -> _Known:
    if index not in _files:
        handed = Counter(call.inside for call in index.code.calls)
        _files[index] = _Known(_leaving(index), handed, any(call.awaited for call in index.code.calls))
    return _files[index]


def _leaving(index: FileIndex) -> dict[str, list[_Ending]]:
    table: dict[str, list[_Ending]] = defaultdict(list)
    for entry in index.code.exits:
        branch = entry.block
        while branch >= 0 and index.code.blocks[branch].kind in _TRANSPARENT:
            branch = index.code.blocks[branch].parent
        if entry.kind in _LEAVES and branch >= 0 and index.code.blocks[branch].kind == "branch":
            table[entry.function].append((_end(index.code.blocks[branch].extent), branch))
    return {name: sorted(set(branches)) for name, branches in table.items()}


def _choice(index: FileIndex, branch: int) -> int:
    first = index.code.blocks[branch].of
    return first if first >= 0 else branch


def _place(path: str, index: FileIndex, block: int) -> Region:
    extent = index.code.blocks[block].extent
    return Region(path, extent.start_line, extent.start_column, extent.start_line, extent.start_column)


def _begin(extent: Extent) -> tuple[int, int]:
    return extent.start_line, extent.start_column


def _end(extent: Extent) -> tuple[int, int]:
    return extent.end_line, extent.end_column
