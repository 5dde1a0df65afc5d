"""Rules of meshes and gateways in Kubernetes objects."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest

from commlint.extract.durations import seconds
from commlint.extract.formats.kubernetes import KubernetesReader
from commlint.extract.traefik_rules import matches_of
from commlint.extract.traffic import Traffic
from commlint.model.places import Extent
from commlint.model.traffic import RouteMatch, TrafficPolicy
from commlint.model.values import Literal, Unknown

HERE = Extent(1, 1, 1, 1)


def read(text: str) -> Traffic:
    source = dedent(text).encode()
    reader = KubernetesReader()
    assert reader.claims("k8s/mesh.yaml", source)
    declarations, notices = reader.read("k8s/mesh.yaml", source)
    assert notices == ()
    return Traffic(declarations.routes, declarations.traffic)


def rules(text: str) -> list[TrafficPolicy]:
    return [replace(each, extent=HERE) for each in read(text).rules]


def ways(text: str) -> list[tuple[str, str, str, str | None]]:
    """Host, path, target and rewrite of every route."""
    return [(each.host, each.path, each.target, each.rewrite) for each in read(text).routes]


VIRTUAL = """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: reviews, namespace: shop}
    spec:
      hosts: [reviews]
      http:
      - match:
        - uri: {prefix: /api}
          method: {exact: GET}
        - uri: {regex: "/v[12]/.*"}
          headers: {who: {exact: me}}
        route:
        - destination: {host: reviews, subset: v1}
          weight: 10
        - destination: {host: reviews-new.shop.svc.cluster.local, port: {number: 80}}
          weight: 90
        timeout: 1m30s
        retries: {attempts: 3, perTryTimeout: 250ms, retryOn: 5xx}
        rewrite: {uri: /}
      - route: [{destination: {host: reviews}}]
        fault: {delay: {fixedDelay: 5s}}
      - redirect: {uri: /else}
    """


def test_virtual_service() -> None:
    """Each rule that sends somewhere, with all it states; what is not stated is empty, faults are no timeouts."""
    first, second = rules(VIRTUAL)

    assert first == TrafficPolicy(
        kind="virtualservice",
        name="reviews",
        hosts=("reviews",),
        extent=HERE,
        matches=(RouteMatch("/api", "prefix", ("GET",)), RouteMatch("/v[12]/.*", "pattern", (), True)),
        destinations=("reviews", "reviews-new.shop.svc.cluster.local"),
        namespace="shop",
        timeout=(Literal(90.0),),
        per_try=Literal(0.25),
        retries=Literal(3),
        retry_on="5xx",
        subsets=("", "v1"),
        timeout_entry="timeout",
    )
    assert (second.timeout, second.retries, second.matches) == ((), None, ())


def test_virtual_service_is_a_way_to_its_heaviest_destination() -> None:
    """With the prefix of each match and what becomes of it."""
    heavy = "reviews-new.shop.svc.cluster.local"

    assert ways(VIRTUAL) == [
        ("reviews", "/api", heavy, "/"),
        ("reviews", "/v", heavy, "/"),
        ("reviews", "/", "reviews", None),
    ]


def test_rule_stands_where_it_begins() -> None:
    """A rule is told by its first line."""
    assert [each.extent.start_line for each in read(VIRTUAL).rules] == [8, 21]


def test_gateways_and_delegates() -> None:
    """A rule may hold at gateways only, and hand over to another object."""
    (rule,) = rules(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: shop}
        spec:
          hosts: ["*"]
          gateways: [istio-system/public]
          http:
          - match: [{uri: {prefix: /a}}]
            delegate: {name: inner, namespace: x}
        """
    )

    assert (rule.gateways, rule.delegate, rule.destinations) == (("istio-system/public",), "x/inner", ())


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}", True),
        ("trafficPolicy: {portLevelSettings: [{port: {number: 80}, outlierDetection: {}}]}", True),
        ("subsets: [{name: v1, trafficPolicy: {outlierDetection: {interval: 1s}}}]", True),
        ("trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}", False),
    ],
)
def test_destination_rule(policy: str, expected: bool) -> None:
    """Outlier detection stands for the host, a port of it or a subset."""
    (rule,) = rules(
        f"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {{name: reviews}}
        spec:
          host: reviews
          {policy}
        """
    )

    assert (rule.kind, rule.hosts, rule.outlier_detection) == ("destinationrule", ("reviews",), expected)


def http_route(rule: str, spec: str = "hostnames: [shop.example]") -> str:
    return f"""
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {{name: shop}}
    spec:
      parentRefs: [{{name: public}}]
      {spec}
      rules:
      - {rule}
    """


@pytest.mark.parametrize(
    ("stated", "timeout", "per_try", "retries"),
    [
        ("timeouts: {request: 10s, backendRequest: 2s}", (Literal(10.0),), Literal(2.0), None),
        ("timeouts: {backendRequest: 500ms}", (Literal(0.5),), Literal(0.5), None),
        ("timeouts: {request: 0s}", (Literal(0.0),), None, None),
        ("retry: {attempts: 4, codes: [500, 503]}", (), None, Literal(4)),
        ("retry: {codes: [500]}", (), None, None),
    ],
)
def test_http_route(
    stated: str, timeout: tuple[Literal, ...], per_try: Literal | None, retries: Literal | None
) -> None:
    """The bound of the request goes before that of a try; 0 is kept, for it switches the bound off."""
    (rule,) = rules(http_route(f"{{backendRefs: [{{name: shop, port: 80}}], {stated}}}"))

    assert (rule.timeout, rule.per_try, rule.retries) == (timeout, per_try, retries)
    assert (rule.hosts, rule.destinations, rule.gateways) == (("shop.example",), ("shop",), ("public",))


def test_http_route_without_backends_is_none() -> None:
    """A redirect sends nowhere."""
    assert rules(http_route("filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]")) == []


def test_http_route_of_a_service_holds_in_the_mesh() -> None:
    """A route whose parent is a Service is for every caller of it."""
    text = http_route("backendRefs: [{name: reviews-v1}]", "hostnames: []").replace(
        "{name: public}", "{name: reviews, kind: Service}"
    )
    (rule,) = rules(text)

    assert (rule.hosts, rule.gateways) == (("reviews",), ("mesh",))


def test_http_route_is_a_way() -> None:
    """Matches and rewrites are those of the rule."""
    rule = """{matches: [{path: {type: PathPrefix, value: /a}}, {path: {type: Exact, value: /b}, method: GET}],
          filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /v1}}}],
          backendRefs: [{name: shop}]}"""

    assert ways(http_route(rule)) == [("shop.example", "/a", "shop", "/v1"), ("shop.example", "/b", "shop", "/v1")]
    assert rules(http_route(rule))[0].matches == (RouteMatch("/a", "prefix"), RouteMatch("/b", "exact", ("GET",)))


def test_grpc_route() -> None:
    """A method is an exact path, a service a prefix."""
    text = http_route(
        "{matches: [{method: {service: a.B, method: C}}, {method: {service: a.D}}], backendRefs: [{name: x}]}"
    ).replace("HTTPRoute", "GRPCRoute")
    (rule,) = rules(text)

    assert rule.matches == (RouteMatch("/a.B/C", "exact"), RouteMatch("/a.D/", "prefix"))


def test_linkerd_annotations() -> None:
    """On a route and on a Service."""
    route = http_route("backendRefs: [{name: shop}]").replace(
        "{name: shop}\n",
        "{name: shop, annotations: {timeout.linkerd.io/request: 300ms, retry.linkerd.io/http: 5xx}}\n",
        1,
    )
    service = """
        apiVersion: v1
        kind: Service
        metadata:
          name: stock
          annotations:
            timeout.linkerd.io/request: 4s
            balancer.linkerd.io/failure-accrual: consecutive
        spec: {ports: [{port: 80}]}
        """

    (first,), (second,) = rules(route), rules(service)
    assert (first.timeout, first.retries, first.retry_on) == ((Literal(0.3),), Literal(1), "5xx")
    assert (second.hosts, second.timeout, second.outlier_detection) == (("stock",), (Literal(4.0),), True)


def test_service_without_annotations_states_nothing() -> None:
    """An ordinary Service is no rule."""
    assert rules("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n") == []


def test_service_profile() -> None:
    """Its name is the host, a retryable route is tried again within a budget."""
    (rule,) = rules(
        """
        apiVersion: linkerd.io/v1alpha2
        kind: ServiceProfile
        metadata: {name: stock.shop.svc.cluster.local}
        spec:
          routes:
          - name: get
            condition: {method: GET, pathRegex: "/items/[^/]*"}
            timeout: 300ms
            isRetryable: true
        """
    )

    assert rule.hosts == ("stock.shop.svc.cluster.local",)
    assert rule.matches == (RouteMatch("/items/[^/]*", "pattern", ("GET",)),)
    assert (rule.timeout, rule.retries) == ((Literal(0.3),), Literal(1))


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        (
            "ServiceRouter",
            "{routes: [{match: {http: {pathPrefix: /a}},"
            " destination: {service: b, requestTimeout: 5s, numRetries: 2}}]}",
            ("servicerouter", ("stock",), ("b",), (Literal(5.0),), Literal(2), None),
        ),
        (
            "ServiceResolver",
            "{requestTimeout: 15s}",
            ("serviceresolver", ("stock",), ("stock",), (Literal(15.0),), None, None),
        ),
        (
            "ServiceDefaults",
            "{upstreamConfig: {overrides: [{name: b, passiveHealthCheck: {maxFailures: 3}}]}}",
            ("servicedefaults", ("b",), (), (), None, True),
        ),
        (
            "HTTPProxy",
            "{virtualhost: {fqdn: x.io}, routes: [{conditions: [{prefix: /a}], services: [{name: b, port: 80}],"
            " timeoutPolicy: {response: 7s}, retryPolicy: {count: 2}}]}",
            ("httpproxy", ("x.io",), ("b",), (Literal(7.0),), Literal(2), None),
        ),
        (
            "HTTPProxy",
            "{routes: [{services: [{name: b, port: 80}], timeoutPolicy: {response: infinity}}]}",
            ("httpproxy", ("*",), ("b",), (Literal(0.0),), None, None),
        ),
        (
            "Mapping",
            "{prefix: /a, service: 'http://b.ns:80', timeout_ms: 4000, retry_policy: {num_retries: 1}}",
            ("mapping", ("*",), ("b",), (Literal(4.0),), Literal(1), None),
        ),
    ],
)
def test_other_objects(kind: str, spec: str, expected: tuple[object, ...]) -> None:
    """Consul, Contour and Emissary say the same in their own words."""
    (rule,) = rules(f"apiVersion: example/v1\nkind: {kind}\nmetadata: {{name: stock}}\nspec: {spec}\n")
    said = (rule.kind, rule.hosts, rule.destinations, rule.timeout, rule.retries, rule.outlier_detection)

    assert said == expected


def test_destinations_of_the_first_versions_of_istio() -> None:
    """What is called `host` today was once `name`."""
    (rule,) = rules(
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: VirtualService
        metadata: {name: reviews}
        spec:
          hosts: [reviews]
          http: [{route: [{destination: {name: reviews, subset: v1}}], timeout: 2s}]
        """
    )

    assert (rule.destinations, rule.timeout) == (("reviews",), (Literal(2.0),))


