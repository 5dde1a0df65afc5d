"""Rules of meshes and gateways: what they are about, and what they add to calls that go through them."""

from __future__ import annotations

from typing import Any

import pytest

from commlint.link.covered import short
from commlint.link.traffic import detects
from commlint.model.declarations import Declarations
from commlint.model.facts import FactSet, FileFacts
from commlint.model.operations import Operation, Policies, Policy, Role, State
from commlint.model.places import Extent, Region
from commlint.model.system import Route, ServiceOperation
from commlint.model.traffic import Detection, GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import ConfigRead, Literal, Unknown, Value

from .builders import HERE, Files, env, pairs, site_of
from .test_settings import settings

PREFIX, EXACT, PATTERN = "prefix", "exact", "pattern"


class Meshed(Files):
    """Two services, and rules by their files."""

    def __init__(self) -> None:
        super().__init__()
        self.together: list[str] = []
        self.compose("orders", "orders")
        self.compose("stock", "stock")

    def rule(self, *matches: RouteMatch, path: str = "mesh.yaml", host: str = "stock", **more: Any) -> None:
        """A rule, on a line of its own."""
        several = self.traffic.setdefault(path, [])
        line = 10 * (len(several) + 1)
        given = {"kind": "virtualservice", "name": host, "destinations": (host,), **more}
        several.append(TrafficPolicy(hosts=(host,), extent=Extent(line, 1, line + 5, 1), matches=matches, **given))

    def facts(self) -> FactSet:
        added = [FileFacts(path, "", declarations=Declarations("kustomize")) for path in self.together]
        return FactSet.of((*super().facts(), *added))


@pytest.fixture
def files() -> Meshed:
    return Meshed()


def seconds(number: float) -> dict[str, Any]:
    return {"timeout": (Literal(number),)}


def site(files: Meshed, call: Operation) -> ServiceOperation:
    return site_of(files.system(), call)


def get(files: Meshed, *url: str | Value, own: Policy | None = None, method: str = "GET") -> Operation:
    policies = Policies(timeout=own or Policy(State.UNSET))
    return files.get("orders/app.py::fetch", *url, method=method, policies=policies)


def bound(files: Meshed, *url: str | Value, own: Policy | None = None, method: str = "GET") -> Policy:
    """The timeout of a call in `orders`."""
    return site(files, get(files, *url, own=own, method=method)).policies.timeout


def test_rule_bounds_a_call_without_a_bound(files: Meshed) -> None:
    """The place told is that of the rule."""
    files.rule(**seconds(3))
    found = site(files, get(files, "http://stock/items"))

    assert found.policies.timeout.value == Literal(3)
    assert found.policies.timeout.source == "mesh policy"
    assert str(found.policies.timeout.region) == "mesh.yaml:10"
    assert found.route == "route:mesh.yaml:10"
    assert found.own is not None
    assert found.own.timeout.state is State.UNSET


@pytest.mark.parametrize("host", ["stock", "stock.default.svc.cluster.local", "stock.default"])
def test_names_of_one_host(files: Meshed, host: str) -> None:
    """Rule and caller may write the host of a service in different ways."""
    files.rule(host=host, **seconds(3))

    assert bound(files, "http://stock.default.svc.cluster.local:80/items").state is State.SET


def test_other_hosts_are_not_covered(files: Meshed) -> None:
    """A rule speaks for its host alone."""
    files.rule(host="mail", **seconds(3))

    assert bound(files, "http://stock/items").state is State.UNSET


@pytest.mark.parametrize(
    ("match", "path", "expected"),
    [
        (RouteMatch("/items", PREFIX), "/items/1", State.SET),
        (RouteMatch("/items", PREFIX), "/others", State.UNSET),
        (RouteMatch("/items", EXACT), "/items", State.SET),
        (RouteMatch("/items", EXACT), "/items/1", State.UNSET),
        (RouteMatch("/v[12]/.*", PATTERN), "/v1/x", State.SET),
        (RouteMatch("/v[12]/.*", PATTERN), "/v3/x", State.UNSET),
        (RouteMatch("/items", PREFIX, ("GET",)), "/items", State.SET),
        (RouteMatch("/items", PREFIX, ("POST",)), "/items", State.UNSET),
        (RouteMatch("/items", PREFIX, partly=True), "/items", State.UNSET),
    ],
)
def test_paths_and_methods(files: Meshed, match: RouteMatch, path: str, expected: State) -> None:
    """A call is covered when some rule takes it for sure; one that asks for a header may not."""
    files.rule(match, **seconds(3))

    assert bound(files, f"http://stock{path}").state is expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (RouteMatch("/items", PREFIX), State.SET),
        (RouteMatch("/items/", PREFIX), State.SET),
        (RouteMatch("/items/1", PREFIX), State.UNSET),
        (RouteMatch("/items/.*", PATTERN), State.SET),
        (RouteMatch("/items/1", EXACT), State.UNSET),
    ],
)
def test_open_paths(files: Meshed, match: RouteMatch, expected: State) -> None:
    """What is open in a path may be anything."""
    files.rule(match, **seconds(3))

    assert bound(files, "http://stock/items/", env("ID")).state is expected


