"""Configuration files as the services of a system read them."""

from __future__ import annotations

import pytest

from commlint.link.settings import holds
from commlint.model.deployments import CALLED, ELSEWHERE, IMPORTED, PORT, PREFIX, PROFILES, Binding
from commlint.model.operations import Policies, Policy, State
from commlint.model.system import System
from commlint.model.traffic import GatewayRoute
from commlint.model.values import Choice, ConfigRead, Literal, Value

from .builders import HERE, Files, edge_to, pairs, site_of, text


def settings(files: Files, path: str, profile: str = "", named: bool = False, **given: str | Value) -> None:
    """A configuration file; keys are written with `__` for the dot."""
    scope = f"{'named-settings' if named else 'settings'}:{path}"
    for key, value in given.items():
        name = key.replace("__", ".")
        files._bind(path, Binding(scope, name, text(value), "spring", HERE, profile))
    files._bind(path, Binding(scope, PROFILES, ConfigRead("spring.profiles.active"), "spring", HERE))


def called(files: Files, key: str = "stock.url") -> str:
    """What the address under `key` is worth for `orders`."""
    call = files.get("orders/app.py::fetch", ConfigRead(key), "/items")
    return site_of(files.system(), call).target


@pytest.fixture
def files() -> Files:
    found = Files()
    found.compose("orders", "orders")
    found.compose("stock", "stock")
    return found


OWN, STORE = "orders/src/main/resources/application.yml", "config/store"


def test_file_in_the_folder_of_a_service_is_its_own(files: Files) -> None:
    """Keys are the same in kebab case, camel case and with underscores."""
    settings(files, OWN, stock__base_url="http://stock")
    settings(files, "stock/application.yml", stock__base_url="http://nobody")

    assert called(files, "stock.baseUrl") == "http://stock/items"


