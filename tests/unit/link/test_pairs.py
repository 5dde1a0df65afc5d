"""Calls and the endpoints they meet, the ledger of those that meet none."""

import pytest

from commlint.model.operations import Confidence, Evidence, Role
from commlint.model.values import Parameter, Unknown

from .builders import Files, edge_to, env, pairs

FOLLOWABLE = (
    "give the address in a setting or constant that can be followed, or describe the wrapper in a library model"
)


def shop() -> Files:
    files = Files()
    files.compose("orders", "orders")
    files.compose("stock", "stock")
    return files


def test_call_meets_the_endpoint_of_its_service() -> None:
    """An edge goes from the client operation to the endpoint, with the line of the call."""
    files = shop()
    call = files.get("orders/app.py::fetch", "http://stock/items/", Parameter("sku"), line=7)
    files.endpoint("stock/app.py::item", "GET", "/items/{sku}")

    (edge,) = files.system().edges

    assert (edge.kind, edge.protocol, edge.source) == ("sync", "http", f"service:orders/{call.id}")
    assert (edge.target, edge.target_service) == ("endpoint:stock:GET /items/{sku}", "stock")
    assert (edge.confidence, edge.evidence) == (Confidence.CERTAIN, (Evidence.CODED,))
    assert str(edge.region) == "orders/app.py:7"


def test_known_host_without_such_a_route_is_an_edge_to_the_service() -> None:
    """The pair is likely even when the endpoint is not seen."""
    files = shop()
    files.get("orders/app.py::fetch", "http://stock/other")
    files.endpoint("stock/app.py::item", "GET", "/items/{sku}")

    edge = edge_to(files.system(), "service:stock")

    assert edge.confidence is Confidence.LIKELY


def test_weak_operation_makes_a_weak_edge() -> None:
    """An edge is as sure as the least sure of what it is made from."""
    files = shop()
    files.get("orders/app.py::fetch", "http://stock/items", confidence=Confidence.POSSIBLE)
    files.endpoint("stock/app.py::items", "GET", "/items")

    assert edge_to(files.system(), "endpoint:stock:GET /items").confidence is Confidence.POSSIBLE


def test_one_route_twice_keeps_both_endpoints() -> None:
    """Two handlers of one method and path are two endpoints with ids of their own."""
    files = shop()
    files.endpoint("stock/app.py::one", "GET", "/items")
    files.endpoint("stock/app.py::two", "GET", "/items")

    assert [endpoint.id for endpoint in files.system().endpoints] == [
        "endpoint:stock:GET /items",
        "endpoint:stock:GET /items#2",
    ]


def test_labels_name_what_a_person_would() -> None:
    """Method, host and path; open parts by their names or variables."""
    files = shop()
    files.get("orders/app.py::a", "http://stock:8000/items/", Parameter("sku"))
    files.get("orders/app.py::b", env("MAIL_URL"), "/send", method="POST")
    files.endpoint("stock/app.py::item", "GET", "/items/<int:sku>")

    labels = {site.operation.function: (site.label, site.target) for site in files.system().operations}

    assert labels == {
        "orders/app.py::a": ("GET stock/items/{sku}", "http://stock:8000/items/{}"),
        "orders/app.py::b": ("POST $MAIL_URL/send", "{}/send"),
        "stock/app.py::item": ("GET /items/{sku}", "/items/{sku}"),
    }


def test_grpc_call_meets_the_servicer_through_the_contract() -> None:
    """Both sides name the service without its package; the contract has it."""
    files = shop()
    files.contract("shop.v1.Stock", "Check")
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="Stock/Check", host="stock:50051")
    files.operation(Role.SERVER, "grpc", "stock/app.py::Check", rpc="Stock/Check")

    (edge,) = files.system().edges

    assert (edge.target, edge.confidence) == ("endpoint:stock:shop.v1.Stock/Check", Confidence.CERTAIN)


def test_generated_client_without_the_ending_of_its_service_is_that_of_it() -> None:
    """Where `Stock` is no service of a contract and `StockService` is, a generator took the ending off."""
    files = shop()
    files.contract("shop.StockService", "Check")
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="Stock/Check")
    files.operation(Role.SERVER, "grpc", "stock/app.py::Check", rpc="StockService/Check")

    (edge,) = files.system().edges

    assert edge.target == "endpoint:stock:shop.StockService/Check"


