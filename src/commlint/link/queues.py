"""Which programs of a task queue take which tasks, where their commands name the queues that they read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain, pairwise

from commlint.link.commands import words_of
from commlint.link.programs import is_task
from commlint.model import values
from commlint.model.operations import Operation, Recognition, Role
from commlint.model.values import Literal, Value

OPTIONS = ("--queues", "--queue", "-Q")
# What the queue is called that takes what is sent to none.
DEFAULTS = frozenset(("celery", "default"))
Commands = Iterable[Sequence[str]]


class Queues:
    """What each service reads, and the queues that tasks are sent to."""

    def __init__(self, commands: Mapping[str, Commands], recognition: Recognition) -> None:
        self._read = {name: frozenset(chain.from_iterable(map(read, told))) for name, told in commands.items()}
        self._routes = [
            route
            for site in recognition.channels
            if site.kind == "routes" and site.channel is not None
            for route in _routes(site.channel)
        ]
        self._sent: dict[str, list[Value | None]] = defaultdict(list)
        for operation in recognition.operations:
            if operation.role is Role.PRODUCER and isinstance(operation.address.channel, Literal):
                self._sent[str(operation.address.channel.value)].append(operation.address.routing_key)

    def takers(self, task: Operation, workers: list[str]) -> list[str]:
        """Of some programs of a task queue, those that take a task; all where nothing tells."""
        if not is_task(task) or not any(self._read[name] for name in workers):
            return workers
        wanted = self._wanted(task)
        if wanted is None:
            return workers
        # What a command leaves to the environment may be any queue; one that names none reads what others do not.
        every = frozenset().union(*(self._read[name] for name in workers))
        rest = bool(wanted - every)
        takes = (name for name in workers if self._takes(name, wanted, rest))
        return list(takes) or workers

    def _takes(self, name: str, wanted: frozenset[str], rest: bool) -> bool:
        read = self._read[name]
        return bool(read & wanted) or any("$" in queue for queue in read) or (rest and not read)

    def _wanted(self, task: Operation) -> frozenset[str] | None:
        """The queues a task is sent to, None when one is not known."""
        name = task.address.channel
        if not isinstance(name, Literal):
            return None
        own = task.address.routing_key or self._route(str(name.value))
        found: set[str] = set()
        for said in self._sent.get(str(name.value)) or [None]:
            queue = said or own
            if queue is None:
                found |= DEFAULTS
            elif isinstance(queue, Literal) and isinstance(queue.value, str):
                found.add(queue.value)
            else:
                return None
        return frozenset(found)

    def _route(self, name: str) -> Value | None:
        return next((queue for pattern, queue in self._routes if fnmatchcase(name, pattern)), None)


def read(command: Sequence[str]) -> Iterator[str]:
    """The queues that a command names: `-Q mail,slow`, `rq worker high low`."""
    before = ""
    words = words_of(command)
    yield from _listed(words)
    for word in words:
        option = next((each for each in OPTIONS if word.startswith(each)), "")
        inside = word.removeprefix(option).removeprefix("=") if option else word
        if before or (option and inside):
            yield from filter(None, inside.split(","))
        before = option if option and not inside else ""


def _listed(words: Sequence[str]) -> Iterator[str]:
    """The queues that stand alone behind the word for a worker of RQ, without the options between."""
    start = next((place for place, word in enumerate(words) if word == "rqworker"), -1)
    if start < 0 and "rq" in words and "worker" in words:
        start = words.index("worker")
    for before, word in pairwise(words[start:] if start >= 0 else ()):
        if not word.startswith("-") and (not before.startswith("-") or "=" in before):
            yield word


def _routes(told: Value) -> Iterator[tuple[str, Value]]:
    """Patterns of names and the queues that what is called so goes to, as a mapping or a list of pairs says them."""
    match told:
        case values.Choice(options=several) | values.Sequence(items=several) if not _is_pair(told):
            for each in several:
                yield from _routes(each)
        case values.Sequence(items=(Literal(value=str(pattern)), target)):
            yield pattern, _queue(target)
        case values.Mapping(entries=entries):
            for key, target in entries:
                if isinstance(key, Literal):
                    yield str(key.value), _queue(target)
        case _:
            return


def _is_pair(told: Value) -> bool:
    return isinstance(told, values.Sequence) and len(told.items) == 2 and isinstance(told.items[0], Literal)


def _queue(target: Value) -> Value:
    """The queue itself, or that of the options that stand in its place."""
    if isinstance(target, values.Mapping):
        return next((value for key, value in target.entries if key == Literal("queue")), values.Unknown("no queue"))
    return target
