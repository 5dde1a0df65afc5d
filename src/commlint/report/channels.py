"""The inventory of channels: every queue, topic and subscription, who sends and receives, where failures go."""

from __future__ import annotations

from collections import defaultdict

from commlint.model.operations import Policy, State
from commlint.model.system import Channel, DeclaredChannel, System
from commlint.model.values import Literal
from commlint.report.inventory import Row

COLUMNS = ("name", "kind", "dead_letter", "target", "max_receive", "visibility_s", "senders", "receivers")


def channel_rows(system: System) -> list[Row]:
    """A row for each declaration, and one for each channel that only code names; sorted by place."""
    senders, receivers = _ends(system)
    declared = {each.channel for each in system.declared}
    blocks: dict[tuple[object, ...], DeclaredChannel] = {}
    for each in system.declared:
        # A block that a module repeats for several callers is one row, as long as it says the same for all.
        blocks.setdefault((each.region, each.name, each.kind, each.dead_letter), each)
    rows = [_declared(each, senders, receivers) for each in blocks.values()]
    rows += [_coded(each, senders, receivers) for each in system.channels if each.id not in declared]
    return sorted(rows, key=lambda row: (str(row["path"]), int(str(row["line"])), str(row["name"]), str(row["kind"])))


def _ends(system: System) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Names of the services that send to and receive from each channel, by its id."""
    found: dict[str, dict[str, set[str]]] = {"send": defaultdict(set), "receive": defaultdict(set)}
    for edge in system.edges:
        if edge.kind in found:
            found[edge.kind][edge.target].add(edge.source_service)
    sends, receives = (
        {channel: tuple(sorted(names)) for channel, names in found[kind].items()} for kind in ("send", "receive")
    )
    return sends, receives


def _declared(each: DeclaredChannel, senders: dict[str, tuple[str, ...]], receivers: dict[str, tuple[str, ...]]) -> Row:
    return {
        "path": each.region.path,
        "line": each.region.start_line,
        "end_line": each.region.end_line,
        "name": each.name,
        "channel": each.channel.split(":", 2)[2],
        "kind": each.kind,
        "broker": each.broker,
        "dead_letter": each.dead_letter,
        "target": each.target or None,
        "max_receive": each.redelivery_limit,
        "visibility_s": each.visibility,
        "senders": senders.get(each.channel, ()),
        "receivers": tuple(dict.fromkeys((*receivers.get(each.channel, ()), *each.takers))),
    }


def _coded(each: Channel, senders: dict[str, tuple[str, ...]], receivers: dict[str, tuple[str, ...]]) -> Row:
    return {
        "path": each.region.path if each.region else "",
        "line": each.region.start_line if each.region else 0,
        "end_line": each.region.end_line if each.region else 0,
        "name": each.name,
        "channel": each.name,
        "kind": each.kind or "channel",
        "broker": each.protocol,
        "dead_letter": "is-a-dlq" if each.is_dead_letter else each.dead_letter.state.value,
        "target": _literal(each.dead_letter),
        "max_receive": _number(each.redelivery_limit),
        "visibility_s": None,
        "senders": senders.get(each.id, ()),
        "receivers": receivers.get(each.id, ()),
    }


def _literal(policy: Policy) -> str | None:
    given = policy.state is State.SET and isinstance(policy.value, Literal) and policy.value.value
    return str(given) if given else None


def _number(policy: Policy) -> int | None:
    value = policy.value.value if policy.state is State.SET and isinstance(policy.value, Literal) else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