def test_address_on_this_machine_that_a_database_publishes_is_whoever_answers_it() -> None:
    """What publishes the port answers no such request, and one service alone does."""
    files = shop()
    files.compose("monitor", image="grafana/grafana", kind="observability", ports=((3000, 3000),))
    files.get("orders/app.py::fetch", "http://localhost:3000/items")
    files.endpoint("stock/app.py::items", "GET", "/items")

    (edge,) = (edge for edge in files.system().edges if edge.kind == "sync")

    assert edge.target == "endpoint:stock:GET /items"


def test_grpc_call_means_what_runs_in_its_own_profile() -> None:
    """What is deployed one way or another way calls what is deployed the same way."""
    files = Files()
    files.compose("orders", "orders", profiles=("services",))
    files.compose("stock", "stock", profiles=("services", "tools"))
    files.compose("monolith", "monolith", profiles=("whole",))
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="Stock/Check")
    files.operation(Role.SERVER, "grpc", "stock/app.py::Check", rpc="Stock/Check")
    files.operation(Role.SERVER, "grpc", "monolith/app.py::Check", rpc="Stock/Check")

    (edge,) = files.system().edges

    assert (edge.source_service, edge.target_service) == ("orders", "stock")


def test_grpc_call_by_a_resembling_name_means_who_answers_it() -> None:
    """`STOCK_URL`, which no file gives a value, is not `stock` when another service alone has the procedure."""
    files = shop()
    files.compose("stock-rpc", "stock_rpc")
    call = files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="Stock/Check", host=env("STOCK_URL"))
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.operation(Role.SERVER, "grpc", "stock_rpc/app.py::Check", rpc="Stock/Check")

    (edge,) = [each for each in files.system().edges if each.source == f"service:orders/{call.id}"]

    assert edge.target_service == "stock-rpc"


def test_grpc_call_without_a_host_meets_the_only_servicer() -> None:
    """Where one service alone implements the method, it is likely meant."""
    files = shop()
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="shop.Stock/Check", host=env("STOCK_ADDR_X"))
    files.operation(Role.SERVER, "grpc", "stock/app.py::Check", rpc="shop.Stock/Check")

    (edge,) = files.system().edges

    assert (edge.target, edge.confidence) == ("endpoint:stock:shop.Stock/Check", Confidence.LIKELY)


def test_grpc_call_to_a_service_without_that_servicer_is_an_edge_to_the_service() -> None:
    """The servicer may be in code that is not read."""
    files = shop()
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="shop.Stock/Check", host="stock:50051")

    assert edge_to(files.system(), "service:stock").confidence is Confidence.LIKELY


def test_grpc_call_that_several_answer_is_not_guessed() -> None:
    """A health service that all have tells nothing."""
    files = shop()
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="grpc.Health/Check")
    for service in ("orders", "stock"):
        files.operation(Role.SERVER, "grpc", f"{service}/app.py::Check", rpc="grpc.Health/Check")

    (line,) = files.system().unresolved

    assert line.reason == "several services answer grpc.Health/Check: orders, stock"


def test_database_is_found_by_its_host() -> None:
    """A connection URL leads to the declared database, or to an external one."""
    files = shop()
    files.compose("db", image="postgres:16", kind="database")
    files.operation(Role.CLIENT, "sql", "orders/app.py::load", host="postgresql://u:p@db:5432/shop")
    files.operation(Role.CLIENT, "sql", "stock/app.py::load", host="postgresql://u:p@db.example.com/shop")

    system = files.system()

    assert pairs(system) == [("orders", "service:db"), ("stock", "external:db.example.com")]
    assert [(node.name, node.kind) for node in system.externals] == [("db.example.com", "database")]