def test_ingress_annotations() -> None:
    """nginx counts tries where others count retries."""
    (rule,) = rules(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/proxy-read-timeout: "30"
            nginx.ingress.kubernetes.io/proxy-next-upstream-tries: "3"
        spec:
          rules:
          - host: x.io
            http: {paths: [{path: /a, pathType: Exact, backend: {service: {name: shop, port: {number: 80}}}}]}
        """
    )

    assert (rule.hosts, rule.matches, rule.timeout) == (("x.io",), (RouteMatch("/a", "exact"),), (Literal(30.0),))
    assert (rule.retries, rule.gateways) == (Literal(2), ("shop",))


@pytest.mark.parametrize(
    ("rule", "hosts", "matches"),
    [
        ("Host(`a.io`)", ("a.io",), ()),
        ("Host(`a.io`, `b.io`) && PathPrefix(`/x`)", ("a.io", "b.io"), (RouteMatch("/x", "prefix"),)),
        ("Path(`/x`) && Method(`GET`)", (), (RouteMatch("/x", "exact", ("GET",)),)),
        ("PathPrefix(`/x`) && Headers(`A`, `b`)", (), (RouteMatch("/x", "prefix", (), True),)),
        ("Host(`a.io`) && !Path(`/x`)", ("a.io",), (RouteMatch("", "", (), True),)),
    ],
)
def test_traefik_rules(rule: str, hosts: tuple[str, ...], matches: tuple[RouteMatch, ...]) -> None:
    """Hosts, paths and methods are known; what else a rule says makes it partly known."""
    assert matches_of(rule) == (hosts, matches)


def test_ingress_route() -> None:
    """An IngressRoute of Traefik is a way."""
    text = """
        apiVersion: traefik.io/v1alpha1
        kind: IngressRoute
        metadata: {name: shop}
        spec:
          routes:
          - match: Host(`x.io`) && PathPrefix(`/a`)
            services: [{name: shop, port: 80}]
        """

    assert ways(text) == [("x.io", "/a", "shop", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10s", 10.0),
        ("1m30s", 90.0),
        ("0.25s", 0.25),
        ("250ms", 0.25),
        ("60", 60.0),
        ("00:01:40", 100.0),
        ("1.02:00:00", 93600.0),
        ("soon", None),
        ("10 parsecs", None),
        ("", None),
    ],
)
def test_durations(text: str, expected: float | None) -> None:
    """All ways to write a duration, and nothing else."""
    assert seconds(text) == expected


def test_what_is_no_duration_is_unknown() -> None:
    """A value that a template fills in is stated, and not known."""
    (rule,) = rules(http_route("{backendRefs: [{name: shop}], timeouts: {request: '$(TIMEOUT)'}}"))

    assert isinstance(rule.timeout[0], Unknown)


def test_detection_of_subsets_and_ports() -> None:
    """What a subset does not say is as for all others, what a port does not say is switched off."""
    (rule,) = rules(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: stock}
        spec:
          host: stock
          trafficPolicy:
            connectionPool: {}
            portLevelSettings: [{port: {number: 80}, outlierDetection: {}}]
          subsets:
          - {name: v1, trafficPolicy: {outlierDetection: {}}}
          - {name: v2}
        """
    )

    assert rule.outlier_detection
    assert [(each.subset, each.port, each.detects) for each in rule.detections] == [
        ("", "", False), ("", "80", True), ("v1", "", True), ("v2", "", False),
    ]  # fmt: skip
