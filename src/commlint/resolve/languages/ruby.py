"""Ruby: constants are known everywhere, whatever file defines them."""

from __future__ import annotations

from typing import ClassVar

from commlint.resolve.plain import PlainRules


class RubyRules(PlainRules):
    """All files share their names; of several that define one the nearest is meant."""

    language: ClassVar[str] = "ruby"
    suffixes: ClassVar[tuple[str, ...]] = (".rb",)
    constructor: ClassVar[str] = "initialize"
    own_object: ClassVar[str] = "self"
    base_object: ClassVar[str] = "super"
    implicit_receiver: ClassVar[bool] = True
