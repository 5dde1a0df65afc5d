"""The semantic conventions, old and new."""

from __future__ import annotations

from typing import Any

import pytest

from commlint.observe import conventions
from commlint.observe.conventions import CLIENT, CONSUMER, PRODUCER, SERVER, Describer, Meaning


def meaning(kind: int, name: str = "span", **attributes: str) -> Meaning:
    """Attributes with `_` for their dots."""
    return Describer().meaning("orders", kind, name, {key.replace("_", "."): each for key, each in attributes.items()})


@pytest.mark.parametrize(
    ("given", "protocol", "name"),
    [
        ({"http.method": "GET", "http.route": "/a/{id}"}, "http", "GET /a/{id}"),
        ({"http.request.method": "GET", "http.method": "PUT", "http.route": "/a"}, "http", "GET /a"),
        ({"http.request.method": "GET", "url.template": "/a"}, "http", "GET /a"),
        ({"http.request.method": "GET"}, "http", "GET"),
        ({"rpc.system": "grpc", "rpc.service": "shop.A", "rpc.method": "Do"}, "grpc", "shop.A/Do"),
        ({"rpc.system.name": "grpc", "rpc.method": "shop.A/Do", "http.method": "POST"}, "grpc", "shop.A/Do"),
        ({"db.system": "redis", "db.operation": "GET"}, "redis", "GET"),
        ({"db.system.name": "mysql", "db.operation.name": "SELECT", "db.sql.table": "t"}, "mysql", "SELECT t"),
        ({"db.system": "redis"}, "redis", "span"),
        ({}, "", "span"),
    ],
)  # fmt: skip
def test_operations_are_called_after_what_they_do(given: dict[str, str], protocol: str, name: str) -> None:
    """New names win over old ones, and the name of the span is what is left."""
    operation = Describer().meaning("orders", CLIENT, "span", given).operation

    assert (operation.protocol, operation.name) == (protocol, name)


@pytest.mark.parametrize(
    ("kind", "given", "role", "name"),
    [
        (PRODUCER, {"messaging.destination": "paid"}, "producer", "paid"),
        (CONSUMER, {"messaging.destination.name": "paid", "messaging.destination": "old"}, "consumer", "paid"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation.type": "receive"}, "consumer", "span"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation": "publish"}, "producer", "span"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation": "odd"}, "client", "span"),
        (PRODUCER, {"messaging.destination.template": "t.{id}", "messaging.destination": "t.1"}, "producer", "t.{id}"),
    ],
)  # fmt: skip
def test_messages_have_their_channel_as_name(kind: int, given: dict[str, str], role: str, name: str) -> None:
    """A poll is a client span that consumes."""
    operation = Describer().meaning("orders", kind, "span", given).operation

    assert (operation.role, operation.name) == (role, name)


@pytest.mark.parametrize(("system", "protocol"), [("rabbitmq", "amqp"), ("AmazonSQS", "sqs"), ("kafka", "kafka")])
def test_brokers_are_called_as_library_models_do(system: str, protocol: str) -> None:
    """So that both sides of the graph meet."""
    assert meaning(PRODUCER, messaging_system=system).operation.protocol == protocol


def test_peers_and_databases_are_told_by_old_and_new_names() -> None:
    """A database by its namespace, or by its host."""
    assert meaning(CLIENT, net_peer_name="pricing").peer == "pricing"
    assert meaning(CLIENT, peer_service="prices", server_address="pricing").peer == "prices"
    assert meaning(CLIENT, db_system="postgresql", db_name="shop", server_address="db").database == "postgresql/shop"
    assert meaning(CLIENT, db_system="redis", server_address="cache").database == "redis/cache"
    assert meaning(SERVER).database == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://pricing:8000/a/1?b", "pricing"),
        ("https://user:word@bank.example", "bank.example"),
        ("http://[::1]:80/", "::1"),
        ("/a/1", ""),
        ("", ""),
    ],
)
def test_host_is_taken_from_the_url_when_nothing_else_names_it(url: str, host: str) -> None:
    """Old instrumentation of clients records nothing but the URL."""
    found = meaning(CLIENT, http_url=url)

    assert (found.host, found.peer) == (host, "")


def test_new_url_wins() -> None:
    """Both are recorded while people move over."""
    assert meaning(CLIENT, http_url="http://old/", url_full="http://new/").host == "new"


def test_service_without_a_name_is_unknown() -> None:
    """It is not left out."""
    assert Describer().meaning("", CLIENT, "span", {}).service == "unknown_service"


def test_long_names_are_cut() -> None:
    """A name of a megabyte is an attack, not a name."""
    given: dict[str, Any] = {"http.request.method": "GET", "http.route": "/x" * 100_000}
    found = Describer().meaning("s" * 100_000, SERVER, "n" * 100_000, given)

    assert max(len(found.service), len(found.name)) == conventions.LONGEST
    assert len(found.operation.name) < 2 * conventions.LONGEST


def test_memory_of_meanings_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names without a template would fill it; the answers stay the same."""
    monkeypatch.setattr(conventions, "MEMORY", 3)
    describer = Describer()

    names = [describer.meaning("orders", SERVER, f"GET /{number}", {}).name for number in (*range(10), 0)]

    assert names == [f"GET /{number}" for number in (*range(10), 0)]
