"""Channels and bindings that code declares, as the services that run it do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from commlint.link.channelnames import canonical, coded
from commlint.link.owners import Owners
from commlint.link.programs import path_of
from commlint.link.values import Text, Valuer
from commlint.model.operations import ChannelSite
from commlint.model.places import Region


@dataclass(frozen=True, slots=True)
class CodedSite:
    """A declaration of a channel in code, as one service runs it; `keyed`: it has a key that cannot be told."""

    site: ChannelSite
    service: str
    names: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    keyed: bool = False


def coded_sites(sites: Iterable[ChannelSite], owners: Owners, valuers: Mapping[str, Valuer]) -> tuple[CodedSite, ...]:
    """Every declaration of a channel in code, once for each service that runs it."""
    found: list[CodedSite] = []
    for site in sites:
        if site.kind == "routes":
            continue
        for service in owners.of_site(path_of(site.function), site.decided):
            valuer = valuers[service]
            keys = valuer.texts(site.routing_key)
            found.append(
                CodedSite(
                    site,
                    service,
                    names_of(site.protocol, valuer.texts(site.channel)),
                    names_of(site.protocol, valuer.texts(site.exchange)),
                    names_of("", keys),
                    site.routing_key is not None and all(text.unknown for text in keys),
                )
            )
    return tuple(_with_queue(each, found) for each in found)


def guessed_places(sites: Iterable[CodedSite]) -> set[Region]:
    """The places in code that several services run, each to bind other keys, where none of the keys can be told."""
    running: dict[Region, set[str]] = defaultdict(set)
    for each in sites:
        if each.site.kind == "binding" and each.keyed:
            running[each.site.region].add(each.service)
    return {region for region, services in running.items() if len(services) > 1}


def _with_queue(bound: CodedSite, sites: Iterable[CodedSite]) -> CodedSite:
    """A binding whose queue cannot be told is of the one queue that the service declares in the same file."""
    if bound.site.kind != "binding" or bound.names:
        return bound
    beside = {
        name
        for each in sites
        if each.site.kind == "queue"
        and each.service == bound.service
        and each.site.region.path == bound.site.region.path
        for name in each.names
    }
    return replace(bound, names=tuple(beside)) if len(beside) == 1 else bound


def names_of(protocol: str, texts: Iterable[Text]) -> tuple[str, ...]:
    """The names that are known at least in part."""
    return tuple(
        dict.fromkeys(canonical(protocol, coded(text)) for text in texts if not text.unknown and coded(text).strip())
    )
