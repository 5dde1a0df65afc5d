from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.formats.spring import SpringReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import CALLED, ELSEWHERE, IMPORTED, PORT, PREFIX, PROFILES, Binding
from commlint.model.traffic import GatewayRoute
from commlint.model.values import ConfigRead, Literal, Sequence, Template, Unknown, Value

OWN = "orders/src/main/resources/application.yml"
ROLES = (PROFILES, PORT, PREFIX)


def read(text: str, path: str = OWN) -> Declarations:
    declarations, notices = SpringReader().read(path, text.encode())
    assert notices == ()
    return declarations


def bindings(text: str, path: str = OWN) -> list[Binding]:
    return [each for each in read(text, path).bindings if each.name not in ROLES]


def values(text: str, path: str = OWN) -> dict[str, Value]:
    return {binding.name: binding.value for binding in bindings(text, path)}


def routes(text: str, path: str = OWN) -> list[tuple[str, Value | None, str | None]]:
    return [(route.path, route.address, route.rewrite) for route in read(text, path).routes]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a/application.yml", "a: 1", True),
        ("a/application-docker.yaml", "", True),
        ("a/bootstrap.properties", "", True),
        ("config/orders.yml", "spring:\n  x: 1\n", True),
        ("config/orders-docker.properties", "server.port=80\n", True),
        ("config/orders.yml", "name: x\n", False),
        ("k8s/orders.yml", "apiVersion: v1\nspring:\n  x: 1\n", False),
        ("compose.yml", "services:\n  a:\nserver:\n", False),
        ("log4j.properties", "log4j.rootLogger=INFO\n", False),
    ],
)
def test_claims(path: str, text: str, expected: bool) -> None:
    """Files are known by their names, those of a configuration repository by their keys."""
    assert SpringReader().claims(path, text.encode()) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", Literal("x")),
        ("${A}", ConfigRead("A")),
        ("${A:b}", ConfigRead("A", Literal("b"))),
        ("${A:${B:c}}", ConfigRead("A", ConfigRead("B", Literal("c")))),
        ("http://${H:db}:80/", Template((Literal("http://"), ConfigRead("H", Literal("db")), Literal(":80/")))),
        ("${A:http://x:80}", ConfigRead("A", Literal("http://x:80"))),
        ("#{a + b}", Unknown("an expression")),
        ("@project.version@", Unknown("an expression")),
        ("${A", Literal("${A")),
    ],
)
def test_placeholders(text: str, expected: Value) -> None:
    """Placeholders name other keys, with defaults that may hold placeholders."""
    assert values(f"k: '{text}'\n") == {"k": expected}


def test_yaml_is_flattened() -> None:
    """Nested keys are joined by dots, items of lists are numbered, a list of texts is also one value."""
    found = values("a:\n  b: 1\n  c.d: 2\n  e: [x, y]\n")

    assert found == {
        "a.b": Literal("1"),
        "a.c.d": Literal("2"),
        "a.e": Sequence((Literal("x"), Literal("y"))),
        "a.e[0]": Literal("x"),
        "a.e[1]": Literal("y"),
    }


def test_properties() -> None:
    """Separators, comments, escapes and continued lines as Java reads them; lines are told."""
    text = "# c\na.b = 1\n! c\nc\\:d: two\\\n   lines\ne f\n"
    found = bindings(text, "orders/src/main/resources/application.properties")

    assert [(each.name, each.value, each.extent.start_line) for each in found] == [
        ("a.b", Literal("1"), 2),
        ("c:d", Literal("twolines"), 4),
        ("e", Literal("f"), 6),
    ]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("application-docker.yml", "a: 1", {"a": "docker"}),
        ("application.yml", "a: 1\n---\nspring.config.activate.on-profile: x, y\nb: 2\n", {"a": "", "b": "x|y"}),
        ("application.yml", "a: 1\n---\nspring:\n  profiles: x\nb: 2\n", {"a": "", "b": "x"}),
        ("application.properties", "a=1\n#---\nspring.config.activate.on-profile=x\nb=2\n", {"a": "", "b": "x"}),
    ],
)
def test_profiles(path: str, text: str, expected: dict[str, str]) -> None:
    """The name of a file and a key of a document say which profile it is for."""
    assert {each.name: each.profile for each in bindings(text, path) if "spring" not in each.name} == expected


@pytest.mark.parametrize(
    ("path", "scope"),
    [(OWN, f"settings:{OWN}"), ("config/orders.yml", "named-settings:config/orders.yml")],
)
def test_scope(path: str, scope: str) -> None:
    """A file of its own is for where it lies, any other for the service whose name it bears."""
    assert {each.scope for each in read("a: 1", path).bindings} == {scope}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (OWN, "spring.application.name: orders-service", ("orders-service", "", "orders")),
        ("conf/application.yml", "spring.application.name: x", ("x", "", ".")),
        ("reg/src/main/resources/application.yml", "spring.cloud.config.server.git.uri: x", ("", "config", "reg")),
        (
            "reg/src/main/resources/application.yml",
            "eureka: {client: {registerWithEureka: false, fetch-registry: false}}",
            ("", "registry", "reg"),
        ),
    ],
)
def test_application(path: str, text: str, expected: tuple[str, str, str]) -> None:
    """The application is named for the folder of its program, and its keys may tell what it is."""
    (found,) = read(text, path).services

    assert (found.name, found.kind, found.source_root) == expected


def test_names_the_build_fills_in_are_none() -> None:
    """`@project.name@` names nothing."""
    (found,) = read("spring.application.name: '@project.name@'").services

    assert found.name == ""


