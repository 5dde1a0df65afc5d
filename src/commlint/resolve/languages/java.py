"""Java: packages, imports of types and of their members, `this`."""

from __future__ import annotations

from typing import ClassVar

from commlint.resolve.jvm import JvmRules


class JavaRules(JvmRules):
    """What is said of the platform, with the names of `java.lang` everywhere."""

    language: ClassVar[str] = "java"
    suffixes: ClassVar[tuple[str, ...]] = (".java",)
