"""Rust: a path ends in the name that some file of the crate defines."""

from __future__ import annotations

from typing import ClassVar

from commlint.resolve.plain import PlainRules


class RustRules(PlainRules):
    """All files share their names; of several that define one the nearest is meant."""

    language: ClassVar[str] = "rust"
    suffixes: ClassVar[tuple[str, ...]] = (".rs",)
    constructor: ClassVar[str] = "new"
    own_object: ClassVar[str] = "self"
    base_object: ClassVar[str] = ""
    implicit_receiver: ClassVar[bool] = False
