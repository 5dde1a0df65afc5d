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


def imports(source: bytes) -> tuple[str, ...]:
    """
    The namespaces that `using` speaks of, and those that names written in full may lie in; sorted.

    Texts and comments that look like code may add names that nothing uses.
    """
    found = set(_USING.findall(source))
    for count, name in enumerate(_QUALIFIED.finditer(source)):
        if count >= _MOST:
            break
        found.add(name[0].rpartition(b".")[0])
    return tuple(sorted(name.rstrip(b".").decode("ascii", "replace") for name in found))


def namespace(source: bytes) -> str:
    """The first namespace a file declares, "" when it declares none."""
    found = _NAMESPACE.search(source)
    return found[1].rstrip(b".").decode("ascii", "replace") if found else ""