def test_first_rule_that_takes_a_call_counts(files: Meshed) -> None:
    """Rules are tried in order; of those that may take a call the loosest bound holds."""
    files.rule(RouteMatch("/items", PREFIX, partly=True), **seconds(9))
    files.rule(RouteMatch("/items", PREFIX), **seconds(3))
    files.rule(**seconds(1))

    assert bound(files, "http://stock/items").value == Literal(9)
    assert bound(files, "http://stock/others").value == Literal(1)


def test_rule_without_a_bound_that_may_take_the_call(files: Meshed) -> None:
    """One way without a bound is enough."""
    files.rule(RouteMatch("/items", PREFIX, partly=True))
    files.rule(**seconds(3))

    assert bound(files, "http://stock/items").state is State.UNSET


def test_most_specific_rule_of_a_gateway_counts(files: Meshed) -> None:
    """Wherever it stands."""
    files.rule(RouteMatch("/", PREFIX), kind="httproute", **seconds(9))
    files.rule(RouteMatch("/items", PREFIX), kind="httproute", **seconds(3))

    assert bound(files, "http://stock/items/1").value == Literal(3)
    assert bound(files, "http://stock/itemsandmore").value == Literal(9)


def test_bound_that_is_switched_off(files: Meshed) -> None:
    """0 is no bound, and told at its place."""
    files.rule(**seconds(0))
    system = files.system()

    assert bound(files, "http://stock/items").state is State.UNSET
    assert (system.routes[0].timeout.state, str(system.routes[0].timeout.region)) == (State.UNSET, "mesh.yaml:10")


def test_bound_that_is_not_known(files: Meshed) -> None:
    """A rule with an unknown bound leaves nothing to complain about."""
    files.rule(timeout=(Unknown("a template"),))

    assert bound(files, "http://stock/items").state is State.UNKNOWN


@pytest.mark.parametrize(("own", "value", "source"), [(1, 1, "argument"), (9, 3, "mesh policy")])
def test_shorter_bound_counts(files: Meshed, own: int, value: int, source: str) -> None:
    """The code may be quicker than the mesh, or the mesh than the code."""
    files.rule(**seconds(3))
    found = bound(files, "http://stock/items", own=Policy(State.SET, Literal(own), "argument"))

    assert (found.value, found.source) == (Literal(value), source)


def test_outlier_detection_is_a_breaker(files: Meshed) -> None:
    """Wherever the rule for the host stands."""
    files.rule(path="other.yaml", kind="destinationrule", outlier_detection=True)
    found = site(files, get(files, "http://stock/items")).policies

    assert (found.breaker.state, found.breaker.region) == (State.SET, Region("other.yaml", 10, 1, 15, 1))
    assert found.timeout.state is State.UNSET


def test_procedures_are_paths(files: Meshed) -> None:
    """A method of gRPC is asked for under its name."""
    files.rule(RouteMatch("/shop.Stock/Get", EXACT), **seconds(3))
    call = files.operation(Role.CLIENT, "grpc", "orders/app.py::f", rpc="shop.Stock/Get", host="stock:50051",
                           policies=Policies(timeout=Policy(State.UNSET)))  # fmt: skip

    assert site(files, call).policies.timeout.state is State.SET


def test_rules_at_a_gateway_hold_for_calls_through_it(files: Meshed) -> None:
    """A call that does not go through the gateway is not bounded by it."""
    files.compose("edge", "edge")
    files.rule(RouteMatch("/stock", PREFIX), host="*", path="edge/nginx.conf", gateways=("",), **seconds(3))

    assert bound(files, "http://edge/stock/items").state is State.SET
    assert bound(files, "http://stock/stock/items").state is State.UNSET


def test_host_of_a_gateway(files: Meshed) -> None:
    """A call to the outer name goes through the gateway too."""
    files.rule(host="shop.example", gateways=("public",), **seconds(3))

    assert bound(files, "https://shop.example/items").state is State.SET