def test_environment_goes_before_files() -> None:
    """STOCK_URL of the deployment is the key `stock.url`."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_URL": "http://stock"})
    settings(files, OWN, stock__url="http://localhost:1")

    assert called(files) == "http://stock/items"


def test_command_goes_before_files() -> None:
    """So does an option of the command."""
    files = Files()
    files.compose("orders", "orders", command=("java", "-Dstock.url=http://stock", "-jar", "x.jar"))
    settings(files, OWN, stock__url="http://localhost:1")

    assert called(files) == "http://stock/items"


def test_file_that_bears_the_name_of_a_service(files: Files) -> None:
    """It goes before what all services share, and that before the file beside the code."""
    settings(files, OWN, a="own", b="own", c="own")
    settings(files, f"{STORE}/application.yml", a="shared", b="shared")
    settings(files, f"{STORE}/orders.yml", named=True, a="named")

    assert [called(files, key) for key in "abc"] == ["named/items", "shared/items", "own/items"]


def test_file_without_a_name_is_shared_only_beside_files_with_names(files: Files) -> None:
    """Any other folder has nothing to say to a service."""
    settings(files, OWN, a="own")
    settings(files, f"{STORE}/application.yml", a="shared")

    assert called(files, "a") == "own/items"


def test_folder_that_bears_the_name_of_a_service(files: Files) -> None:
    """A configuration server may keep a folder for each service."""
    files.compose("config", "config")
    settings(files, "config/repo/orders/application.yml", a="named")
    settings(files, "config/application.yml", a="server")

    assert called(files, "a") == "named/items"


@pytest.mark.parametrize(
    ("active", "expected"),
    [({}, "always"), ({"SPRING_PROFILES_ACTIVE": "x, docker"}, "docker"), ({"OTHER": "docker"}, "always")],
)
def test_active_profile(active: dict[str, str], expected: str) -> None:
    """What is for a profile holds where the deployment makes it active."""
    files = Files()
    files.compose("orders", "orders", env=active)
    settings(files, OWN, a="always")
    settings(files, "orders/src/main/resources/application-docker.yml", "docker", a="docker")

    assert called(files, "a") == f"{expected}/items"


def test_profile_in_the_name_of_a_named_file() -> None:
    """`orders-docker.yml` is for `orders` under `docker`."""
    files = Files()
    files.compose("orders", "orders", env={"SPRING_PROFILES_ACTIVE": "docker"})
    settings(files, OWN, b="own")
    settings(files, f"{STORE}/orders.yml", named=True, a="always")
    settings(files, f"{STORE}/orders-docker.yml", named=True, a="docker")

    assert called(files, "a") == "docker/items"


def test_profiles_told_by_the_file_itself(files: Files) -> None:
    """A file may say which profile is active, and a variable may say otherwise."""
    settings(files, OWN, a="always", spring__profiles__active=ConfigRead("PROFILE", Literal("dev")))
    settings(files, "orders/src/main/resources/application-dev.yml", "dev", a="dev")

    assert called(files, "a") == "dev/items"


def test_address_of_a_developer_gives_way_to_other_profiles(files: Files) -> None:
    """What is `localhost` by default is elsewhere in a profile nobody is known to activate."""
    settings(files, OWN, stock__url="http://localhost:9")
    settings(files, "orders/src/main/resources/application-docker.yml", "docker", stock__url="http://stock")
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.get("orders/app.py::fetch", ConfigRead("stock.url"), "/items")

    assert pairs(files.system()) == [("orders", "endpoint:stock:GET /items")]


@pytest.mark.parametrize(
    ("profile", "active", "expected"),
    [
        ("", (), True),
        ("a", ("a",), True),
        ("a", (), False),
        ("!a", (), True),
        ("!a", ("a",), False),
        ("a|b", ("b",), True),
        ("a&b", ("b",), False),
        ("default", (), True),
        ("default", ("a",), False),
    ],
)
def test_profile_expressions(profile: str, active: tuple[str, ...], expected: bool) -> None:
    """Any of several, all of several, none."""
    assert holds(profile, active) is expected


def test_prefix_of_all_routes(files: Files) -> None:
    """Settings may put every route of a service below a path."""
    settings(files, "stock/application.yml", **{PREFIX: "/store"})
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.get("orders/app.py::fetch", "http://stock/store/items")

    assert pairs(files.system()) == [("orders", "endpoint:stock:GET /store/items")]


def test_port_tells_who_is_meant(files: Files) -> None:
    """Side by side on one machine a service is told by the port in its settings."""
    settings(files, "stock/application.yml", **{PORT: "8081"})
    files.get("orders/app.py::fetch", "http://localhost:8081/items")

    assert pairs(files.system()) == [("orders", "service:stock")]


def infrastructure(files: Files, **given: str) -> System:
    settings(files, OWN, **given)
    files.compose("stock", "stock")
    settings(files, "stock/application.yml", own="x")
    return files.system()


def test_infrastructure_in_settings_is_a_connection(files: Files) -> None:
    """Also where a developer finds it by its port."""
    files.compose("rabbit", image="rabbitmq", kind="broker")
    files.compose("registry", "registry", kind="registry")
    settings(files, "registry/application.yml", **{PORT: "8761"})
    found = infrastructure(files, spring__rabbitmq__host="rabbit", eureka__zone="http://localhost:8761/eureka")

    assert pairs(found) == [("orders", "service:rabbit"), ("orders", "service:registry")]


def test_shared_settings_say_who_uses_the_registry_and_nothing_else(files: Files) -> None:
    """Everybody is told the broker, not everybody uses it."""
    files.compose("rabbit", image="rabbitmq", kind="broker")
    files.compose("registry", kind="registry")
    settings(files, f"{STORE}/application.yml", rabbit__host="rabbit", eureka__zone="http://registry:8761/eureka")
    settings(files, f"{STORE}/orders.yml", named=True, a="x")
    settings(files, f"{STORE}/stock.yml", named=True, a="x")

    assert pairs(files.system()) == [("orders", "service:registry"), ("stock", "service:registry")]


def test_address_the_framework_calls(files: Files) -> None:
    """An authorisation server is called although no code reads its address."""
    files.compose("auth", "auth")
    files.endpoint("orders/app.py::page", "GET", "/")
    settings(files, OWN, **{"me": "http://auth/me", "x": "http://stock", CALLED + "me": ConfigRead("me")})

    assert pairs(files.system()) == [("orders", "service:auth")]


def route(files: Files, path: str, address: Value, prefix: str = "/o", rewrite: str | None = None) -> None:
    files.routes.setdefault(path, []).append(GatewayRoute("", "", prefix, "", "", rewrite, HERE, address))


def test_routes_in_settings(files: Files) -> None:
    """The service whose settings they are is a gateway, and what they lead to is told by its settings."""
    files.compose("edge", "edge")
    settings(files, "edge/application.yml", target="lb://ORDERS")
    route(files, "edge/application.yml", ConfigRead("target"))
    system = files.system()

    assert edge_to(system, "service:orders").source_service == "edge"
    assert {service.name: service.kind for service in system.services}["edge"] == "gateway"


def test_routes_of_a_file_everybody_reads_belong_to_nobody(files: Files) -> None:
    """Nothing says which of the services is the gateway."""
    settings(files, f"{STORE}/application.yml", a="x")
    settings(files, f"{STORE}/orders.yml", named=True, a="x")
    settings(files, f"{STORE}/stock.yml", named=True, a="x")
    route(files, f"{STORE}/application.yml", Literal("lb://stock"))

    assert pairs(files.system()) == []


def timeout(files: Files, otherwise: Policy, **words: str) -> Policy:
    """The timeout of a call in `orders` that the key `client.stock.timeout` may give, else `client.timeout`."""
    terminal = otherwise.value or Literal(None)
    value = ConfigRead("client.stock.timeout", ConfigRead("client.timeout", terminal))
    policy = Policy(otherwise.state, value, "default of x", scale=0.001, configured=True, words=tuple(words.items()))
    call = files.get("orders/app.py::fetch", "http://stock/", policies=Policies(timeout=policy))
    return site_of(files.system(), call).policies.timeout


KEY = "configuration key"
UNSET, SET = Policy(State.UNSET), Policy(State.SET, Literal(60000))


@pytest.mark.parametrize(
    ("given", "otherwise", "state", "value", "source"),
    [
        ({"client__timeout": "5000"}, UNSET, State.SET, 5, f"{KEY} client.timeout"),
        (
            {"client__timeout": "5s", "client__stock__timeout": "PT2S"},
            UNSET,
            State.SET,
            2,
            f"{KEY} client.stock.timeout",
        ),
        ({"client__timeout": "soon"}, UNSET, State.UNKNOWN, None, f"{KEY} client.timeout"),
        ({"other": "5000"}, UNSET, State.UNSET, None, "default of x"),
        ({"other": "5000"}, SET, State.SET, 60000, "default of x"),
        ({ELSEWHERE: "true"}, UNSET, State.UNKNOWN, None, "default of x"),
    ],
)
def test_policy_by_key(
    files: Files, given: dict[str, str], otherwise: Policy, state: State, value: int | None, source: str
) -> None:
    """The first key that a file gives counts, then the default; a configuration server may say what nobody sees."""
    settings(files, OWN, **given)
    found = timeout(files, otherwise)

    assert (found.state, found.source) == (state, source)
    assert value is None or found.value == Literal(value)
    assert (found.region is None) is source.startswith("default")


@pytest.mark.parametrize(("given", "state"), [("MANUAL", State.SET), ("batch", State.UNSET), ("x", State.UNKNOWN)])
def test_policy_by_word(files: Files, given: str, state: State) -> None:
    """Words of a key become those of the policy."""
    settings(files, OWN, client__timeout=given)
    found = timeout(files, UNSET, manual="manual", batch="unset")

    assert found.state is state
    assert found.value == (Literal("manual") if state is State.SET else found.value)


def test_alternatives_of_a_policy() -> None:
    """Two deployments that differ leave a choice."""
    files = Files()
    files.workload("orders", "x/orders", path="a.yaml", env={"CLIENT_TIMEOUT": "2000"})
    files.workload("orders", "x/orders", path="b.yaml", env={"CLIENT_TIMEOUT": "9000"})
    files.dockerfile("orders")

    assert timeout(files, UNSET).value == Choice((Literal(2), Literal(9)))


def test_a_file_takes_in_another_by_its_name(files: Files) -> None:
    """What is taken in holds too, wherever it lies, and what the file itself says goes before it."""
    settings(files, OWN, stock__port="8080")
    files._bind(OWN, Binding(f"settings:{OWN}", IMPORTED, Literal("common.yml"), "spring", HERE))
    settings(files, "common/src/main/resources/common.yml", named=True, stock__url="http://stock", stock__port="1")

    assert called(files) == "http://stock/items"
    assert called(files, "stock.port") == "8080/items"
