"""Kotlin: packages as in Java, functions and constants outside of types, Java's libraries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from commlint.resolve.jvm import JvmRules
from commlint.resolve.port import ModuleIndex


class KotlinRules(JvmRules):
    """What an import names may be a type, or a function or constant of the package."""

    language: ClassVar[str] = "kotlin"
    suffixes: ClassVar[tuple[str, ...]] = (".kt",)
    models: ClassVar[str] = "java"
    methods_apart: ClassVar[bool] = False
    runs_on: ClassVar[Mapping[str, int]] = {"apply": -1, "run": -1, "with": 0}
    hands_over: ClassVar[tuple[str, ...]] = ("also", "let", "use")
    gives_block: ClassVar[tuple[str, ...]] = ("let", "run", "use", "with")
    default_imports: ClassVar[tuple[str, ...]] = ("kotlin", "kotlin.collections", "java.lang")

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        found = super().module_files(module, level, asking, index)
        if found or module.endswith(".*"):
            return found
        # A function or constant may stand in any file of its package.
        return index.declaring(module.rpartition(".")[0])
