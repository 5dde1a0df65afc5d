"""The code around the operations: which function calls which, and how."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable

from commlint.model.operations import CallEdge, FunctionNode

WAITS = frozenset({"call", "offload"})
SAME_THREAD = frozenset({"call"})
ANY = frozenset({"call", "offload", "spawn"})


class CodeGraph:
    """Functions and the calls between them; answers follow only the kinds of call asked for."""

    def __init__(self, functions: Iterable[FunctionNode], calls: Iterable[CallEdge]) -> None:
        self.functions = {function.id: function for function in functions}
        self._out: dict[str, list[CallEdge]] = defaultdict(list)
        self._in: dict[str, list[CallEdge]] = defaultdict(list)
        for call in sorted(calls, key=lambda edge: (edge.caller, edge.region, edge.callee)):
            self._out[call.caller].append(call)
            self._in[call.callee].append(call)

    def calls_from(self, function: str) -> tuple[CallEdge, ...]:
        return tuple(self._out.get(function, ()))

    def reachable(self, start: str, kinds: Collection[str] = ANY, not_into: Collection[str] = ()) -> frozenset[str]:
        """`start` and every function it reaches through calls of these kinds, never entering `not_into`."""
        seen = {start}
        pending = [start]
        while pending:
            for call in self._out.get(pending.pop(), ()):
                if call.kind in kinds and call.callee not in seen and call.callee not in not_into:
                    seen.add(call.callee)
                    pending.append(call.callee)
        return frozenset(seen)

    def callers(self, function: str, kinds: Collection[str] = ANY) -> frozenset[str]:
        """`function` and every function that reaches it through calls of these kinds."""
        seen = {function}
        pending = [function]
        while pending:
            for call in self._in.get(pending.pop(), ()):
                if call.kind in kinds and call.caller not in seen:
                    seen.add(call.caller)
                    pending.append(call.caller)
        return frozenset(seen)

    def coroutine_above(self, function: str) -> tuple[CallEdge, ...] | None:
        """
        The calls by which the nearest async function runs `function` on its own thread, outermost first.

        Empty when `function` is async itself; None when no async function does. Calling a generator runs nothing
        of it, and who iterates over it is not known, so no way leads through one.
        """
        pending = deque([function])
        way: dict[str, tuple[CallEdge, ...]] = {function: ()}
        while pending:
            current = pending.popleft()
            node = self.functions.get(current)
            if node is not None and node.is_async:
                return way[current]
            if node is not None and node.is_generator:
                continue
            for call in self._in.get(current, ()):
                if call.kind in SAME_THREAD and call.caller not in way:
                    way[call.caller] = (call, *way[current])
                    pending.append(call.caller)
        return None
