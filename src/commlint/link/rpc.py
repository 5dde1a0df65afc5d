"""gRPC calls against the servicers that answer them, through the contracts both are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from commlint.link.declared import Declared
from commlint.link.infrastructure import PROCEDURES
from commlint.model.system import Endpoint


class Contracts:
    """The fully qualified names of gRPC services, and the names of their methods."""

    def __init__(self, declared: Declared) -> None:
        self._by_simple: dict[str, set[str]] = defaultdict(set)
        self._methods: dict[str, dict[str, str]] = defaultdict(dict)
        self._streams: set[str] = set()
        for placed in declared.contracts:
            contract = placed.item
            if "/" not in contract.name and contract.kind in ("grpc", "proto", "protobuf"):
                self._by_simple[contract.name.rsplit(".", 1)[-1]].add(contract.name)
                self._methods[contract.name].update({_folded(each.name): each.name for each in contract.methods})
                streaming = (each for each in contract.methods if each.client_streaming or each.server_streaming)
                self._streams.update(f"{contract.name}/{each.name}" for each in streaming)

    def qualified(self, rpc: str) -> str:
        """
        `rpc` with the package of its contract, where exactly one contract has that service.

        Generated code names methods as its language does (`getQuote`, `get_quote`): the contract's name counts.
        """
        service, _, method = rpc.strip("/").partition("/")
        simple = service.rsplit(".", 1)[-1]
        # Some generators take the ending off, since they put it to every name.
        known = self._by_simple.get(simple, set()) or self._by_simple.get(f"{simple}Service", set())
        if "." not in service and len(known) == 1:
            service = next(iter(known))
        method = self._methods.get(service, {}).get(_folded(method), method)
        return f"{service}/{method}" if method else service

    def streams(self, rpc: str) -> bool:
        """Whether the method sends or takes a stream, which lasts for as long as there is something to hear."""
        return rpc in self._streams

    def refuses(self, rpc: str) -> bool:
        """Whether the contract of a service is known and has no such method: a helper beside the ones it answers."""
        service, _, method = rpc.partition("/")
        known = self._methods.get(service, {})
        return bool(known) and method != "" and _folded(method) not in known


def _folded(method: str) -> str:
    return method.replace("_", "").lower()


class Servicers:
    """The endpoints of all services that answer by procedures."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._all = [endpoint for endpoint in endpoints if endpoint.protocol in PROCEDURES]

    def answering(self, rpc: str, service: str = "") -> tuple[Endpoint, ...]:
        """The endpoints that answer `rpc`, of `service` only when one is named; exact names go before simple ones."""
        candidates = [endpoint for endpoint in self._all if service in ("", endpoint.service)]
        exact = [endpoint for endpoint in candidates if _same(endpoint.path, rpc)]
        if exact:
            return tuple(exact)
        return tuple(endpoint for endpoint in candidates if _alike(endpoint.path, rpc))


def _same(path: str, rpc: str) -> bool:
    return path == rpc or (("/" not in path or "/" not in rpc) and path.partition("/")[0] == rpc.partition("/")[0])


def _alike(path: str, rpc: str) -> bool:
    """Same service and method where only one of the two names the package."""
    one, _, method = path.partition("/")
    other, _, called = rpc.partition("/")
    if "." in one and "." in other:
        return False
    same_service = one.rsplit(".", 1)[-1] == other.rsplit(".", 1)[-1]
    return same_service and (method == called or not method or not called)
