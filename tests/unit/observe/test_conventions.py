"""The semantic conventions, old and new."""

from __future__ import annotations

from typing import Any

import pytest

from commlint.observe import describing
from commlint.observe.conventions import CLIENT, CONSUMER, LONGEST, PRODUCER, SERVER, Meaning
from commlint.observe.describing import OTHER, Describer


def meaning(kind: int, name: str = "span", **attributes: str) -> Meaning:
    """Attributes with `_` for their dots."""
    return described(kind, name, {key.replace("_", "."): each for key, each in attributes.items()})


def described(kind: int, name: str, attributes: dict[str, str], service: str = "orders") -> Meaning:
    describer = Describer()
    code = describer.code(service, kind, name, attributes)
    return describer.meanings[code >> 1]


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
    found = described(CLIENT, "span", given)

    assert (found.protocol, found.operation) == (protocol, name)


@pytest.mark.parametrize(
    ("kind", "given", "role", "name"),
    [
        (PRODUCER, {"messaging.destination": "paid"}, "producer", "publish paid"),
        (CONSUMER, {"messaging.destination.name": "paid", "messaging.destination": "old"}, "consumer", "process paid"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation.type": "receive"}, "consumer", "receive"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation": "publish"}, "producer", "publish"),
        (CLIENT, {"messaging.system": "kafka", "messaging.operation": "odd"}, "client", "odd"),
        (PRODUCER, {"messaging.destination.template": "t.{id}", "messaging.destination": "t.1"}, "producer",
         "publish t.{id}"),
    ],
)  # fmt: skip
def test_messages_are_called_by_what_becomes_of_them_and_their_channel(
    kind: int, given: dict[str, str], role: str, name: str
) -> None:
    """A poll is a client span that consumes."""
    found = described(kind, "span", given)

    assert (found.role, found.operation) == (role, name)


@pytest.mark.parametrize(("system", "protocol"), [("rabbitmq", "amqp"), ("AmazonSQS", "sqs"), ("kafka", "kafka")])
def test_brokers_are_called_as_library_models_do(system: str, protocol: str) -> None:
    """So that both sides of the graph meet."""
    assert meaning(PRODUCER, messaging_system=system).protocol == protocol


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
    assert described(CLIENT, "span", {}, "").service == "unknown_service"


def test_long_names_are_cut() -> None:
    """A name of a megabyte is an attack, not a name."""
    given: dict[str, Any] = {"http.request.method": "GET", "http.route": "/x" * 100_000}
    found = described(SERVER, "n" * 100_000, given, "s" * 100_000)

    assert max(len(found.service), len(found.name)) == LONGEST
    assert len(found.operation) < 2 * LONGEST


def test_memory_of_combinations_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names without a template would fill it; the answers stay the same."""
    monkeypatch.setattr(describing, "MEMORY", 3)
    describer = Describer()

    codes = [describer.code("orders", SERVER, f"GET /{number}", {}) for number in (*range(10), 0)]

    assert [describer.meanings[code >> 1].name for code in codes] == [f"GET /{number}" for number in (*range(10), 0)]


def test_operations_beyond_the_limit_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told as such."""
    monkeypatch.setattr(describing, "MOST_MEANINGS", 2)
    describer = Describer()

    codes = [describer.code("orders", SERVER, f"GET /{number}", {}) for number in range(5)]

    assert [describer.meanings[code >> 1].operation for code in codes] == ["GET /0", "GET /1", OTHER, OTHER, OTHER]
    assert describer.overflowed


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ({"http.request.resend_count": "1"}, True),
        ({"http.resend_count": "2"}, True),
        ({"http.request.resend_count": "0", "http.resend_count": "2"}, False),
        ({"http.resend_count": "no"}, False),
        ({}, False),
    ],
)
def test_requests_made_again_are_told(given: dict[str, str], again: bool) -> None:
    """By the count of the new name, else by that of the old one."""
    assert Describer().code("orders", CLIENT, "GET", given) & 1 == again
