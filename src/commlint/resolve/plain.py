"""Rules for languages that are read lightly: every file sees the names of all others."""

from __future__ import annotations

from typing import ClassVar

from commlint.model.code import FunctionFacts, Import
from commlint.resolve.port import LanguageRules, ModuleIndex


class PlainRules(LanguageRules):
    """
    Names are found wherever they are defined, the nearest file first.

    What no file defines is a name of a library, as it is written.
    """

    default_imports: ClassVar[tuple[str, ...]] = ("",)

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        stem = module.removeprefix("./")
        named = (index.nearest(f"{stem}{suffix}", asking) for suffix in self.suffixes)
        return tuple(sorted({path for path in named if path is not None}))

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        if entry.name is None or entry.name == "*":
            return None, entry.module
        file = index.defining(self.language, entry.name, asking)
        name = f"{entry.module}.{entry.name}".strip(".")
        return (file, entry.name) if file is not None and file != asking else (None, name)

    def receiver(self, function: FunctionFacts) -> str | None:
        return None

    def package(self, path: str, module: str) -> str:
        return self.language
