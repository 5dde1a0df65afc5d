"""From a program to everything recognized in it: part by part, and by how many processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection

from commlint.codec import decode, encode
from commlint.model.operations import Recognition
from commlint.recognize.recognize import merged, recognize
from commlint.resolve.program import Program

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
    shares = _shares(parts, jobs or os.cpu_count() or 1)
    found: dict[int, Recognition] = {}
    # What a child takes over is not looked through for garbage, or all of it would be copied.
    gc.freeze()
    try:
        children = [(share, _started(parts, share)) for share in shares[1:]]
        found.update((number, _of(parts[number])) for number in shares[0])
        for share, (process, answers) in children:
            for number in share:
                found[number] = _received(answers) or _of(parts[number])
            process.join()
    finally:
        gc.unfreeze()
    return merged(found[number] for number in range(len(parts)))


def _of(part: Program) -> Recognition:
    found = recognize(part)
    # What one part remembers is of no use to another, and of a large tree it would not fit beside it.
    part.forget()
    return found


def _can_fork() -> bool:
    # Elsewhere a child would have to be told the whole program first.
    return sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()


def _shares(parts: Sequence[Program], processes: int) -> list[list[int]]:
    """The parts that each process looks at, by their numbers: of about the same weight, the heaviest dealt first."""
    weights = [sum(len(index.code.calls) for _, index in part.own) for part in parts]
    count = max(1, min(processes, sum(weights) // CALLS_FOR_A_PROCESS))
    shares: list[list[int]] = [[] for _ in range(count)]
    loads = [0] * count
    for number in sorted(range(len(parts)), key=lambda number: -weights[number]):
        least = loads.index(min(loads))
        shares[least].append(number)
        loads[least] += weights[number]
    return shares


def _started(parts: Sequence[Program], share: Iterable[int]) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """A child at work on its share, and where its answers come out."""
    context = multiprocessing.get_context("fork")
    answers, told = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=([parts[number] for number in share], told), daemon=True)
    process.start()
    told.close()
    return process, answers


def _work(parts: Iterable[Program], told: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for answer in [encode(_of(part)) for part in parts]:
        told.send_bytes(answer)


def _received(answers: Connection) -> Recognition | None:
    """The next answer of a child, None when it ended before its time."""
    try:
        return decode(answers.recv_bytes(), Recognition)
    except EOFError:
        return None