def test_database_without_a_host_is_the_only_one_the_service_is_given() -> None:
    """The deployment tells where the code does not; and what nothing tells is no complaint."""
    files = shop()
    files.compose("db", image="postgres:16", kind="database")
    files.bind("service:orders", "DATABASE_URL", "postgresql://u:p@db/shop", "compose.yaml", "compose")
    files.operation(Role.CLIENT, "sql", "orders/app.py::load")
    files.operation(Role.CLIENT, "sql", "stock/app.py::load")

    system = files.system()

    assert pairs(system) == [("orders", "service:db")]
    assert system.unresolved == ()


@pytest.mark.parametrize(
    ("url", "reason", "hint"),
    [
        (
            env("PAYMENTS_URL"),
            "the host comes from $PAYMENTS_URL, which no deployment file gives a value",
            '[hosts] "$PAYMENTS_URL" = "<service>"',
        ),
        (
            Parameter("url"),
            "the host is the parameter `url` of fetch(), which no call that was followed binds",
            FOLLOWABLE,
        ),
        (
            Unknown("an element of something empty"),
            "the host cannot be told: an element of something empty",
            FOLLOWABLE,
        ),
    ],
)
def test_ledger_gives_reason_and_hint(url: Parameter | Unknown, reason: str, hint: str) -> None:
    """Every call that leads nowhere is kept with why and what would bind it."""
    files = shop()
    call = files.get("orders/app.py::fetch", url, line=3)

    (line,) = files.system().unresolved

    assert (line.operation, line.service, str(line.region)) == (
        f"service:orders/{call.id}",
        "orders",
        "orders/app.py:3",
    )
    assert (line.reason, line.hint) == (reason, hint)


def test_ledger_names_host_and_port_that_nothing_declares() -> None:
    """A line under `[hosts]` may say who listens on a port of this machine."""
    files = shop()
    files.get("orders/app.py::fetch", "http://localhost:9000/x")

    assert files.system().unresolved[0].hint == '[hosts] "localhost:9000" = "<service>"'


def test_an_alternative_that_leads_somewhere_is_enough() -> None:
    """Of two alternatives one placeholder makes no line in the ledger."""
    files = shop()
    files.workload("orders", env={"STOCK": "http://stock"}, path="a.yaml")
    files.workload("orders", env={"STOCK": "http://[placeholder]"}, path="b.yaml")
    files.get("orders/app.py::fetch", env("STOCK"), "/items")

    system = files.system()

    assert pairs(system) == [("orders", "service:stock")]
    assert system.unresolved == ()


def test_grpc_call_by_way_of_a_registry_meets_the_only_servicer() -> None:
    """What stands where the service is meant may be a registry, or a name that only a resolver knows."""
    for host in ("etcd:2379", "orders.stock.internal:9000"):
        files = shop()
        files.compose("etcd", image="quay.io/coreos/etcd", kind="coordination")
        files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="shop.Stock/Check", host=host)
        files.operation(Role.SERVER, "grpc", "stock/app.py::Check", rpc="shop.Stock/Check")

        (edge,) = (edge for edge in files.system().edges if edge.kind == "sync")

        assert (edge.target_service, edge.confidence) == ("stock", Confidence.LIKELY)


def test_a_service_that_answers_what_it_asks_passes_it_on() -> None:
    """Of two that answer a procedure, the one that calls it means the other."""
    files = shop()
    files.operation(Role.CLIENT, "grpc", "orders/app.py::fetch", rpc="shop.Stock/Check")
    for service in ("orders", "stock"):
        files.operation(Role.SERVER, "grpc", f"{service}/app.py::Check", rpc="shop.Stock/Check")

    assert [edge.target for edge in files.system().edges] == ["endpoint:stock:shop.Stock/Check"]


def test_all_that_provide_an_interface_are_called_by_it() -> None:
    """A registry hands a caller every provider; nothing but the interface names them."""
    files = Files()
    for name in ("orders", "stock", "warehouse"):
        files.compose(name, name)
    for name in ("stock", "warehouse"):
        files.operation(Role.SERVER, "rpc", f"{name}/app.py::count", rpc="Stock/count")
    files.operation(Role.CLIENT, "rpc", "orders/app.py::place", rpc="Stock/count")

    assert {each.target_service for each in files.system().edges} == {"stock", "warehouse"}
