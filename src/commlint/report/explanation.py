"""An explanation as text: what stands on a line, what it means, where it leads, and what holds for it."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.explanations import ExplainedCall, ExplainedOperation, Explanation
from commlint.model.operations import Policies, Policy, Role, State
from commlint.model.system import DeclaredChannel, Route
from commlint.model.values import show
from commlint.report.escaping import shorten, visible

WIDTH = 160
ENTRIES_SHOWN = 8
CALLING = ("timeout", "attempts", "backoff", "breaker")
SENDING = ("timeout", "attempts", "confirmation", "ordering_key", "message_id", "trace_context")
RECEIVING = ("acknowledgement", "failure", "dead_letter", "redelivery_limit")


def text(explanation: Explanation) -> str:
    """The explanation line by line, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    for operation in explanation.operations:
        yield from _operation(operation)
        yield ""
    for call in explanation.calls:
        yield from _call(call)
    for channel in explanation.channels:
        yield from _channel(channel)
    for route in explanation.routes:
        yield from _route(route)
    if explanation.calls or explanation.operations or explanation.channels or explanation.routes:
        return
    place = f"{visible(explanation.path)}:{explanation.line}"
    if explanation.nearby:
        lines = ", ".join(map(str, explanation.nearby))
        yield f"{place}: no call stands here; the nearest ones begin on {lines}"
    else:
        yield f"{place}: nothing is known of this file; it was left out, or nothing in it has to do with communication"


def _operation(found: ExplainedOperation) -> Iterator[str]:
    entry, operation = found.entry, found.entry.operation
    yield f"{visible(str(operation.region))}  {operation.role} of {visible(entry.service)}: {visible(entry.label)}"
    yield _row("recognized", f"{operation.symbol or operation.library} ({operation.library}, {operation.protocol})")
    yield _row("confidence", f"{operation.confidence}, {operation.evidence}")
    for name in ("url", "host", "channel", "exchange", "routing_key", "group"):
        value = getattr(operation.address, name)
        if value is not None:
            yield _row(name.replace("_", " "), show(value))
    if operation.address.rpc:
        yield _row("rpc", operation.address.rpc)
    if entry.target:
        yield _row("address", entry.target)
    for region in operation.via:
        yield _row("by way of", str(region))
    yield from _leads(found)
    yield from _policies(entry.policies, operation.role)
    for label, region, waits in found.entries[:ENTRIES_SHOWN]:
        yield _row("reached by", f"{label} ({region}){'' if waits else ', which does not wait for it'}")
    if len(found.entries) > ENTRIES_SHOWN:
        yield _row("", f"and {len(found.entries) - ENTRIES_SHOWN} more")


def _leads(found: ExplainedOperation) -> Iterator[str]:
    for target in found.targets:
        place = f", {target.region}" if target.region else ""
        yield _row("leads to", f"{target.name}{place} ({target.confidence}, {', '.join(target.evidence)})")
    if found.reason:
        yield _row("leads to", f"nowhere known: {found.reason}")
        yield _row("bind it", found.hint)


def _policies(policies: Policies, role: Role) -> Iterator[str]:
    names = {Role.CLIENT: CALLING, Role.PRODUCER: SENDING, Role.CONSUMER: RECEIVING}.get(role, ())
    for name in names:
        policy = getattr(policies.retry if name in ("attempts", "backoff") else policies, name)
        if policy.state is not State.UNKNOWN or policy.source or policy.detail:
            yield _row(name.replace("_", " "), _policy(policy))


def _policy(policy: Policy) -> str:
    said = policy.state.value if policy.value is None else f"{policy.state} to {show(policy.value)}"
    source = f", by {policy.source}" if policy.source else ""
    place = f" at {policy.region}" if policy.region else ""
    detail = f" ({policy.detail})" if policy.detail else ""
    return f"{said}{source}{place}{detail}"


def _call(call: ExplainedCall) -> Iterator[str]:
    place = f"{visible(str(call.region))}:{call.region.start_column}"
    known = "" if call.known else "  (no library model describes it)" if _is_outside(call) else ""
    yield f"{place}  {shorten(visible(call.written), WIDTH)}(...){known}"
    for symbol in call.symbols:
        yield _row("means", symbol)
    for region in call.made:
        yield _row("made at", str(region))
    for argument in call.arguments:
        worth = "" if argument.worth == argument.written else f" = {argument.worth}"
        yield _row(f"argument {argument.name}", f"{argument.written}{worth}")


def _channel(channel: DeclaredChannel) -> Iterator[str]:
    yield f"{visible(str(channel.region))}  {channel.kind} {visible(channel.name)} ({channel.broker})"
    yield _row("dead letter", f"{channel.dead_letter}{f' to {channel.target}' if channel.target else ''}")
    if channel.redelivery_limit is not None:
        yield _row("given up after", f"{channel.redelivery_limit} deliveries")
    if channel.visibility is not None:
        yield _row("held for", f"{channel.visibility:g} s by who takes a message")
    if channel.takers:
        yield _row("goes on to", ", ".join(channel.takers))
    if channel.runs_for is not None:
        yield _row("worked on for", f"up to {channel.runs_for:g} s, the timeout of the function")


def _route(route: Route) -> Iterator[str]:
    told = " ".join(filter(None, (", ".join(route.hosts), route.match)))
    yield f"{visible(str(route.region))}  {route.kind} {visible(route.name)}: {visible(told)}"
    yield _row("holds", "at the side of every caller" if route.mesh else "at a gateway")
    if route.services:
        yield _row("leads to", ", ".join(route.services))
    for name, policy in (("timeout", route.timeout), ("per try", route.per_try), ("retries", route.retries)):
        if policy.state is not State.UNSET or name == "timeout" or policy.region is not None:
            yield _row(name, _policy(policy))
    yield _row("outlier detection", "yes" if route.outlier_detection else "no")


def _is_outside(call: ExplainedCall) -> bool:
    return any(symbol.startswith("library: ") for symbol in call.symbols)


def _row(name: str, value: str) -> str:
    return f"  {visible(name):<16} {shorten(visible(value), WIDTH)}".rstrip()
