"""The whole of link."""

from dataclasses import replace

from commlint.link.link import link
from commlint.model.config import Config
from commlint.model.facts import FactSet
from commlint.model.operations import Recognition
from commlint.model.system import System

from .builders import Files, env


def shop() -> Files:
    files = Files()
    files.compose("orders", "orders", env={"STOCK": "http://stock:8000"})
    files.compose("stock", "stock")
    files.endpoint("orders/app.py::place", "POST", "/orders")
    files.get("orders/app.py::place", env("STOCK"), "/items")
    files.get("orders/app.py::place", env("PAYMENTS"))
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.send("kafka", "orders/app.py::place", channel="orders.created")
    files.receive("kafka", "stock/app.py::reserve", channel="orders.created")
    return files


def test_nothing_gives_an_empty_system() -> None:
    """No files, no operations: no complaint."""
    assert link(Recognition(), FactSet(), Config()) == System()


def test_every_collection_is_sorted() -> None:
    """Output is the same each time because everything has an order."""
    system = shop().system()

    assert [service.name for service in system.services] == sorted(service.name for service in system.services)
    for nodes in (system.operations, system.endpoints, system.channels, system.edges):
        assert [node.id for node in nodes] == sorted(node.id for node in nodes)
    assert [call.operation for call in system.unresolved] == sorted(call.operation for call in system.unresolved)


def test_order_of_what_is_given_makes_no_difference() -> None:
    """The same facts in another order are the same system."""
    files = shop()
    turned = replace(files.recognition(), operations=tuple(reversed(files.recognition().operations)))

    assert link(turned, files.facts(), files.config) == files.system()


def test_every_outbound_call_is_an_edge_or_in_the_ledger() -> None:
    """Nothing is dropped."""
    system = shop().system()

    bound = {edge.source for edge in system.edges} | {call.operation for call in system.unresolved}
    assert {site.id for site in system.operations if site.operation.role in ("client", "producer")} <= bound


def test_what_recognition_found_goes_along() -> None:
    """Steps, functions and calls are part of the system for the rules to ask."""
    files = shop()
    files.call("orders/app.py::place", "orders/app.py::check")

    assert files.system().calls == tuple(files.calls)
