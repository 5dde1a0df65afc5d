"""Dynamic configuration of Traefik: routers, the services they lead to, and middlewares."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract.nodes import MapNode, as_map
from commlint.extract.port import FormatReader
from commlint.extract.traefik_rules import Router, traffic_of
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice


class TraefikReader(FormatReader):
    """Reads files with `http.routers`."""

    name: ClassVar[str] = "traefik"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml")

    def claims(self, path: str, source: bytes) -> bool:
        return is_yaml(path) and b"routers" in source and b"rule" in source and has_top_key(source, "http")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        found = Traffic()
        for document in documents:
            http = as_map(document).at("http")
            for name, node in http.at("routers").entries:
                router = as_map(node)
                servers = http.at("services", router.text("service"), "loadBalancer").maps("servers")
                if servers:
                    found += traffic_of(
                        Router(
                            name=name.text,
                            rule=router.text("rule"),
                            address=servers[0].text("url"),
                            extent=node.extent,
                            strips=tuple(_prefixes(http, router)),
                            attempts=_attempts(http, router),
                        )
                    )
        return Declarations(self.name, routes=found.routes, traffic=found.rules), notices


def _middlewares(http: MapNode, router: MapNode) -> list[MapNode]:
    names = [getattr(item, "text", "").partition("@")[0] for item in router.items("middlewares")]
    return [http.at("middlewares", name) for name in names]


def _prefixes(http: MapNode, router: MapNode) -> list[str]:
    return [
        getattr(item, "text", "")
        for each in _middlewares(http, router)
        for item in each.at("stripPrefix").items("prefixes")
    ]


def _attempts(http: MapNode, router: MapNode) -> str:
    return next(filter(None, (each.at("retry").text("attempts") for each in _middlewares(http, router))), "")
