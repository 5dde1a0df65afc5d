"""Rules of Traefik: ``Host(`a`) && PathPrefix(`/b`)``."""

from __future__ import annotations

import re

from commlint.model.declarations import RouteMatch

_CALL = re.compile(
    r"(!?)\b(Host|HostSNI|HostRegexp|PathPrefix|Path|PathRegexp|Method|Headers?|HeadersRegexp?|Query|ClientIP)\(([^()]*)\)"
)
_TEXT = re.compile(r"[`\"']([^`\"']*)[`\"']")
_HOWS = {"PathPrefix": "prefix", "Path": "exact", "PathRegexp": "pattern"}


def matches_of(rule: str) -> tuple[tuple[str, ...], tuple[RouteMatch, ...]]:
    """Hosts and matches of a rule; what it says beside paths and methods makes it partly known."""
    hosts: list[str] = []
    paths: list[tuple[str, str]] = []
    methods: list[str] = []
    partly = "||" in rule
    for negated, name, given in _CALL.findall(rule[:5000]):
        texts = _TEXT.findall(given) or [part.strip() for part in given.split(",") if part.strip()]
        if negated:
            partly = True
        elif name == "Host":
            hosts.extend(texts)
        elif name in _HOWS:
            paths.extend((text, _HOWS[name]) for text in texts)
        elif name == "Method":
            methods.extend(texts)
        else:
            partly = True
    if not paths and not methods and not partly:
        return tuple(hosts), ()
    found = tuple(RouteMatch(path, how, tuple(methods), partly) for path, how in paths or [("", "")])
    return tuple(hosts), found
