"""Calls between functions: by file, and as the graph of what one service may run."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from commlint.link.programs import path_of
from commlint.model.operations import CallEdge


class Calls:
    """All calls of a system by the file of the caller."""

    def __init__(self, calls: Iterable[CallEdge]) -> None:
        self._by_path: dict[str, list[tuple[CallEdge, str]]] = defaultdict(list)
        for call in calls:
            self._by_path[path_of(call.caller)].append((call, path_of(call.callee)))
        self._callees: dict[str, list[str]] = defaultdict(list)
        self._callers: dict[str, list[str]] = defaultdict(list)
        for entries in self._by_path.values():
            for call, _ in entries:
                self._callees[call.caller].append(call.callee)
                self._callers[call.callee].append(call.caller)

    def within(self, files: frozenset[str]) -> list[CallEdge]:
        """The calls from and to functions of these files."""
        return [call for path in sorted(files) for call, to in self._by_path.get(path, ()) if to in files]

    def beyond(self, files: frozenset[str]) -> frozenset[str]:
        """The functions outside these files that their functions reach."""
        pending = [call.callee for path in files for call, to in self._by_path.get(path, ()) if to not in files]
        reached: set[str] = set()
        while pending:
            function = pending.pop()
            if function not in reached:
                reached.add(function)
                pending.extend(self._callees.get(function, ()))
        return frozenset(reached)

    def starts(self, function: str) -> frozenset[str]:
        """The functions that reach this one and are called by no other, itself among them when nobody calls it."""
        seen = {function}
        pending = [function]
        starts: set[str] = set()
        while pending:
            here = pending.pop()
            callers = self._callers.get(here, ())
            starts.update((here,) if not callers else ())
            pending.extend(caller for caller in callers if caller not in seen)
            seen.update(callers)
        return frozenset(starts)


@dataclass(frozen=True, slots=True)
class Way:
    """How a function is reached: the function before it and the call, None at the start."""

    before: str
    call: CallEdge | None


class CallGraph:
    """The calls between the functions that one service may run."""

    def __init__(self, calls: Iterable[CallEdge]) -> None:
        self.callers: dict[str, list[CallEdge]] = defaultdict(list)
        self.callees: dict[str, list[CallEdge]] = defaultdict(list)
        for call in calls:
            self.callees[call.caller].append(call)
            self.callers[call.callee].append(call)
        self.spawns = any(call.kind == "spawn" for several in self.callees.values() for call in several)

    def leading_to(self, functions: Iterable[str]) -> frozenset[str]:
        """The functions that reach one of these, and these themselves."""
        found = set(functions)
        pending = list(found)
        while pending:
            for call in self.callers.get(pending.pop(), ()):
                if call.caller not in found:
                    found.add(call.caller)
                    pending.append(call.caller)
        return frozenset(found)

    def ways(self, start: str, along: Callable[[CallEdge], bool]) -> dict[str, Way]:
        """Every function that `start` reaches, with the shortest way there; circles do no harm."""
        found = {start: Way("", None)}
        pending = deque((start,))
        while pending:
            function = pending.popleft()
            for call in self.callees.get(function, ()):
                if call.callee not in found and along(call):
                    found[call.callee] = Way(function, call)
                    pending.append(call.callee)
        return found


def calls_between(ways: Mapping[str, Way], function: str) -> tuple[CallEdge, ...]:
    """The calls on the way to `function`, in order."""
    found: list[CallEdge] = []
    way = ways[function]
    while way.call is not None:
        found.append(way.call)
        way = ways[way.before]
    return tuple(reversed(found))
