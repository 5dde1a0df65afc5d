"""Connectors that follow a database: what they send in place of the service that writes into it."""

from __future__ import annotations

import json

import pytest

from commlint.extract.extract import extract

CLASS = "io.debezium.connector.postgresql.PostgresConnector"
ROUTER = "io.debezium.transforms.outbox.EventRouter"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"transforms": "o", "transforms.o.type": ROUTER}, ["send outbox.event.{}"]),
        (
            {"transforms": "o", "transforms.o.type": ROUTER, "transforms.o.route.topic.replacement": "orders.events"},
            ["send orders.events"],
        ),
        ({"topic.prefix": "shop", "table.include.list": "public.orders, public.items"},
         ["send shop.public.orders", "send shop.public.items"]),
        ({"topic.prefix": "shop", "table.include.list": "public.o.*"}, []),
        ({"topic.prefix": "shop", "table.include.list": "public.orders", "transforms": "r",
          "transforms.r.type": "org.apache.kafka.connect.transforms.RegexRouter"}, []),
        ({"connector.class": "io.confluent.connect.jdbc.JdbcSourceConnector", "topic.prefix": "x"}, []),
    ],
)  # fmt: skip
def test_topics_of_a_database(settings: dict[str, str], expected: list[str]) -> None:
    """An outbox is routed by what its events say, tables go to topics of their names; what is not plain is left out."""
    config = {"connector.class": CLASS, "database.hostname": "orders-db", **settings}
    facts = extract("connect/orders.json", json.dumps({"name": "orders", "config": config}).encode())
    assert facts.declarations is not None
    contracts = facts.declarations.contracts

    assert [method.name for contract in contracts for method in contract.methods] == expected
    assert {(contract.kind, contract.name) for contract in contracts} <= {("feed", "kafka:orders-db/")}


def test_database_of_mongodb() -> None:
    """Hosts stand behind the name of their set, or in a connection string."""
    names = []
    for given in (
        {"mongodb.hosts": "set/mongo:27017"},
        {"mongodb.connection.string": "mongodb://a:b@mongo:27017/?x=y"},
    ):
        config = {
            "connector.class": "io.debezium.connector.mongodb.MongoDbConnector",
            "topic.prefix": "shop",
            "database.include.list": "Orders",
            "collection.include.list": "Orders.items",
            **given,
        }
        facts = extract("connect/orders.json", json.dumps({"name": "orders", "config": config}).encode())
        assert facts.declarations is not None
        names += [(each.name, each.methods[0].name) for each in facts.declarations.contracts]

    assert names == [("kafka:mongo/Orders", "send shop.Orders.items")] * 2
