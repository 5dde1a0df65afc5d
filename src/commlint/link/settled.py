"""Declared channels as the broker has them: policies applied, exchanges followed to the queues behind them."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from commlint.link.channelnames import canonical, family, shown
from commlint.link.declared import Declared, Placed
from commlint.model.channels import ChannelDeclaration
from commlint.model.deadletters import says_dead
from commlint.model.patterns import searched
from commlint.model.system import DeclaredChannel

PARTS = frozenset({"policy", "binding", "exchange"})
_SUBJECTS = frozenset({"queue", "topic", "subscription", "stream", "function", "mapping", "rule", "connector"})


def settled(declared: Declared) -> Declared:
    """The declarations, channels with the state they have in the end."""
    channels = declared.channels
    worlds: dict[str, list[Placed[ChannelDeclaration]]] = defaultdict(list)
    for placed in channels:
        worlds[_world(placed)].append(placed)
    found: dict[int, ChannelDeclaration] = {}
    for world in worlds.values():
        found.update(_settle(world))
    ended = tuple(Placed(placed.path, found.get(id(placed), placed.item)) for placed in channels)
    return replace(declared, channels=ended)


def declared_channels(channels: Iterable[Placed[ChannelDeclaration]]) -> tuple[DeclaredChannel, ...]:
    """What an inventory lists, by place; a block that declares the same channel several times once."""
    found: dict[DeclaredChannel, None] = {}
    for placed in channels:
        item = placed.item
        if item.kind in PARTS:
            continue
        protocol = family(item.broker)
        found[
            DeclaredChannel(
                region=placed.region,
                name=item.address or item.name,
                channel=f"channel:{protocol}:{shown(canonical(protocol, item.name))}",
                kind=item.kind,
                broker=item.broker,
                dead_letter=item.dead_letter,
                target=item.target,
                redelivery_limit=item.redelivery_limit,
                visibility=item.visibility,
                runs_for=item.runs_for,
                durable=item.durable,
                ephemeral=item.ephemeral,
                shared=item.shared,
                watched=item.watched,
                takers=item.takers,
                fault=item.fault,
                remedy=item.remedy,
            )
        ] = None
    return tuple(sorted(found, key=lambda each: (each.region, each.kind, each.name, each.channel)))


def _world(placed: Placed[ChannelDeclaration]) -> str:
    """What speaks of one broker: exported definitions are whole, other files are parts of a whole."""
    return placed.path if placed.path.endswith(".json") else ""


def _settle(world: Sequence[Placed[ChannelDeclaration]]) -> Iterator[tuple[int, ChannelDeclaration]]:
    bound: dict[tuple[str, str], list[str]] = defaultdict(list)
    for placed in world:
        for source in placed.item.sources if family(placed.item.broker) == "amqp" else ():
            bound[placed.item.scope, source].append(placed.item.name)
    policies = [placed.item for placed in world if placed.item.kind == "policy"]
    first = {id(placed): _governed(placed.item, policies) for placed in world if placed.item.kind in _SUBJECTS}
    ends = _ends(first.values(), bound)
    faults = _faults(world, first, bound)
    for key, item in first.items():
        targets = bound.get((item.scope, item.target), ()) if family(item.broker) == "amqp" else ()
        if targets:
            item = replace(item, target=targets[0])
        names_dead = item.kind in ("queue", "topic", "stream") and says_dead(item.name)
        if item.dead_letter in ("unset", "unknown") and ((family(item.broker), item.name) in ends or names_dead):
            item = replace(item, dead_letter="is-a-dlq")
        yield key, replace(item, fault=faults.get(key, ""))


def _ends(items: Iterable[ChannelDeclaration], bound: dict[tuple[str, str], list[str]]) -> set[tuple[str, str]]:
    """Broker and name of the channels that dead letters arrive at."""
    found: set[tuple[str, str]] = set()
    for item in items:
        if item.dead_letter == "set" and item.target:
            protocol = family(item.broker)
            found.update((protocol, name) for name in bound.get((item.scope, item.target), (item.target,)))
    return found


def _faults(
    world: Sequence[Placed[ChannelDeclaration]],
    items: dict[int, ChannelDeclaration],
    bound: dict[tuple[str, str], list[str]],
) -> dict[int, str]:
    """What is wrong with where dead letters go, by declaration."""
    known = {(placed.item.scope, placed.item.name) for placed in world if placed.item.kind in ("exchange", "queue")}
    whole = all(placed.path.endswith(".json") for placed in world)
    targets: dict[tuple[str, str], str] = {}
    for placed in world:
        item = items.get(id(placed))
        if item is not None and item.dead_letter == "set" and item.target:
            targets[posixpath.dirname(placed.path), item.address or item.name] = item.target
    found: dict[int, str] = {}
    for placed in world:
        item = items.get(id(placed))
        if item is None or item.dead_letter != "set" or not item.target:
            continue
        folder, name = posixpath.dirname(placed.path), item.address or item.name
        if family(item.broker) == "amqp":
            # A queue whose messages come back after a while is a way to wait; a place that is not there is none.
            is_there = (item.scope, item.target) in known or (item.scope, item.target) in bound
            if whole and not is_there and item.kind == "queue" and not item.target.startswith("amq."):
                found[id(placed)] = "missing"
        elif item.target == name:
            found[id(placed)] = "itself"
        elif targets.get((folder, item.target)) == name:
            found[id(placed)] = "cycle"
    return found


def _governed(item: ChannelDeclaration, policies: Iterable[ChannelDeclaration]) -> ChannelDeclaration:
    """A queue with what the policy says that counts for it; its own arguments go before."""
    matching = [policy for policy in policies if _matches(policy, item)]
    if not matching or item.kind != "queue":
        return item
    best = max(matching, key=lambda policy: policy.priority)
    if item.dead_letter == "unset" and best.dead_letter != "unset":
        item = replace(item, dead_letter=best.dead_letter, target=best.target)
    if item.redelivery_limit is None:
        item = replace(item, redelivery_limit=best.redelivery_limit)
    return item


def _matches(policy: ChannelDeclaration, item: ChannelDeclaration) -> bool:
    if family(policy.broker) != family(item.broker) or (policy.scope or "/") != (item.scope or "/"):
        return False
    return searched(policy.name, item.name) is True
