"""PHP: namespaces, and functions that are there everywhere."""

from __future__ import annotations

from typing import ClassVar

from commlint.model.code import Import
from commlint.resolve.plain import PlainRules
from commlint.resolve.port import ModuleIndex


class PhpRules(PlainRules):
    """What `use` names is found by its namespace; files without one share their names."""

    language: ClassVar[str] = "php"
    suffixes: ClassVar[tuple[str, ...]] = (".php",)
    constructor: ClassVar[str] = "__construct"
    own_object: ClassVar[str] = "this"
    base_object: ClassVar[str] = "super"

    def package(self, path: str, module: str) -> str:
        return module or self.language

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        name = f"{entry.module}.{entry.name}".strip(".")
        file = index.defining(entry.module, entry.name or "", asking)
        return (file, entry.name or "") if file is not None else (None, name)

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        package, _, name = module.rpartition(".")
        named = [path for path in index.declaring(package) if path.endswith(f"/{name}.php")]
        return tuple(named)
