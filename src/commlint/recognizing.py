"""From a program to everything recognized in it: part by part, and by how many processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from commlint.codec import decode, encode
from commlint.model.operations import Recognition
from commlint.recognize.recognize import merged, recognize
from commlint.resolve.program import Program

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, ForkProcess
    from multiprocessing.sharedctypes import Synchronized

CALLS_FOR_A_PROCESS = 10_000
"""Calls that must be there to look at before another process earns its start."""


def recognized(parts: Sequence[Program], jobs: int) -> Recognition:
    """
    Everything recognized in programs that have nothing to do with each other, whatever the number of processes.

    Args:
        jobs: processes at most, 0 for one per core.
    """
    if not _can_fork():
        return merged(map(_of, parts))
    processes = _processes(parts, jobs or os.cpu_count() or 1)
    order = sorted(range(len(parts)), key=lambda number: -_weight(parts[number]))
    # What a child takes over is not looked through for garbage, or all of it would be copied.
    gc.freeze()
    try:
        context = multiprocessing.get_context("fork")
        turn = context.Value("i", 0)
        children = [_started(context, parts, order, turn) for _ in range(processes - 1)]
        found = {number: _of(parts[number]) for number in _taken(order, turn)}
        for process, answers in children:
            found.update(_received(answers))
            process.join()
    finally:
        gc.unfreeze()
    # What a child that ended before its time had taken is looked at here.
    return merged(found[number] if number in found else _of(parts[number]) for number in range(len(parts)))


def _of(part: Program) -> Recognition:
    found = recognize(part)
    # What one part remembers is of no use to another, and of a large tree it would not fit beside it.
    part.forget()
    return found


def _can_fork() -> bool:
    # Elsewhere a child would have to be told the whole program first.
    return sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()


def _weight(part: Program) -> int:
    """How much there is to look at in a part."""
    return sum(len(index.code.calls) for _, index in part.own)


def _processes(parts: Sequence[Program], most: int) -> int:
    return max(1, min(most, len(parts), sum(map(_weight, parts)) // CALLS_FOR_A_PROCESS))


def _taken(order: Sequence[int], turn: Synchronized[int]) -> Iterator[int]:
    """
    The parts that this process takes, one after the other: whoever is done early takes more.

    Args:
        turn: how many parts all processes have taken.
    """
    while True:
        with turn.get_lock():
            place, turn.value = turn.value, turn.value + 1
        if place >= len(order):
            return
        yield order[place]


def _started(
    context: ForkContext, parts: Sequence[Program], order: Sequence[int], turn: Synchronized[int]
) -> tuple[ForkProcess, Connection]:
    """A child at work, and where its answers come out."""
    answers, told = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(parts, order, turn, told), daemon=True)
    process.start()
    told.close()
    return process, answers


def _work(parts: Sequence[Program], order: Sequence[int], turn: Synchronized[int], told: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The parent listens only when its own parts are done.
    for answer in [encode((number, _of(parts[number]))) for number in _taken(order, turn)]:
        told.send_bytes(answer)


def _received(answers: Connection) -> Iterator[tuple[int, Recognition]]:
    """The answers of a child with the numbers of their parts, as far as it got."""
    try:
        while True:
            yield decode(answers.recv_bytes(), tuple[int, Recognition])
    except EOFError:
        return
