"""The namespaces a C# file uses and the one it declares, told without parsing it."""

from __future__ import annotations

import re

# A pattern that starts with plain letters is searched ten times as fast as one that starts with a boundary.
_USING = re.compile(
    rb"using[ \t]+(?:static[ \t]+|unsafe[ \t]+)*(?:@?\w{1,200}[ \t]*=[ \t]*)?(?:global::)?([A-Za-z_][\w.]{0,300})",
    re.ASCII,
)
_NAMESPACE = re.compile(rb"namespace[ \t]+([A-Za-z_][\w.]{0,300})", re.ASCII)
# `global::A.B.C`, `Stock.V1.Stock.StockClient`: names that are used in full where they stand.
_QUALIFIED = re.compile(rb"\b[A-Z]\w{0,100}(?:\.[A-Z]\w{0,100}){1,8}", re.ASCII)
_MOST = 4000
# Names of namespaces that the SDK brings into every file, so that no `using` speaks of them.
_IMPLICIT = (
    (re.compile(rb"HttpClient\b|HttpClientFactory\b|HttpRequestMessage\b"), b"System.Net.Http"),
    (re.compile(rb"FromJsonAsync|AsJsonAsync"), b"System.Net.Http.Json"),
    (re.compile(rb"WebApplication\b"), b"Microsoft.AspNetCore.Builder"),
    (re.compile(rb"IEndpointRouteBuilder\b|RouteGroupBuilder\b"), b"Microsoft.AspNetCore.Routing"),
)


def imports(source: bytes) -> tuple[str, ...]:
    """
    The namespaces that `using` speaks of, those that names written in full may lie in, and implicit ones; sorted.

    Texts and comments that look like code may add names that nothing uses.
    """
    found = set(_USING.findall(source))
    for count, name in enumerate(_QUALIFIED.finditer(source)):
        if count >= _MOST:
            break
        found.add(name[0].rpartition(b".")[0])
    found.update(name for pattern, name in _IMPLICIT if pattern.search(source))
    return tuple(sorted(name.rstrip(b".").decode("ascii", "replace") for name in found))


def namespace(source: bytes) -> str:
    """The first namespace a file declares, "" when it declares none."""
    found = _NAMESPACE.search(source)
    return found[1].rstrip(b".").decode("ascii", "replace") if found else ""
