"""What is no service of one's own: databases, caches, brokers, load generators, told by scheme, protocol or name."""

from __future__ import annotations

from commlint.link.names import image_name, words

# URL schemes and operation protocols → kind of the peer behind them.
SCHEMES = {
    "postgresql": "database", "postgres": "database", "mysql": "database", "mariadb": "database",
    "mssql": "database", "sqlserver": "database", "oracle": "database", "mongodb": "database",
    "cassandra": "database", "cockroachdb": "database", "clickhouse": "database", "neo4j": "database",
    "bolt": "database", "elasticsearch": "database", "opensearch": "database", "sql": "database",
    "couchdb": "database", "influxdb": "database", "dynamodb": "database", "firestore": "database",
    "redis": "cache", "rediss": "cache", "valkey": "cache", "memcached": "cache", "memcache": "cache",
    "amqp": "broker", "amqps": "broker", "pyamqp": "broker", "kafka": "broker", "nats": "broker",
    "mqtt": "broker", "pulsar": "broker", "stomp": "broker",
}  # fmt: skip

REQUESTS = frozenset(("http", "https", "graphql", "websocket", "soap", "jsonrpc"))
# Calls of procedures that a contract or an interface names.
PROCEDURES = frozenset(("grpc", "rpc"))
CALLS = REQUESTS | PROCEDURES
LOAD = ("locust", "loadgenerator", "loadgen", "loadtest", "k6", "jmeter", "gatling")


def scheme_kind(scheme: str) -> str:
    """The kind of peer behind a URL scheme or protocol, "" for a plain service: `postgresql+asyncpg` is a database."""
    return SCHEMES.get(scheme.lower().partition("+")[0], "")


def loads(name: str, image: str) -> bool:
    """Whether a workload only makes load for others, by its name or image."""
    for text in (name, image_name(image)):
        parts = words(text)
        if any(part in LOAD for part in parts) or "".join(parts) in LOAD or parts[:2] in (("load", "gen"),):
            return True
        if parts[:1] == ("load",) and parts[1:2] in (("generator",), ("test",), ("tester",)):
            return True
    return False


def named_kind(name: str) -> str:
    """The kind a workload without code tells by its name: `accounts-db` is a database; "" when it tells none."""
    parts = words(name)
    if parts and parts[-1] in ("db", "database"):
        return "database"
    for part in parts:
        if part in SCHEMES and part != "sql":
            return SCHEMES[part]
        if part in ("rabbitmq", "activemq", "broker"):
            return "broker"
        if part in ("mongo", "timescaledb"):
            return "database"
    return ""