def test_bound_that_stands_in_settings(files: Meshed) -> None:
    """Keys are those of the gateway; of several the shortest counts; what no file gives is not stated."""
    files.compose("edge", "edge")
    settings(files, "edge/application.yml", a="2000", b="5000")
    keys = (ConfigRead("b"), ConfigRead("x", ConfigRead("a")), ConfigRead("y"))
    files.rule(host="*", path="edge/application.yml", gateways=("",), timeout=keys, scale=0.001)
    files.rule(host="*", path="edge/application.yml", gateways=("",), timeout=(ConfigRead("y"),), scale=0.001)
    first, second = files.system().routes

    assert first.timeout.value == Literal(2)
    assert (second.timeout.state, second.timeout.region) == (State.UNSET, None)


def test_delegates(files: Meshed) -> None:
    """The rules of a delegate hold for the hosts of the object that hands over to it, under its path."""
    files.rule(RouteMatch("/items", PREFIX), delegate="inner", destinations=())
    files.traffic["inner.yaml"] = [
        TrafficPolicy("virtualservice", "inner", (), Extent(3, 1, 4, 1), destinations=("stock",), **seconds(3))
    ]

    assert bound(files, "http://stock/items").state is State.SET
    assert bound(files, "http://stock/others").state is State.UNSET
    assert [(str(each.region), each.hosts, each.match) for each in files.system().routes] == [
        ("inner.yaml:3", ("stock",), "/items*")
    ]


def shown(files: Meshed) -> Route:
    return next(each for each in files.system().routes if each.kind == "virtualservice")


def test_outlier_detection_of_a_rule_is_that_deployed_with_it(files: Meshed) -> None:
    """Alternatives in one folder are not combined, the parts of one kustomization or file are."""
    files.rule(path="a/mesh.yaml")
    files.rule(path="a/rule.yaml", kind="destinationrule", outlier_detection=True)

    assert not shown(files).outlier_detection

    files.together.append("a/kustomization.yaml")

    assert shown(files).outlier_detection


def test_route_as_it_is_shown(files: Meshed) -> None:
    """What a rule is for, and the services behind its hosts."""
    files.rule(RouteMatch("/a", PREFIX, ("GET",)), RouteMatch("/b", EXACT, partly=True), RouteMatch("/c.*", PATTERN))
    route = shown(files)

    assert route.match == "GET /a*, /b if more holds, ~/c.*"
    assert (route.services, route.methods, route.mesh) == (("stock",), ("GET",), True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("a", "a"), ("a.b.svc.cluster.local", "a"), ("a.b.svc", "a"), ("www.example.com", "www.example.com")],
)
def test_short_names(host: str, expected: str) -> None:
    """Names of the cluster have a short form, others have none."""
    assert short(host) == expected


def test_file_that_is_mounted_is_for_who_has_it(files: Meshed) -> None:
    """A stock image finds its configuration where compose puts it."""
    files.compose("edge", image="nginx", kind="gateway", mounts=("conf/nginx",))
    files.routes["conf/nginx/a.conf"] = [GatewayRoute("", "", "/s", "", "", None, HERE, Literal("stock:80"))]
    files.rule(RouteMatch("/s", PREFIX), host="*", path="conf/nginx/a.conf", gateways=("",), **seconds(3))

    assert ("edge", "service:stock") in pairs(files.system())
    assert bound(files, "http://edge/s/items").state is State.SET


EVERYWHERE, NOWHERE = Detection(True), Detection(False)


@pytest.mark.parametrize(
    ("detections", "port", "subsets", "expected"),
    [
        ((EVERYWHERE,), None, (), True),
        ((NOWHERE, Detection(True, "v1")), None, (), False),
        ((NOWHERE, Detection(True, "v1")), None, ("v1",), True),
        ((NOWHERE, Detection(True, "v1")), None, ("", "v1"), False),
        ((NOWHERE, Detection(True, "v1")), None, ("v1", "v2"), False),
        ((EVERYWHERE, Detection(False, "", "8080")), 8080, (), False),
        ((EVERYWHERE, Detection(False, "", "8080")), 80, (), True),
        ((NOWHERE, Detection(True, "", "8080")), 8080, ("v1",), True),
    ],
)
def test_detection_for_subsets_and_ports(
    detections: tuple[Detection, ...], port: int | None, subsets: tuple[str, ...], expected: bool
) -> None:
    """All subsets that requests go to must be watched, on the port they go to."""
    rule = TrafficPolicy("destinationrule", "stock", ("stock",), HERE, outlier_detection=True, detections=detections)

    assert detects(rule, port, subsets) is expected


def test_detection_counts_where_rules_send(files: Meshed) -> None:
    """A rule that sends all requests to a subset which is watched is enough."""
    watched = (Detection(False), Detection(True, "v1"))
    files.rule(path="other.yaml", kind="destinationrule", outlier_detection=True, detections=watched)

    assert site(files, get(files, "http://stock/items")).policies.breaker.state is not State.SET

    files.rule(subsets=("v1",))

    assert site(files, get(files, "http://stock/items")).policies.breaker.state is State.SET
