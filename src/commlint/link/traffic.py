"""The rules of meshes and gateways with the services they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commlint.link.covered import Called, is_covered, short
from commlint.link.declared import Declared, Placed
from commlint.link.delegates import Ordered, delegated
from commlint.link.gateways import gateways_of
from commlint.link.hosts import Hosts
from commlint.link.matching import MESH
from commlint.link.names import parent
from commlint.link.policies import counted
from commlint.link.services import Deployed
from commlint.link.settings import Settings
from commlint.link.values import Valuer
from commlint.model.operations import Policy, State
from commlint.model.places import Region
from commlint.model.remedies import Remedy
from commlint.model.system import Route
from commlint.model.traffic import RouteMatch, TrafficPolicy
from commlint.model.values import Literal, Value

UNSET = Policy(State.UNSET)


@dataclass(frozen=True, slots=True)
class Governing:
    """
    A rule together with the route it is shown as.

    `object`: what its rules are tried in order. `keepers`: services that are the gateway it holds at.
    """

    rule: TrafficPolicy
    route: Route
    object: tuple[str, str, str]
    keepers: tuple[str, ...] = ()


class Traffic:
    """All rules of a system, in the order of their files and lines."""

    def __init__(
        self, declared: Declared, services: Sequence[Deployed], hosts: Hosts, settings: Settings,
        valuers: Mapping[str, Valuer],
    ) -> None:  # fmt: skip
        self._services, self._hosts, self._settings, self._valuers = services, hosts, settings, valuers
        ordered = delegated(declared.traffic)
        self._detecting = tuple(each.placed for each in ordered if each.placed.item.outlier_detection)
        self._folders = _folders(declared)
        repeats: dict[str, int] = defaultdict(int)
        self.governing: list[Governing] = []
        for each in sorted(ordered, key=lambda each: (each.turn, each.placed.region)):
            identity = f"route:{each.placed.region}"
            repeats[identity] += 1
            number = repeats[identity]
            self.governing.append(self._governing(each, identity if number == 1 else f"{identity}#{number}"))

    def routes(self) -> tuple[Route, ...]:
        """Every rule once, sorted; one that hands over to rules which are elsewhere is none of its own."""
        shown = (each.route for each in self.governing if each.rule.destinations or not each.rule.delegate)
        return tuple(sorted(shown, key=lambda route: (route.region, route.id)))

    def detection(self, called: Called, subsets: Collection[str]) -> Region | None:
        """The rule that leaves out failing hosts behind a host, wherever rules send its requests."""
        found = [
            each.region
            for each in self._detecting
            if is_covered(each.item, called, self._hosts) and detects(each.item, called.place.port, subsets)
        ]
        return min(found, default=None)

    def _governing(self, ordered: Ordered, identity: str) -> Governing:
        placed, rule = ordered.placed, ordered.placed.item
        keepers = self._keepers(placed)
        valuer = self._valuers.get(keepers[0]) if len(keepers) == 1 else None
        targets = {self._hosts.declared(host.lower(), "") for host in (*rule.hosts, *rule.destinations)}
        route = Route(
            identity,
            rule.kind,
            rule.name,
            rule.hosts,
            ", ".join(map(_shown, rule.matches)),
            rule.destinations,
            tuple(sorted(targets - {""})),
            placed.region,
            MESH in rule.gateways,
            tuple(sorted({method for match in rule.matches for method in match.methods})),
            self._timeout(rule, placed.region, valuer),
            self._policy(rule.per_try, placed.region, 1.0, valuer),
            self._policy(rule.retries, placed.region, 1.0, valuer),
            rule.retry_on,
            rule.outlier_detection or self._detects(placed),
        )
        return Governing(rule, route, ordered.object, keepers)

    def _keepers(self, placed: Placed[TrafficPolicy]) -> tuple[str, ...]:
        """The services that are the gateways a rule holds at."""
        found: list[str] = []
        for gateway in placed.item.gateways:
            if not gateway or gateway.startswith("configmap:"):
                found.extend(gateways_of(gateway, placed.path, self._services, self._settings))
            elif gateway != MESH and (named := self._hosts.named(gateway)):
                found.append(named)
        return tuple(found)

    def _timeout(self, rule: TrafficPolicy, region: Region, valuer: Valuer | None) -> Policy:
        """The bound of a rule, with the edit that would state one."""
        if rule.delegate and not rule.destinations:
            # What a rule hands over to may have a bound in files that are not here.
            return Policy()
        found = self._shortest(rule, region, valuer)
        if not rule.timeout_entry:
            return found
        return replace(found, remedy=Remedy(f"entry:{rule.timeout_entry}", "{seconds}s", region=region, safe=False))

    def _shortest(self, rule: TrafficPolicy, region: Region, valuer: Valuer | None) -> Policy:
        stated = [self._policy(value, region, rule.scale, valuer) for value in rule.timeout]
        known = [each for each in stated if each.state is State.SET and isinstance(each.value, Literal)]
        if known:
            return min(known, key=lambda each: float(str(each.value.value)) if isinstance(each.value, Literal) else 0)
        return next((each for each in stated if each.region is not None), stated[0] if stated else UNSET)

    def _policy(self, value: Value | None, region: Region, scale: float, valuer: Valuer | None) -> Policy:
        """What is stated as a policy; 0 is none, at its place."""
        if value is None:
            return UNSET
        policy = Policy(State.SET, value, "mesh policy", region, scale=scale)
        if not isinstance(value, Literal):
            policy = counted(policy, valuer) if valuer is not None else replace(policy, state=State.UNKNOWN)
            if policy.state is State.UNSET:
                return UNSET
        elif scale != 1.0 and isinstance(value.value, int | float):
            policy = replace(policy, value=Literal(value.value * scale), scale=1.0)
        if isinstance(policy.value, Literal) and policy.value.value == 0:
            return Policy(State.UNSET, None, policy.source, region, "0 switches it off")
        return policy

    def _detects(self, placed: Placed[TrafficPolicy]) -> bool:
        """Whether what is deployed together with a rule leaves out failing hosts behind it."""
        group = self._group(placed.path)
        labels = {short(host) for host in placed.item.destinations or placed.item.hosts}
        return any(
            self._group(each.path) == group and labels & {short(host) for host in each.item.hosts}
            for each in self._detecting
        )

    def _group(self, path: str) -> str:
        """What a file is deployed with: its chart or kustomization, else only itself."""
        folder = parent(path)
        while folder and folder not in self._folders:
            folder = parent(folder)
        return folder if folder in self._folders else path


def _folders(declared: Declared) -> frozenset[str]:
    return frozenset(map(parent, declared.together))


def detects(rule: TrafficPolicy, port: int | None, subsets: Collection[str]) -> bool:
    """Whether a rule leaves out failing hosts of all these subsets, on that port."""
    if not rule.detections:
        return bool(rule.outlier_detection)
    said = {(each.subset, each.port): each.detects for each in rule.detections}
    number = "" if port is None else str(port)

    def of(subset: str) -> bool:
        places = ((subset, number), ("", number), (subset, ""), ("", ""))
        return next((said[place] for place in places if place in said), False)

    return all(map(of, subsets or ("",)))


def _shown(match: RouteMatch) -> str:
    methods = "|".join(match.methods)
    path = {"": "", "exact": match.path, "prefix": f"{match.path.rstrip('*')}*", "pattern": f"~{match.path}"}[match.how]
    condition = "if more holds" if match.partly else ""
    return " ".join(part for part in (methods, path, condition) if part)


def rules_of(governing: Iterable[Governing]) -> Iterator[tuple[tuple[str, str, str], list[Governing]]]:
    """The rules of each object, in the order in which they are tried."""
    by_object: dict[tuple[str, str, str], list[Governing]] = defaultdict(list)
    for each in governing:
        by_object[each.object].append(each)
    for key, several in by_object.items():
        if key[1] in BY_SPECIFICITY:
            several = sorted(several, key=_specificity)
        yield key, several


# Objects whose most specific rule counts, wherever it stands.
BY_SPECIFICITY = frozenset(("httproute", "grpcroute", "ingress", "ingressroute", "httpproxy", "mapping", "nginx"))


def _specificity(each: Governing) -> tuple[bool, int]:
    matches = each.rule.matches or (RouteMatch(),)
    return not any(match.how == "exact" for match in matches), -max(len(match.path) for match in matches)