def test_files_of_a_repository_declare_no_application() -> None:
    """A file that bears a name is no evidence of a program beside it."""
    assert read("spring.application.name: x", "config/x.yml").services == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zuul.routes.orders: /orders/**", [("/orders", Literal("orders"), "/")]),
        ("zuul: {prefix: /api, routes: {o: {path: /o/**, serviceId: ord}}}", [("/api/o", Literal("ord"), "/")]),
        (
            "zuul.routes.o: {path: /o/**, url: 'http://o:80', stripPrefix: false}",
            [("/o", Literal("http://o:80"), None)],
        ),
    ],
)
def test_zuul(text: str, expected: list[tuple[str, Value, str | None]]) -> None:
    """Zuul takes the prefix off unless it is told not to."""
    assert routes(text) == expected


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("predicates: [Path=/o/**]", [("/o", Literal("lb://ord"), None)]),
        ("predicates: ['Path=/o/**,/p/{id}']", [("/o", Literal("lb://ord"), None), ("/p", Literal("lb://ord"), None)]),
        ("predicates: [{name: Path, args: {pattern: /o/**}}]", [("/o", Literal("lb://ord"), None)]),
        ("predicates: [Path=/a/o/**], filters: [StripPrefix=1]", [("/a/o", Literal("lb://ord"), "/o")]),
        ("predicates: [Path=/o/**], filters: [PrefixPath=/v1]", [("/o", Literal("lb://ord"), "/v1/o")]),
        (
            "predicates: [Path=/a/o/**], filters: ['RewritePath=/a/(?<rest>.*), /$\\{rest}']",
            [("/a/o", Literal("lb://ord"), "/o")],
        ),
    ],
)
def test_cloud_gateway(rest: str, expected: list[tuple[str, Value, str | None]]) -> None:
    """Predicates and filters in both forms say which paths a route takes and what becomes of them."""
    for key in ("spring.cloud.gateway.routes", "spring.cloud.gateway.server.webflux.routes"):
        assert routes(f"{key}: [{{id: o, uri: 'lb://ord', {rest}}}]") == expected


def test_cloud_gateway_in_properties() -> None:
    """The same routes, key by key."""
    text = (
        "spring.cloud.gateway.routes[0].uri=${ORDERS:http://ord:80}\n"
        "spring.cloud.gateway.routes[0].predicates[0]=Path=/o/**\n"
        "spring.cloud.gateway.default-filters[0]=StripPrefix=1\n"
    )

    assert routes(text, "application.properties") == [("/o", ConfigRead("ORDERS", Literal("http://ord:80")), "/")]


def test_routes_to_itself_are_none() -> None:
    """A forward stays inside the gateway."""
    text = "spring.cloud.gateway.routes: [{uri: 'forward:/x', predicates: [Path=/o/**]}]"

    assert read(text).routes == ()


def test_route_stands_where_its_address_does() -> None:
    """The line of a route is that of its address."""
    text = "zuul:\n  routes:\n    o:\n      path: /o/**\n      url: http://o\n"
    (found,) = read(text).routes

    assert isinstance(found, GatewayRoute)
    assert found.extent.start_line == 5


def test_authorisation_servers_are_called() -> None:
    """The framework itself asks about tokens."""
    key = "security.oauth2.resource.user-info-uri"

    assert values(f"{key}: http://auth/me")[CALLED + key] == ConfigRead(key)


@pytest.mark.parametrize("text", ["spring.cloud.config.uri: http://config", "spring.config.import: 'configserver:x'"])
def test_settings_elsewhere(text: str) -> None:
    """A configuration server may say more than the tree."""
    assert ELSEWHERE in values(text)


@given(st.text(alphabet=st.sampled_from("ab.:=#$-{}[]\\ \n\"'|>&*!"), max_size=300))
def test_total(text: str) -> None:
    """Whatever a file holds, something is answered."""
    for path in ("application.yml", "application.properties"):
        declarations, _ = SpringReader().read(path, text.encode())
        assert declarations.format == "spring"


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("stock/src/main/resources/application.yml", "micronaut:\n  application:\n    name: stock\n", "stock"),
        ("stock/src/main/resources/application.properties", "quarkus.application.name=stock\n", "stock"),
        ("stock/src/main/resources/application.conf", "ktor { application { modules = [a.B] } }", ""),
    ],
)
def test_applications_of_other_frameworks(path: str, text: str, name: str) -> None:
    """Micronaut, Quarkus and Ktor keep their settings in files of the same names."""
    (service,) = read(text, path).services

    assert (service.name, service.source_root) == (name, "stock")


def test_what_quarkus_sets_for_a_profile() -> None:
    """What is set for production, the profile it runs in by default, goes before what is always so."""
    text = "%prod.a.url=http://stock\n%dev,test.a.url=http://localhost\na.url=http://nobody\n"
    found = [(each.name, each.value, each.profile) for each in bindings(text, "a/application.properties")]

    assert found == [
        ("a.url", Literal("http://nobody"), ""),
        ("a.url", Literal("http://stock"), ""),
        ("a.url", Literal("http://localhost"), "dev|test"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        (OWN, "spring:\n  config:\n    import: optional:classpath:common.yml,configserver:http://c\n", ["common.yml"]),
        ("a/src/main/resources/application.conf", 'include "shared.conf"\na = 1', ["shared.conf"]),
    ],
)
def test_files_that_are_taken_in(path: str, text: str, names: list[str]) -> None:
    """A file names those whose settings it takes in; a server that is asked is none."""
    assert [str(each.value) for each in read(text, path).bindings if each.name == IMPORTED] == [
        str(Literal(name)) for name in names
    ]
