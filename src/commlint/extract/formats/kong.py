"""Declarative configuration of Kong: services with their routes."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, as_map, as_text
from commlint.extract.port import FormatReader
from commlint.extract.traffic import Traffic, plain_prefix
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Literal


class KongReader(FormatReader):
    """Reads `kong.yml`; a route takes its path off unless it says otherwise."""

    name: ClassVar[str] = "kong"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml")

    def claims(self, path: str, source: bytes) -> bool:
        return is_yaml(path) and has_top_key(source, "_format_version")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        found = Traffic()
        for document in documents:
            for service in as_map(document).maps("services"):
                for route in service.maps("routes"):
                    found += _route(service, route)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), notices


def _route(service: MapNode, route: MapNode) -> Traffic:
    url = service.text("url")
    address = url or ":".join(filter(None, (service.text("host"), service.text("port"))))
    below = "" if url else service.text("path")
    timeout = duration(service.text("read_timeout"), 0.001)
    paths = [as_text(each) for each in route.items("paths")] or ["/"]
    hosts = tuple(as_text(each) for each in route.items("hosts")) or ("*",)
    methods = tuple(as_text(each).upper() for each in route.items("methods"))
    rule = TrafficPolicy(
        kind="kong",
        name=route.text("name") or service.text("name"),
        hosts=hosts,
        extent=route.extent,
        matches=tuple(_match(path, methods) for path in paths),
        destinations=(address.rpartition("://")[2].partition("/")[0].partition(":")[0],),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        retries=count(service.text("retries")),
    )
    strips = route.text("strip_path").lower() != "false"
    routes = tuple(
        GatewayRoute(
            "", "" if host == "*" else host, plain_prefix(path.lstrip("~")), "", "", below or "/" if strips else None,
            route.extent, Literal(address),
        )
        for host in hosts
        for path in paths
        if address
    )  # fmt: skip
    return Traffic(routes, (rule,))


def _match(path: str, methods: tuple[str, ...]) -> RouteMatch:
    return RouteMatch(path.lstrip("~"), "pattern" if path.startswith("~") else "prefix", methods)
