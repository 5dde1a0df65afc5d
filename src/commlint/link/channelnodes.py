"""The channel nodes of the graph: who declares them, where their failures go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from commlint.link.channelnames import canonical, family, shown
from commlint.link.channels import Place
from commlint.link.codedsites import CodedSite
from commlint.link.declared import Declared
from commlint.link.policies import finish_policy
from commlint.link.values import Valuer
from commlint.model.channels import ChannelDeclaration
from commlint.model.deadletters import says_dead
from commlint.model.operations import UNKNOWN, Policy, State
from commlint.model.patterns import searched
from commlint.model.places import Region
from commlint.model.system import Channel
from commlint.model.values import Literal

NO_PLACES = frozenset({"exchange", "binding", "function", "mapping", "rule", "connector"})
"""Kinds of declarations that say something of channels and are none that anybody sends to or receives from."""


@dataclass(slots=True)
class Gathered:
    """What declarations and uses say of one channel."""

    protocol: str
    name: str
    kinds: list[str] = field(default_factory=list)
    declared: list[Region] = field(default_factory=list)
    used: list[Region] = field(default_factory=list)
    dead_letter: list[Policy] = field(default_factory=list)
    redelivery: list[Policy] = field(default_factory=list)
    durable: list[Policy] = field(default_factory=list)
    ephemeral: bool = False
    is_dead_letter: bool = False


class ChannelNodes:
    """Gathers the channels that edges and declarations name, then tells them as nodes."""

    def __init__(self, sites: Iterable[CodedSite], valuers: Mapping[str, Valuer], declared: Declared) -> None:
        self._found: dict[tuple[str, str], Gathered] = {}
        self._targets: dict[str, set[str]] = defaultdict(set)
        self._bound: dict[str, set[str]] = defaultdict(set)
        self._policies: list[ChannelDeclaration] = []
        for site in sites:
            self._coded(site, valuers[site.service])
        for placed in declared.channels:
            self._declared(placed.item, placed.region)

    def use(self, place: Place, region: Region, dead_letter: Policy = UNKNOWN) -> None:
        """An operation sends to or receives from `place`."""
        gathered = self._at(place.protocol, place.name)
        gathered.used.append(region)
        gathered.kinds.extend((place.kind,) if place.kind else ())
        gathered.ephemeral |= place.ephemeral
        if dead_letter.state is State.SET:
            gathered.dead_letter.append(dead_letter)

    def nodes(self) -> tuple[Channel, ...]:
        """All channels, sorted by id."""
        for declaration in self._policies:
            self._apply(declaration)
        targets = self._targets["amqp"] | {exchange for exchange in self._bound if says_dead(exchange)}
        dead = {name for exchange in targets for name in self._bound[exchange]}
        found: dict[str, Channel] = {}
        for (protocol, name), gathered in sorted(self._found.items()):
            ends = gathered.is_dead_letter or name in self._targets[protocol] or says_dead(name)
            node = _node(gathered, ends or (protocol == "amqp" and name in dead))
            found[node.id] = node
        return tuple(found[identity] for identity in sorted(found))

    def _at(self, protocol: str, name: str) -> Gathered:
        return self._found.setdefault((protocol, name), Gathered(protocol, name))

    def _coded(self, each: CodedSite, valuer: Valuer) -> None:
        site, protocol = each.site, family(each.site.protocol)
        if site.kind == "binding":
            for exchange in each.exchanges:
                self._bound[exchange].update(each.names)
        dead_letter = site.dead_letter
        for text in valuer.texts(dead_letter.value) if dead_letter.state is State.SET else ():
            if text.literal:
                self._targets[protocol].add(canonical(protocol, text.literal))
                dead_letter = Policy(State.SET, Literal(text.literal), dead_letter.source, dead_letter.region)
        if site.kind in ("binding", "exchange"):
            return
        for name in each.names:
            gathered = self._at(protocol, name)
            gathered.kinds.append(site.kind)
            gathered.declared.append(site.region)
            gathered.dead_letter.append(dead_letter)
            gathered.redelivery.append(finish_policy(site.redelivery_limit, valuer))
            gathered.ephemeral |= _holds(site.ephemeral)
            gathered.durable.append(_kept(finish_policy(site.durable, valuer)))

    def _declared(self, declaration: ChannelDeclaration, region: Region) -> None:
        protocol = family(declaration.broker)
        target = canonical(protocol, declaration.target)
        if target and declaration.dead_letter == "set":
            self._targets[protocol].add(target)
        if declaration.kind == "policy":
            self._policies.append(declaration)
            return
        for source in declaration.sources:
            self._bound[source].add(declaration.name)
        if declaration.kind in NO_PLACES or declaration.shared:
            return
        gathered = self._at(protocol, canonical(protocol, declaration.name))
        gathered.kinds.append(declaration.kind)
        gathered.declared.append(region)
        gathered.is_dead_letter |= declaration.dead_letter == "is-a-dlq"
        gathered.ephemeral |= declaration.ephemeral
        if declaration.dead_letter in ("set", "unset"):
            value = Literal(target) if target else None
            gathered.dead_letter.append(Policy(State(declaration.dead_letter), value, "declaration", region))
        else:
            gathered.dead_letter.append(UNKNOWN)
        if declaration.redelivery_limit is not None:
            limit = Literal(declaration.redelivery_limit)
            gathered.redelivery.append(Policy(State.SET, limit, "declaration", region))

    def _apply(self, declaration: ChannelDeclaration) -> None:
        """A broker policy speaks for every queue its pattern matches."""
        for gathered in self._found.values():
            if gathered.protocol == family(declaration.broker) and searched(declaration.name, gathered.name):
                if declaration.dead_letter == "set":
                    gathered.dead_letter.append(Policy(State.SET, Literal(declaration.target or None), "policy"))
                if declaration.redelivery_limit is not None:
                    limit = Literal(declaration.redelivery_limit)
                    gathered.redelivery.append(Policy(State.SET, limit, "policy"))


def _holds(policy: Policy) -> bool:
    """Whether a policy that is yes or no says yes, as a truth value or as the word for it."""
    no = isinstance(policy.value, Literal) and str(policy.value.value).lower() in ("false", "none", "no", "0", "")
    return policy.state is State.SET and not no


def _kept(policy: Policy) -> Policy:
    """A policy that is yes or no, unset when it says no."""
    if policy.state is State.SET and isinstance(policy.value, Literal) and not _holds(policy):
        return replace(policy, state=State.UNSET)
    return policy


def _node(gathered: Gathered, is_dead: bool) -> Channel:
    places = sorted(gathered.declared) or sorted(gathered.used)
    return Channel(
        f"channel:{gathered.protocol}:{shown(gathered.name)}",
        shown(gathered.name),
        gathered.protocol,
        next((kind for kind in gathered.kinds if kind), ""),
        places[0] if places else None,
        _joined(gathered.dead_letter),
        _joined(gathered.redelivery),
        is_dead,
        gathered.ephemeral,
        _joined(gathered.durable),
    )


def _joined(policies: Iterable[Policy]) -> Policy:
    """One that says "set" settles it; "unset" holds only when every declaration says so."""
    by_state: dict[State, list[Policy]] = defaultdict(list)
    for policy in policies:
        by_state[policy.state].append(policy)
    if by_state[State.SET]:
        return min(by_state[State.SET], key=lambda policy: (policy.region is None, str(policy.region)))
    if by_state[State.UNSET] and not by_state[State.UNKNOWN]:
        return min(by_state[State.UNSET], key=lambda policy: (policy.region is None, str(policy.region)))
    return UNKNOWN
