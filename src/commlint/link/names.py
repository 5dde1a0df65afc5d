"""Names as people write them in different files: when do two of them mean the same service?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

# What names of services end in without saying anything: `orders-service`, `orders-svc` and `orders` are one.
PREFIXES = ("srv", "svc")
SUFFIXES = (
    "microservices", "microservice", "webservice", "services", "service", "svc", "srv", "server", "deployment", "api",
    "app",
)  # fmt: skip

# What names of settings end in when they hold the address of a service: INVENTORY_SERVICE_BASE_URL.
ADDRESS_WORDS = frozenset(
    ("url", "uri", "addr", "address", "host", "hostname", "port", "endpoint", "base", "root", "target", "http",
     "https", "grpc", "rest", "baseurl", "origin", "location", "external", "internal", "default", "server")
)  # fmt: skip


# What tools that build pages ask the names of settings to begin with, so that these may be put into a page.
PAGES = re.compile(r"^(?:REACT_APP|VITE|NEXT_PUBLIC|VUE_APP|NG_APP|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC|PUBLIC)_")

# As many names that begin alike belong to one system, which says nothing of any of them.
MANY = 3


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """`name` without case and separators: `Order-Service` and `order_service` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `orderService`, `ORDER_SERVICE` and `order-service` give the same."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[a-z0-9]+", spaced.lower()))


@lru_cache(maxsize=8192)
def stem(name: str) -> str:
    """`plain` without the prefix or suffix that only says "this is a service"."""
    parts = words(name)
    text = (
        plain(name.split(parts[0], 1)[1])
        if len(parts) > 1 and parts[0] in PREFIXES and parts[0] in name
        else plain(name)
    )
    for suffix in SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix) + 1:
            return text.removesuffix(suffix)
    return text


def other_numbers(name: str) -> tuple[str, ...]:
    """`users` for `user` and the other way round."""
    if name.endswith("s"):
        return (f"{name[:-3]}y",) if name.endswith("ies") else (name[:-1],)
    return (f"{name[:-1]}ies",) if name.endswith("y") else (f"{name}s",)


def image_name(image: str) -> str:
    """The last segment of an image name, without registry, tag and digest."""
    return image.split("@", 1)[0].rsplit("/", 1)[-1].split(":", 1)[0]


def image_tag(image: str) -> str:
    """What follows the name of an image, "" for none: `orders-1.2` of `registry:5000/shop:orders-1.2`."""
    return image.split("@", 1)[0].rsplit("/", 1)[-1].partition(":")[2]


def subject(variable: str) -> str:
    """What a setting that holds an address is about: `INVENTORY_SERVICE_URL` is about `inventoryservice`."""
    parts = list(words(PAGES.sub("", variable)))
    while parts and parts[-1] in ADDRESS_WORDS:
        parts.pop()
    return "".join(parts)


def subjects(setting: str) -> Iterator[str]:
    """What a setting may be about: as a whole, or by the last part of its key, as `ServiceUrls:StockApi` is."""
    whole = subject(setting)
    parts = [part for part in map(subject, re.split(r"[:.]+", setting)) if part]
    yield from dict.fromkeys(part for part in (whole, parts[-1] if parts else "") if part)


def without_beginning(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For folders whose names begin as those of several others do, what is left: `orders` of `acme-shop-orders`."""
    parts = {path: words(folder(path)) for path in paths}
    shared = Counter(begun[:length] for begun in parts.values() for length in range(1, len(begun)))
    found: dict[str, tuple[str, ...]] = {}
    for path, begun in parts.items():
        lengths = [each for each in range(1, len(begun)) if shared[begun[:each]] >= MANY]
        found[path] = tuple("-".join(begun[length:]) for length in lengths)
    return found


def shortened(names: Iterable[str]) -> dict[str, str]:
    """Dotted names without the beginning that several of them share: `Orders.API` of `Shop.Services.Orders.API`."""
    dotted = [name.split(".") for name in names if "." in name]
    shared = Counter(tuple(parts[:length]) for parts in dotted for length in range(1, len(parts)))
    found = {}
    for parts in dotted:
        length = max((each for each in range(1, len(parts)) if shared[tuple(parts[:each])] >= MANY), default=0)
        if length:
            found[".".join(parts)] = ".".join(parts[length:])
    return found


def folder(path: str) -> str:
    """The last segment of a path."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def parent(path: str) -> str:
    """The folder a path stands in; "" for the root."""
    return path.rsplit("/", 1)[0] if "/" in path else ""


def around(path: str) -> Iterator[str]:
    """`path` and the folders around it, the deepest first; "" is the root of everything."""
    yield path
    while path:
        path = parent(path)
        yield path


def places(paths: Iterable[str]) -> frozenset[str]:
    """All of `paths` and the folders around them: one look tells whether any of them is within a root."""
    found: set[str] = set()
    for path in paths:
        for each in around(path):
            if each in found:
                break
            found.add(each)
    return frozenset(found)


def within(path: str, root: str) -> bool:
    """Whether `path` is `root` or stands below it; "" is the root of everything."""
    return not root or path == root or path.startswith(root + "/")
