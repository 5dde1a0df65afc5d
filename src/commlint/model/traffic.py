"""What gateways and meshes say of requests: where they lead, how long they may take, how often they are tried."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Extent
from commlint.model.values import Value


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """
    Requests that a rule is for; all that is given has to agree.

    `how` says what `path` is: a `prefix`, the `exact` path, a `pattern` (a regular expression), "" for any path.
    `partly`: headers, query or something else decides too. `any_case`: small and large letters are the same.
    `port`: the one they are sent to. `gateways`: where they come in; empty is wherever the rule holds.
    """

    path: str = ""
    how: str = ""
    methods: tuple[str, ...] = ()
    partly: bool = False
    any_case: bool = False
    port: int | None = None
    gateways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    """
    A gateway or ingress sends host + path prefix to a service; `rewrite` replaces the prefix (None keeps it).

    `gateway`: "" for the service whose file it is, `mesh` for the side of every caller, `configmap:NAME` for who has
    that mounted. `address`: where the route leads, where settings have a say in it; `target`, `port` and the path of
    the address before `rewrite` are then what link makes of it.
    `match`: the requests it takes, where a prefix does not say it. `pattern`, `replacement`: what a path becomes by a
    regular expression and its groups (`$1`).
    """

    gateway: str
    host: str
    path: str
    target: str
    port: str
    rewrite: str | None
    extent: Extent
    address: Value | None = None
    match: RouteMatch = RouteMatch()
    pattern: str = ""
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """Whether failing hosts are left out where a rule says something else of a subset or port than of all the rest."""

    detects: bool
    subset: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class TrafficPolicy:
    """
    What one rule of a mesh or gateway does with traffic to `hosts`, in the order rules are tried.

    `kind`: virtualservice, destinationrule, httproute, ingress, zuul-route … (what the object is called).
    `hosts`: as callers write them. `matches`: any of them; none is every request. `destinations`: where it sends.
    `gateways`: where it holds: at the caller's side of every call (`mesh`), or at the gateways of these names ("" for
    the service whose file it is). `delegate`: the object whose rules take over, as `namespace/name` or `name`.
    `visible`: namespaces whose callers it speaks for, empty for all. `subsets`: those of its destinations.
    `timeout`: of several the shortest counts; seconds once multiplied by `scale`, 0 is none at all.
    `retries`: attempts after the first. What is not stated is empty.
    `timeout_entry`: path below `extent` of the entry that would state a timeout; "" where edits do not reach.
    """

    kind: str
    name: str
    hosts: tuple[str, ...]
    extent: Extent
    matches: tuple[RouteMatch, ...] = ()
    destinations: tuple[str, ...] = ()
    namespace: str = ""
    gateways: tuple[str, ...] = ("mesh",)
    delegate: str = ""
    timeout: tuple[Value, ...] = ()
    scale: float = 1.0
    per_try: Value | None = None
    retries: Value | None = None
    retry_on: str = ""
    outlier_detection: bool | None = None
    visible: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    detections: tuple[Detection, ...] = ()
    timeout_entry: str = ""
