"""C++: names are looked up without their namespaces, nearest file first."""

from __future__ import annotations

from typing import ClassVar

from commlint.resolve.plain import PlainRules


class CppRules(PlainRules):
    """All files share their names; of several that define one the nearest is meant."""

    language: ClassVar[str] = "cpp"
    suffixes: ClassVar[tuple[str, ...]] = (".cc", ".cpp", ".cxx", ".hpp", ".hh")
    constructor: ClassVar[str] = "<init>"
    own_object: ClassVar[str] = "this"
    base_object: ClassVar[str] = ""
    implicit_receiver: ClassVar[bool] = True
