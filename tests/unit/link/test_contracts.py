"""What contracts declare beside what code does."""

from __future__ import annotations

import pytest

from commlint.graph import SystemGraph
from commlint.model.declarations import Contract, ContractMethod
from commlint.model.operations import Evidence, Role
from commlint.model.system import System

from .builders import HERE, Files, pairs

CODED, DECLARED = Evidence.CODED, Evidence.DECLARED


def contract(files: Files, path: str, name: str, *methods: str, kind: str = "openapi") -> None:
    given = Contract(kind, name, tuple(ContractMethod(method, HERE) for method in methods), HERE)
    files.contracts.setdefault(path, []).append(given)


@pytest.fixture
def files() -> Files:
    found = Files()
    found.compose("orders", "orders")
    found.compose("stock-service", "stock")
    return found


def evidence(system: System) -> dict[str, tuple[Evidence, ...]]:
    return {f"{each.service} {each.method} {each.path}": each.evidence for each in system.endpoints}


def test_declared_and_coded_endpoints(files: Files) -> None:
    """Names of parameters make no difference."""
    files.endpoint("orders/app.py::one", "GET", "/orders/<int:number>")
    files.endpoint("orders/app.py::secret", "GET", "/secret")
    contract(files, "orders/openapi.yaml", "", "GET /orders/{id}", "POST /orders")

    assert evidence(files.system()) == {
        "orders GET /orders/{number}": (CODED, DECLARED),
        "orders GET /secret": (CODED,),
        "orders POST /orders": (DECLARED,),
    }


def test_calls_meet_declared_endpoints(files: Files) -> None:
    """A service whose code is not understood answers what it declares."""
    contract(files, "stock/openapi.yaml", "", "GET /items/{id}")
    files.get("orders/app.py::fetch", "http://stock-service/items/1")

    assert pairs(files.system()) == [("orders", "endpoint:stock-service:GET /items/{id}")]


@pytest.mark.parametrize(
    ("path", "title", "service"),
    [
        ("api/stock.yaml", "", "stock-service"),
        ("api/openapi.yaml", "Stock Service API", "stock-service"),
        ("orders/clients/stock-openapi.yaml", "Stock", "stock-service"),
        ("orders/clients/mail.yaml", "Mail", ""),
        ("orders/openapi.yaml", "", "orders"),
        ("docs/openapi.yaml", "The shop", ""),
    ],
)
def test_whose_contract_it_is(files: Files, path: str, title: str, service: str) -> None:
    """Its title or name says it, else the folder it lies in; copies for clients are those of others."""
    contract(files, path, title, "GET /a")

    assert [each.service for each in files.system().endpoints] == ([service] if service else [])


def test_declared_messages(files: Files) -> None:
    """What is declared on a broker is sent and received, unless code does it already."""
    files.operation(Role.PRODUCER, "kafka", "orders/app.py::tell", channel="created")
    contract(files, "orders/asyncapi.yaml", "kafka:Orders", "send created", "send gone", kind="asyncapi")
    contract(files, "stock/asyncapi.yaml", "kafka:Stock", "receive created", kind="asyncapi")
    contract(files, "stock/more.yaml", ":Stock", "receive other", kind="asyncapi")
    found = {(edge.source_service, edge.kind, edge.target, edge.evidence) for edge in files.system().edges}

    assert found == {
        ("orders", "send", "channel:kafka:created", (CODED,)),
        ("orders", "send", "channel:kafka:gone", (DECLARED,)),
        ("stock-service", "receive", "channel:kafka:created", (DECLARED,)),
    }


def test_rules_do_not_ask_what_is_only_declared(files: Files) -> None:
    """A contract runs nothing."""
    contract(files, "stock/openapi.yaml", "", "GET /items/{id}")
    system = files.system()

    assert len(system.operations) == 1
    assert list(SystemGraph(system).with_role(Role.SERVER)) == []


def feed(files: Files, database: str = "orders-db/") -> None:
    method = ContractMethod("send outbox.event.{}", HERE)
    files.contracts["connect/outbox.json"] = [Contract("feed", f"kafka:{database}", (method,), HERE)]


def test_changes_of_a_database_are_sent_for_the_service_that_makes_them() -> None:
    """The one service that is given the address of the database is the producer; of several nobody knows which."""
    files = Files()
    files.compose("orders-db", image="postgres", kind="database")
    files.compose("orders", "orders", env={"DATABASE_URL": "postgresql://orders-db/orders"})
    feed(files)

    assert ("orders", "channel:kafka:outbox.event.{}") in pairs(files.system())

    files.compose("other", "other", env={"DATABASE_URL": "postgresql://orders-db/orders"})

    assert ("orders", "channel:kafka:outbox.event.{}") not in pairs(files.system())

    feed(files, "orders-db/Orders")

    assert ("orders", "channel:kafka:outbox.event.{}") in pairs(files.system())


def test_topics_that_an_event_names() -> None:
    """Of several that somebody reads those of the service are meant; where none tells, nobody knows."""
    files = Files()
    for name in ("orders", "stock", "mail"):
        files.compose(name, name)
    files.receive("kafka", "mail/app.py::handle", channel="outbox.event.orders")
    files.receive("kafka", "mail/app.py::other", channel="outbox.event.stock")
    feed(files, "db/orders")

    assert [pair for pair in pairs(files.system()) if pair[0] == "orders"] == [
        ("orders", "channel:kafka:outbox.event.orders")
    ]
