"""The same done to many things: by this process, and by others at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Final

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]

READY: Final = "commlint.observe.observe"
"""What other processes can import before they know what there is to do."""

AHEAD: Final = 2
"""Things that a process is given at a time, so that it need not wait for the next one."""


@contextmanager
def pool(workers: int) -> Iterator[Mapper]:
    """How to have the same done to many things, in as many processes; their results come in the order of the things."""
    if workers == 1:
        yield map
        return
    with ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn")) as executor:
        # They start with the first thing they are given, and that takes a while: this process is still planning.
        executor.submit(_get_ready)
        yield partial(_shared_out, executor, workers - 1)


def _get_ready() -> None:
    import_module(READY)


def _shared_out(executor: Executor, others: int, task: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[Any]:
    work = _Work(executor, task, things)
    for _ in range(AHEAD * others):
        work.hand_over()
    while (mine := work.taken()) is not None:
        place, thing = mine
        work.done[place] = task(thing)
    return iter(work.results())


class _Work:
    """Things that nobody has begun with yet, and what became of the others, by their places."""

    def __init__(self, executor: Executor, task: Callable[[Any], Any], things: Iterable[Any]) -> None:
        self._executor, self._task = executor, task
        self._left = deque(enumerate(things))
        self._count = len(self._left)
        self._elsewhere: dict[int, Future[Any]] = {}
        self.done: dict[int, Any] = {}

    def taken(self) -> tuple[int, Any] | None:
        """The next thing, which is the caller's now."""
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def hand_over(self, _: object = None) -> None:
        """Give the next thing to another process, and one more whenever it is done with one."""
        if (next_one := self.taken()) is None:
            return
        place, thing = next_one
        try:
            future = self._executor.submit(self._task, thing)
        except BrokenExecutor:
            self._left.appendleft(next_one)
            return
        self._elsewhere[place] = future
        future.add_done_callback(self.hand_over)

    def results(self) -> list[Any]:
        """All of them; raises what a task raised."""
        return [
            self.done[place] if place in self.done else self._elsewhere[place].result() for place in range(self._count)
        ]
