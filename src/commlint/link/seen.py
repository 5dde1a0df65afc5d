"""The nodes that traces name: those of the system they mean, and new ones for what the system does not know."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from commlint.link.addresses import OPEN
from commlint.link.channelnames import canonical, family
from commlint.link.infrastructure import loads, named_kind
from commlint.link.names import plain, stem
from commlint.link.routes import WILD, Routes, template
from commlint.link.rpc import Servicers
from commlint.model.observations import ObservedOperation
from commlint.model.operations import Evidence
from commlint.model.system import Channel, Endpoint, External, Service, System

UNNAMED = "unknown_service"
"""What an SDK calls a service nobody gave a name, maybe with the name of its program behind."""

CLUSTER = (".svc", ".cluster.local", ".local", ".internal")
"""What hosts inside a network end in; `api.bank.example` is no host of a service called `api`."""

NO_HOST = frozenset(("", "unknown", "localhost"))


class Nodes:
    """Answers which node a name in traces means; what it makes anew is in `services`, `channels` and `externals`."""

    def __init__(self, system: System) -> None:
        self.services: dict[str, Service] = {}
        self.channels: dict[str, Channel] = {}
        self.externals: dict[str, External] = {}
        self._routes = Routes(system.endpoints)
        self._servicers = Servicers(system.endpoints)
        self._names: list[dict[str, set[str]]] = [defaultdict(set) for _ in _LEVELS]
        for service in system.services:
            if service.kind != "library":
                self._learn(service.name, (service.name, *service.aliases))
        self._channels = {channel.id: channel for channel in system.channels}
        self._externals = {external.name.lower(): external for external in system.externals}

    # -- services ----------------------------------------------------------------------------------------

    def service(self, name: str) -> str:
        """The name the system has for a service of the traces; a new service when it has none."""
        known = self.known(name)
        if known:
            return known
        kind = "loadgen" if loads(name, "") else named_kind(name) or "service"
        self.services.setdefault(name, Service(name, kind, evidence=Evidence.OBSERVED))
        return name

    def known(self, name: str) -> str:
        """The service of that name, "" when none or several may be meant; `details.bookinfo` ends in a namespace."""
        return self._find(name, name.partition(".")[0])

    def at(self, host: str) -> str:
        """The service behind a host, "" when it is outside or nothing says whose it is."""
        label, _, domain = host.lower().partition(".")
        return self._find(host, label if f".{domain}".endswith(CLUSTER) else "")

    def _find(self, *texts: str) -> str:
        for text in dict.fromkeys(texts):
            for level, names in zip(_LEVELS, self._names, strict=True):
                found = names.get(level(text.lower()), set()) if text else set()
                if len(found) == 1:
                    return next(iter(found))
        return ""

    def _learn(self, name: str, called: Iterable[str]) -> None:
        for each in called:
            for level, names in zip(_LEVELS, self._names, strict=True):
                names[level(each.lower())].add(name)

    # -- what a service offers ---------------------------------------------------------------------------

    def endpoint(self, service: str, operation: ObservedOperation) -> Endpoint | None:
        """The endpoint of a service that an operation of the traces is: by method and template, or by RPC method."""
        if operation.protocol == "http":
            method, _, path = operation.name.partition(" ")
            opened = WILD.sub(OPEN, template(path)) if path else ""
            return self._routes.match(service, method, opened).endpoint if opened else None
        answering = self._servicers.answering(operation.name, service) if "/" in operation.name else ()
        return answering[0] if len(answering) == 1 else None

    # -- channels ----------------------------------------------------------------------------------------

    def known_channel(self, protocol: str, name: str) -> str:
        """The id of the channel of the system that is meant, "" when none or several may be."""
        for texts in _ways_to_write(protocol, name):
            for test in (_is_named, _may_be_named):
                found = [channel for channel in self._channels.values() if test(channel, texts)]
                same = [channel for channel in found if channel.protocol == family(protocol)]
                if len(same or found) == 1:
                    return (same or found)[0].id
        return ""

    def channel(self, protocol: str, name: str) -> str:
        """The id of a channel, a new one when the system has none of that name."""
        known = self.known_channel(protocol, name)
        if known:
            return known
        carrier = family(protocol) or "messaging"
        bare = canonical(carrier, name)
        made = Channel(f"channel:{carrier}:{bare}", bare, carrier)
        self.channels.setdefault(made.id, made)
        return made.id

    # -- outside -----------------------------------------------------------------------------------------

    def external(self, names: Iterable[str], kind: str) -> str:
        """The id of an outside host by the first of its names that is one; "" when none says where it is."""
        named = [name.lower() for name in names if _is_outside(name)]
        for name in named:
            if name in self._externals:
                return self._externals[name].id
        if not named:
            return ""
        made = External(f"external:{named[0]}", named[0], kind)
        return self.externals.setdefault(made.id, made).id


def _lower(name: str) -> str:
    return name


_LEVELS: tuple[Callable[[str], str], ...] = (_lower, plain, stem)
"""How strictly names are compared, strictest first."""


def _ways_to_write(protocol: str, name: str) -> Iterator[str]:
    yield canonical(protocol, name)
    if family(protocol) == "amqp" and ":" in name:
        # `exchange:routing key:queue`, any of them left out.
        yield from (part for part in reversed(name.split(":")) if part)


def _is_named(channel: Channel, name: str) -> bool:
    return channel.name == name


def _may_be_named(channel: Channel, name: str) -> bool:
    """Whether a channel with open parts in its name may be this one; an open name alone may be any."""
    parts = channel.name.split("{}")
    return len(parts) > 1 and any(parts) and bool(re.fullmatch(".+".join(map(re.escape, parts)), name))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_outside(name: str) -> bool:
    return name.lower() not in NO_HOST and not _is_number(name)
