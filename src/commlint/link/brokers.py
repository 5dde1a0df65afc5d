"""
Messages whose code leaves the broker open, as frameworks over several do: the broker is told by the other side.

A function that such a framework would bind by a setting is none where no setting binds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from commlint.link.channelnames import canonical, family
from commlint.link.codedsites import CodedSite
from commlint.link.declared import Declared
from commlint.link.operations import Finished
from commlint.link.values import Text

UNTOLD = "messaging"
"""The protocol of a message whose code does not say which broker carries it."""

_EVERYTHING = (Text(("#",)),)
_EXCHANGES = "amqp"


def with_brokers(
    operations: Iterable[Finished], sites: Iterable[CodedSite], declared: Declared
) -> tuple[Finished, ...]:
    """The operations, those that leave their broker open with the one that all others know their channel by."""
    every = tuple(each for each in operations if not (_is_open(each) and _is_unbound(each)))
    if not any(_is_open(each) for each in every):
        return every
    told: dict[str, set[str]] = defaultdict(set)
    exchanges: set[str] = set()
    for each in every:
        if each.messages and not _is_open(each):
            exchanges.update(_names(each.exchanges, ""))
            for name in _names(each.channels, each.operation.protocol):
                told[name].add(family(each.operation.protocol))
    for site in sites:
        exchanges.update(site.exchanges)
        for name in site.names:
            told[name].add(family(site.site.protocol))
    for placed in declared.channels:
        if placed.item.kind != "policy":
            told[canonical(placed.item.broker, placed.item.name)].add(family(placed.item.broker))
    return tuple(_carried(each, told, exchanges) if _is_open(each) else each for each in every)


def _is_open(each: Finished) -> bool:
    return each.messages and family(each.operation.protocol) == UNTOLD


def _is_unbound(each: Finished) -> bool:
    """Whether the channel is a setting that no file gives a value."""
    return bool(each.channels) and all(text.unknown and text.opens[0].key for text in each.channels)


def _carried(each: Finished, told: dict[str, set[str]], exchanges: set[str]) -> Finished:
    names = _names(each.channels, "")
    brokers = {broker for name in names for broker in told.get(name, ())} - {UNTOLD}
    if names and not brokers and exchanges.issuperset(names):
        # A destination over AMQP is an exchange; who receives from it takes whatever comes.
        return replace(_with(each, _EXCHANGES), exchanges=each.channels, channels=(), keys=_EVERYTHING)
    return _with(each, next(iter(brokers))) if len(brokers) == 1 else each


def _with(each: Finished, broker: str) -> Finished:
    return replace(each, site=replace(each.site, operation=replace(each.operation, protocol=broker)))


def _names(texts: Iterable[Text], protocol: str) -> set[str]:
    """The names that are fully known."""
    return {canonical(protocol, text.literal) for text in texts if text.literal}
