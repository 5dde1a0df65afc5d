"""What a stock container image is: the one table that tells infrastructure from services."""

from __future__ import annotations

import re
from functools import lru_cache

NAME_LIMIT = 500

# Phrases are whole words of the image's last path segment; one with a slash also takes the segment before.
# The first phrase in the name counts, the longer one where two begin: `kafka-exporter` is not `kafka`.
KINDS: dict[str, tuple[str, ...]] = {
    "database": (
        "postgres", "postgresql", "postgis", "timescaledb", "timescaledb-ha", "pgvector", "pgpool", "pgbouncer",
        "mysql", "mariadb", "percona", "galera", "mssql", "mssql/server", "sqlserver", "azure-sql-edge",
        "oracle-xe", "oracle-free", "database/express", "mongo", "mongodb", "mongos", "ferretdb", "cassandra",
        "scylla", "scylladb", "cockroach", "cockroachdb", "yugabyte", "yugabytedb", "tidb", "clickhouse", "neo4j",
        "memgraph", "arangodb", "orientdb", "couchdb", "couchbase", "rethinkdb", "influxdb", "questdb",
        "elasticsearch", "opensearch", "solr", "meilisearch", "typesense", "qdrant", "weaviate", "milvus",
        "chromadb", "chromadb/chroma", "surrealdb", "dynamodb", "eventstore", "kurrentdb",
    ),
    "cache": (
        "redis", "redis-stack", "redis-cluster", "memcached", "memcache", "valkey", "keydb", "dragonflydb/dragonfly",
        "hazelcast", "infinispan", "twemproxy", "varnish",
    ),
    "broker": (
        "rabbitmq", "lavinmq", "kafka", "kafka-connect", "redpanda", "nats", "nats-streaming", "activemq", "pulsar",
        "localstack", "elasticmq", "mosquitto", "emqx", "vernemq", "hivemq", "nsqd", "nsqio/nsq", "rocketmq",
        "ibm-messaging/mq", "solace-pubsub-standard", "motoserver/moto", "servicebus-emulator", "eventhubs-emulator",
        "debezium", "debezium/connect", "debezium/server", "ksqldb-server", "axonserver", "axon-server",
    ),
    "coordination": (
        "zookeeper", "etcd", "temporalio/server", "temporalio/auto-setup", "daprd", "daprio/dapr", "dapr/placement",
    ),
    "infrastructure": ("mailpit", "mailhog", "mailcatcher", "maildev", "greenmail", "smtp4dev", "postfix", "inbucket"),
    "registry": ("eureka", "consul", "nacos", "schema-registry", "apicurio-registry"),
    "observability": (
        "prometheus", "prom/alertmanager", "prom/pushgateway", "grafana", "grafana/loki", "grafana/promtail",
        "grafana/tempo", "grafana/mimir", "grafana/alloy", "grafana/pyroscope", "grafana/agent", "loki", "promtail",
        "jaeger", "jaegertracing", "jaegertracing/all-in-one", "opentelemetry-collector", "otel-collector",
        "collector-contrib", "ebpf-profiler", "otelcol", "otel-lgtm", "zipkin", "victoria-metrics", "kibana",
        "opensearch-dashboards", "logstash", "filebeat", "metricbeat", "apm-server", "fluentd", "fluent-bit",
        "fluentbit", "timberio/vector", "telegraf", "chronograf", "kapacitor", "statsd", "graphite-statsd",
        "cadvisor", "node-exporter", "redis-exporter", "postgres-exporter", "mysqld-exporter", "mongodb-exporter",
        "kafka-exporter", "nats-exporter", "rabbitmq-exporter", "nginx-exporter", "nginx-prometheus-exporter",
        "elasticsearch-exporter", "heapster", "blackbox-exporter", "kube-state-metrics", "signoz", "skywalking",
        "datalust/seq", "datadog/agent", "uptime-kuma", "kafka-ui", "kafdrop", "akhq", "kowl", "redpanda-console",
        "redpandadata/console", "cp-enterprise-control-center", "kafka-manager", "mongo-express", "pgadmin",
        "adminer", "phpmyadmin", "redis-commander", "redisinsight", "cloudbeaver", "dbgate", "portainer", "kiali",
        "swagger-ui", "asynqmon", "temporalio/ui", "temporalio/web", "kubernetes-dashboard", "metrics-scraper",
    ),
    "gateway": (
        "nginx", "nginx-unprivileged", "traefik", "envoy", "kong", "haproxy", "openresty", "caddy", "apisix",
        "krakend", "krakend-ce", "oathkeeper",
    ),
    "config": ("hashicorp/vault", "spring-cloud-config-server"),
    "storage": ("minio", "minio/mc", "azurite", "fake-gcs-server", "s3mock", "seaweedfs"),
    "loadgen": ("locust", "k6", "jmeter", "gatling", "artillery", "vegeta", "fortio"),
}  # fmt: skip

# A word of trade in the name says the image is a program of the system that uses the product.
OWN_WORDS = frozenset({
    "api", "app", "application", "backend", "bff", "client", "consumer", "cron", "demo", "example", "frontend",
    "handler", "importer", "job", "listener", "loader", "migration", "migrations", "migrator", "processor", "producer",
    "publisher", "sample", "service", "sink", "source", "subscriber", "svc", "sync", "with", "worker", "writer",
})  # fmt: skip

