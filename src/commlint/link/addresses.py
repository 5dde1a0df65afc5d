"""The text of an address taken apart: scheme, host, port, path, each possibly with open parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commlint.link.infrastructure import REQUESTS
from commlint.link.values import Open, Text

# Stands for an open part inside plain text, so that the text can be cut like any other.
OPEN = "\0"
# One slash is enough where two are missed by mistake: that is how URLs of these two are read on the web.
SCHEME = re.compile(rf"^(?:jdbc:)?(https?(?=:/)|[A-Za-z{OPEN}][A-Za-z0-9+.{OPEN}-]*(?=://)|(?=://)):/+")
RESOLVER = re.compile(r"^(?:dns|passthrough|ipv4|xds|consul):(?!//)/?")
REGISTRY = re.compile(r"(?:consul|discovery|etcd|nacos|eureka|zookeeper|zk|polaris|kubernetes)\Z")
# What is open behind a port that needs no further digit is the path.
WHOLE_PORT = re.compile(rf"[^/?#{OPEN}]+:\d{{4,5}}(?={OPEN})")
# A sidecar is asked by its API to pass a request on to a service.
INVOKED = re.compile(rf"/v1\.0/invoke/([^/{OPEN}]+)/method(/.*|\Z)", re.DOTALL)
# `:id` as the first part of a path; a port is a number.
PARAMETER = re.compile(r":[A-Za-z_]")
# `_grpc.catalog`, `_grpc._tcp.catalog`: one of the endpoints of a host, by its name.
ENDPOINT = re.compile(r"^(?:_[\w-]+\.)+")
AUTHORITY = re.compile(r"^(\[[^\]]*\]|[^:]*)(?::(.*))?$")


@dataclass(frozen=True, slots=True)
class Location:
    """
    Where an address leads. Open parts of `host` and `path` are single `OPEN` characters; `opens` are those of the host.

    `path` is "" when the address has none. `based`: the host part is one open value that may bring a path prefix
    with it. `text` keeps the variables and declarations the address came through.
    """

    text: Text
    scheme: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    shown: str = ""
    opens: tuple[Open, ...] = ()
    based: bool = False

    @property
    def relative(self) -> bool:
        """A path without a host."""
        return not self.host and not self.opens


def locate(text: Text, protocol: str) -> Location:
    """Take the text of an address apart, as `protocol` writes addresses."""
    opens = text.opens
    coded = "".join(part if isinstance(part, str) else OPEN for part in text.parts).strip().strip("\"'")
    scheme, rest = _scheme(coded)
    absolute = SCHEME.match(coded) is not None
    if not absolute and protocol in REQUESTS and _is_path(rest):
        return Location(text, path=_bare(rest), shown=_shown(_bare(rest), opens))
    opens = opens[coded[: len(coded) - len(rest)].count(OPEN) :]
    authority, separator, path = _cut(rest)
    user, _, hosts = authority.rpartition("@")
    first = hosts.split(",", 1)[0]
    found = AUTHORITY.match(first)
    host, port = (found[1], found[2]) if found else (first, None)
    skipped = user.count(OPEN)
    of_host = opens[skipped : skipped + host.count(OPEN)]
    path = _bare(separator + path)
    invoked = INVOKED.match(path)
    if invoked is not None:
        asked = _shown(invoked[2], opens[authority.count(OPEN) :])
        return Location(text, scheme, invoked[1].lower(), path=invoked[2], shown=asked)
    return Location(
        text,
        scheme,
        ENDPOINT.sub("", (host.strip("[]") if ":" in host else host).rstrip(".").lower()),
        int(port) if port and port.isdigit() else None,
        path,
        _shown(path, opens[authority.count(OPEN) :]),
        tuple(of_host),
        based=not absolute and authority == OPEN,
    )


def _scheme(coded: str) -> tuple[str, str]:
    found = SCHEME.match(coded)
    if found:
        scheme = found[1].lower()
        rest = coded[found.end() :]
        if scheme in ("http", "https"):
            if found[0].endswith("///"):
                # What should name the host is empty: the last slash begins the path.
                return scheme, f"/{rest}"
            if rest.startswith(("http://", "https://")):
                return _scheme(rest)
        if REGISTRY.match(scheme) and "/" in rest:
            # Whom to ask comes first, whom to find after it: `consul://agent:8500/orders`.
            return "", rest.partition("/")[2]
        return ("" if RESOLVER.match(scheme + ":") or OPEN in scheme else scheme), rest
    return "", RESOLVER.sub("", coded)


def _cut(rest: str) -> tuple[str, str, str]:
    whole = WHOLE_PORT.match(rest)
    end = next((at for at, character in enumerate(rest) if character in "/?#"), len(rest))
    if whole is not None:
        return rest[: whole.end()], "", rest[whole.end() :]
    return rest[:end], rest[end : end + 1], rest[end + 1 :]


def _is_path(rest: str) -> bool:
    """Whether a text without a scheme is a path and not `host:port/path`."""
    first = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return not first or PARAMETER.match(first) is not None or not (OPEN in first or ":" in first or "." in first)


def _bare(path: str) -> str:
    """A path without query and fragment; of slashes in a row, as where two parts meet, one is left."""
    return re.sub("/{2,}", "/", re.split(r"[?#]", path, maxsplit=1)[0])


def _shown(path: str, opens: tuple[Open, ...]) -> str:
    """The path as a person would write it."""
    labels = iter(opens)
    return re.sub(OPEN, lambda _: "{" + getattr(next(labels, None), "label", "") + "}", path)
