"""A bound that callers put around a call holds for every operation that cannot be reached without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from commlint.link.calls import CallGraph
from commlint.link.flows import ENTRIES
from commlint.link.operations import Finished
from commlint.link.policies import finish_policy
from commlint.link.values import Valuer
from commlint.model.operations import CallEdge, Policy, State
from commlint.model.values import Literal


def bounded(operations: Sequence[Finished], graph: CallGraph, valuer: Valuer) -> tuple[Finished, ...]:
    """The operations of one service, those without a timeout of their own given the deadline around them."""
    entries = {each.operation.function for each in operations if each.operation.role in ENTRIES}
    roots = entries | {function for function in graph.callees if not graph.callers.get(function)}
    free = _reached(graph, roots, lambda call: call.deadline.state is not State.SET)
    return tuple(
        _with_deadline(each, graph, valuer)
        if each.site.policies.timeout.state is State.UNSET
        and each.operation.function not in free
        and each.operation.role not in ENTRIES
        else each
        for each in operations
    )


def _reached(graph: CallGraph, starts: Iterable[str], along: Callable[[CallEdge], bool]) -> frozenset[str]:
    found = set(starts)
    pending = list(found)
    while pending:
        for call in graph.callees.get(pending.pop(), ()):
            if call.callee not in found and along(call):
                found.add(call.callee)
                pending.append(call.callee)
    return frozenset(found)


def _with_deadline(each: Finished, graph: CallGraph, valuer: Valuer) -> Finished:
    deadlines = _around(graph, each.operation.function)
    if not deadlines:
        return each
    # Of several ways the loosest bound counts: that is the one that always holds.
    loosest = max(deadlines, key=lambda policy: (_seconds(policy, valuer), str(policy.region)))
    policy = replace(finish_policy(loosest, valuer), source="context")
    return replace(each, site=replace(each.site, policies=replace(each.site.policies, timeout=policy)))


def _around(graph: CallGraph, function: str) -> list[Policy]:
    """The innermost deadlines on all ways that lead to `function`."""
    found: list[Policy] = []
    seen = {function}
    pending = [function]
    while pending:
        for call in graph.callers.get(pending.pop(), ()):
            if call.deadline.state is State.SET:
                found.append(call.deadline)
            elif call.caller not in seen:
                seen.add(call.caller)
                pending.append(call.caller)
    return found


def _seconds(policy: Policy, valuer: Valuer) -> float:
    value = finish_policy(policy, valuer).value
    return float(value.value) if isinstance(value, Literal) and isinstance(value.value, int | float) else float("inf")