SIDECARS = (
    "istio-proxy", "istio-init", "proxyv2", "envoy", "envoy-sidecar", "linkerd-proxy", "linkerd-init", "consul-connect",
    "cloud-sql-proxy", "cloudsql-proxy", "gce-proxy", "alloydb-auth-proxy", "pgbouncer", "daprd", "dapr-sidecar",
    "opentelemetry-collector", "opentelemetry-collector-contrib", "otel-collector", "otelcol", "otc-container",
    "jaeger-agent", "datadog-agent", "dd-agent", "fluentd", "fluent-bit", "fluentbit", "filebeat", "promtail",
    "vector", "telegraf", "vault-agent", "oauth2-proxy", "oauth-proxy", "kube-rbac-proxy", "prometheus-to-sd",
    "config-reloader", "configmap-reload", "git-sync", "redis-exporter", "postgres-exporter", "mysqld-exporter",
    "mongodb-exporter", "nginx-prometheus-exporter", "nginx-exporter", "jmx-exporter", "statsd-exporter",
    "xray-daemon", "cloudwatch-agent", "aws-otel-collector", "queue-proxy",
)  # fmt: skip

# Stock images that are made to run programs of a language; a web server hands out the code of pages.
RUNTIMES: dict[str, tuple[str, ...]] = {
    "python": ("python",), "uvicorn-gunicorn-fastapi": ("python",), "uvicorn-gunicorn": ("python",),
    "miniconda3": ("python",), "node": ("javascript", "typescript"), "bun": ("javascript", "typescript"),
    "deno": ("javascript", "typescript"), "nginx": ("javascript", "typescript"), "httpd": ("javascript", "typescript"),
    "golang": ("go",), "openjdk": ("java", "kotlin"), "eclipse-temurin": ("java", "kotlin"),
    "amazoncorretto": ("java", "kotlin"), "maven": ("java", "kotlin"), "gradle": ("java", "kotlin"),
    "dotnet/aspnet": ("csharp",), "dotnet/runtime": ("csharp",), "dotnet/sdk": ("csharp",), "ruby": ("ruby",),
    "php": ("php",), "rust": ("rust",),
}  # fmt: skip

_BY_PHRASE = {phrase: kind for kind, phrases in KINDS.items() for phrase in phrases}
_NO_WORD = re.compile(r"[^a-z0-9/]+")


@lru_cache(maxsize=4096)
def kind_of_image(image: str) -> str:
    """
    The kind of infrastructure a stock image is, "" when it may be a service of the system.

    Judged by whole words of the last path segment, without registry, tag and digest.
    """
    words = _words(image)
    last = words.rsplit("/", 1)[-1]
    parts = last.split("-")
    places = ((_place(words, phrase) if "/" in phrase else _place(last, phrase), phrase) for phrase in _BY_PHRASE)
    found = min(((place, -len(phrase), phrase) for place, phrase in places if place >= 0), default=None)
    if found is None:
        return "database" if len(parts) > 1 and parts[-1] in ("db", "database") else ""
    place, _, phrase = found
    kind = _BY_PHRASE[phrase]
    if phrase not in (words, last) and (OWN_WORDS.intersection(parts) or (kind == "gateway" and place > 0)):
        return ""
    return kind


def kind_of(name: str, image: str) -> str:
    """
    The kind of infrastructure that what is called `name` is by its image, "" when it may be a service of the system.

    An image that begins with the name and goes on with a product is the program as it is made for that:
    `orders-postgres` of `orders`.
    """
    own = _words(name)
    return "" if product_of(image).startswith(f"{own}-") and not kind_of_image(own) else kind_of_image(image)


def languages_of_image(image: str) -> tuple[str, ...]:
    """The languages a stock image is made to run, none for all others."""
    return RUNTIMES.get(_words(image), RUNTIMES.get(product_of(image), ()))


def is_sidecar(container: str, image: str) -> bool:
    """Whether a container of a pod only serves the one that does the work: proxy, agent, exporter."""
    name = _words(container)
    last = product_of(image)
    return any(_place(name, phrase) >= 0 or _place(last, phrase) >= 0 for phrase in SIDECARS)


def product_of(image: str) -> str:
    """What an image is called, without registry, folders and tag."""
    return _words(image).rsplit("/", 1)[-1]


def _words(image: str) -> str:
    """The last two path segments in lower case, without tag and digest, words joined by `-`."""
    segments = image[:NAME_LIMIT].split("@", 1)[0].split("/")
    segments[-1] = segments[-1].split(":", 1)[0] if "${" not in segments[-1] else _before_tag(segments[-1])
    text = _NO_WORD.sub("-", "/".join(segments[-2:]).lower())
    return "/".join("-".join(word for word in segment.split("-") if word) for segment in text.split("/"))


def _before_tag(segment: str) -> str:
    """A segment with `${…}` in it, whose colons are no tag."""
    depth = 0
    for index, letter in enumerate(segment):
        depth += (letter == "{") - (letter == "}")
        if letter == ":" and depth == 0:
            return segment[:index]
    return segment


def _place(words: str, phrase: str) -> int:
    """Where `phrase` stands as whole words, a number behind it left aside; -1 when it does not."""
    start = words.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        before = words[start - 1] if start else "-"
        after = words[end:].lstrip("0123456789")[:1]
        if before in "-/" and after in ("", "-"):
            return start
        start = words.find(phrase, start + 1)
    return -1
