"""One service under several names: as the code, the deployment and the one who made the truth call it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

_SUFFIXES = ("microservice", "webservice", "service", "svc", "server", "deployment", "api", "app")


def plain(name: str) -> str:
    """Without case, separators, scheme, port, tag and the folder of an image."""
    name = re.sub(r"^[a-z][a-z0-9+.-]*://", "", name.strip().lower())
    name = re.sub(r"(\.svc)?(\.cluster\.local)?$", "", name)
    name = re.sub(r":[\w.-]*$", "", name).rpartition("/")[2]
    return re.sub(r"[^a-z0-9]", "", name)


def base(name: str) -> str:
    """A plain name without what says no more than that it is a service."""
    found = next((end for end in _SUFFIXES if name.endswith(end) and len(name) > len(end) + 1), "")
    return name.removesuffix(found)


class Names:
    """Finds the service of a truth file that a name means; a name that may mean several means none."""

    def __init__(self, services: Iterable[Mapping[str, Any]]) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._bases: dict[str, set[str]] = defaultdict(set)
        self._own: dict[str, str] = {}
        for service in services:
            self._own[plain(service["name"])] = service["name"]
            for name in (service["name"], *service.get("aliases", ())):
                self._exact[plain(name)].add(service["name"])
                self._bases[base(plain(name))].add(service["name"])

    def meant(self, names: Iterable[str]) -> str | None:
        written = [plain(name) for name in names]
        for name in written:
            if name in self._own:
                return self._own[name]
        for table, keys in ((self._exact, written), (self._bases, [base(name) for name in written])):
            for key in keys:
                if len(table.get(key, ())) == 1:
                    return next(iter(table[key]))
        return None
