"""What libraries of the Java world say of a program: what it is, and which infrastructure it talks to."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Artifact names that make a program what it is.
KINDS = {
    r"spring-cloud(?:-starter)?(?:-netflix)?-eureka-server": "registry",
    r"spring-cloud-config-server": "config",
    r"spring-boot-admin(?:-starter)?-server(?:-ui.*)?": "observability",
    r"zipkin-(?:server|autoconfigure-ui)": "observability",
    r"spring-cloud(?:-starter)?-(?:gateway(?:-server.*|-mvc)?|(?:netflix-)?zuul)": "gateway",
}

# Artifact names of pages that ordinary programs show too: they tell a kind only together with the name of the program.
PAGES = (
    r"spring-cloud(?:-starter)?(?:-netflix)?-(?:hystrix-dashboard|turbine(?:-stream|-amqp)?)|zipkin-autoconfigure-.*"
)
WATCHING = re.compile(r"dashboard|monitor|turbine|hystrix|zipkin|admin|tracing", re.IGNORECASE)

# Artifact names that mean a client of such infrastructure: its kind, or the protocol it speaks.
USES = {
    r"spring-cloud(?:-starter)?(?:-netflix)?-eureka(?:-client)?": ("registry",),
    r"spring-cloud-starter-(?:consul-(?:all|discovery)|alibaba-nacos-discovery|zookeeper-discovery)": ("registry",),
    r"spring-cloud(?:-starter)?-config(?:-client)?": ("config",),
    r"spring-cloud-starter-(?:consul-config|alibaba-nacos-config)": ("config",),
    r"spring-boot-starter-amqp|spring-rabbit|amqp-client|spring-cloud-(?:starter-)?(?:stream-(?:binder-)?rabbit|bus-amqp)"
    r"|spring-cloud-netflix-hystrix-(?:stream|amqp)|spring-cloud-starter-turbine-amqp": ("amqp",),
    r"spring-kafka|kafka-(?:clients|streams)|spring-cloud-(?:starter-)?(?:stream-(?:binder-)?kafka|bus-kafka)": (
        "kafka",
    ),
    r"spring-boot-starter-data-mongodb(?:-reactive)?|mongodb-driver.*|mongo-java-driver": ("mongodb",),
    r"spring-boot-starter-data-redis(?:-reactive)?|jedis|lettuce-core|redisson.*": ("redis",),
    r"mysql-connector-.*": ("mysql",),
    r"mariadb-java-client": ("mariadb",),
    r"postgresql": ("postgresql",),
    r"spring-boot-starter-data-elasticsearch|elasticsearch-rest-.*": ("elasticsearch",),
    r"spring-boot-starter-data-cassandra(?:-reactive)?": ("cassandra",),
    r"spring-boot-starter-data-neo4j": ("neo4j",),
}

_KINDS = [(re.compile(pattern), kind) for pattern, kind in KINDS.items()]
_USES = [(re.compile(pattern), uses) for pattern, uses in USES.items()]


def kind_of(artifacts: Iterable[str], program: str) -> str:
    """What a program of this name with these libraries is, "" for a plain one."""
    names = set(artifacts)
    told = next((kind for pattern, kind in _KINDS if any(pattern.fullmatch(name) for name in names)), "")
    shows = WATCHING.search(program) is not None and any(re.fullmatch(PAGES, name) for name in names)
    return told or ("observability" if shows else "")


def uses_of(artifacts: Iterable[str]) -> tuple[str, ...]:
    """The infrastructure that a program with these libraries talks to."""
    names = set(artifacts)
    return tuple(use for pattern, uses in _USES if any(pattern.fullmatch(name) for name in names) for use in uses)
