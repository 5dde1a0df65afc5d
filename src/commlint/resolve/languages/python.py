"""Python: packages, relative imports, `self`."""

from __future__ import annotations

import sys
from typing import ClassVar

from commlint.model.code import CodeFacts, FunctionFacts, Import
from commlint.model.values import Compute, Literal, Reference, Value
from commlint.resolve.port import LanguageRules, ModuleIndex

# Code that is generated imports its neighbours by their bare names, wherever it is put.
GENERATED = ("_pb2", "_pb2_grpc")


class PythonRules(LanguageRules):
    """Absolute imports are looked up from every folder above the asking file, as source roots are not declared."""

    language: ClassVar[str] = "python"
    suffixes: ClassVar[tuple[str, ...]] = (".py", ".pyi")
    constructor: ClassVar[str] = "__init__"

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        found = self._file(module, level, asking, index)
        if found is None and not level:
            found = self._on_search_path(module, "", asking, index)
        return (found,) if found else ()

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        if entry.name is None or entry.name == "*":
            target = entry.module
            if entry.name is None and entry.local == entry.module.split(".", 1)[0]:
                target = entry.local
            return self._file(target, entry.level, asking, index), target if entry.name is None else entry.module
        package = self._file(entry.module, entry.level, asking, index)
        submodule = self._file(f"{entry.module}.{entry.name}".strip("."), entry.level, asking, index)
        if submodule is not None and (package is None or package.endswith("__init__.py")):
            return submodule, ""
        if package is None and entry.level == 0:
            package = self._on_search_path(entry.module, entry.name, asking, index)
        if package is not None:
            return package, entry.name
        return None, f"{entry.module}.{entry.name}" if entry.level == 0 else f"?{entry.module}.{entry.name}"

    def receiver(self, function: FunctionFacts) -> str | None:
        if not function.owner or not function.parameters:
            return None
        for decorator in function.decorators:
            if isinstance(decorator, Reference) and decorator.name == "staticmethod":
                return None
        first = function.parameters[0]
        return first.name if first.form == "positional" else None

    def starts(self, code: CodeFacts) -> bool:
        return any(_is_main_guard(block.value) for block in code.blocks if block.kind == "branch")

    def _file(self, module: str, level: int, asking: str, index: ModuleIndex) -> str | None:
        """The file a dotted module name means, packages (`__init__.py`, or any folder of ours) before plain files."""
        folders = asking.split("/")[:-1]
        tail = [part for part in module.split(".") if part]
        if level:
            if level - 1 > len(folders):
                return None
            base = folders[: len(folders) - (level - 1)]
            return self._at([*base, *tail], index)
        if not tail or tail[0] in sys.stdlib_module_names or index.is_library(self.language, tail[0]):
            return None
        for up in range(len(folders), -1, -1):
            found = self._at([*folders[:up], *tail], index)
            if found and found != asking:
                return found
        return self._under_source_root(tail, asking, index)

    def _under_source_root(self, tail: list[str], asking: str, index: ModuleIndex) -> str | None:
        """A package below some other folder (`src/`, a shared library) that is itself no package."""
        joined = "/".join(tail)
        endings = (f"{joined}/__init__.py",) if len(tail) < 2 else (f"{joined}.py", f"{joined}/__init__.py")
        for ending in endings:
            found = index.nearest(ending, asking)
            if found is not None:
                root = found.removesuffix(ending)
                return None if root and f"{root}__init__.py" in index.paths else found
        return None

    def _on_search_path(self, module: str, name: str, asking: str, index: ModuleIndex) -> str | None:
        """
        A lone file in a folder that the image or the start script puts on the search path (`PYTHONPATH`, `sys.path`).

        No other file of the tree may be called so, and it has to define the imported `name`: a library may be called
        like a file that has nothing to do with it, as may one in a package of a package, which is on no search path.
        """
        if not module or "." in module or module in sys.stdlib_module_names or index.is_library(self.language, module):
            return None
        found = index.only(f"{module}.py")
        if found is not None and not module.endswith(GENERATED) and self._within_packages(found, index):
            return None
        return found if found is not None and found != asking and index.defines(found, name) else None

    def _within_packages(self, path: str, index: ModuleIndex) -> bool:
        """Whether a file stands in a package that is part of another."""
        folders = path.split("/")[:-1]
        return len(folders) > 1 and all(
            "/".join((*folders[:end], "__init__.py")) in index.paths for end in (len(folders), len(folders) - 1)
        )

    def _at(self, parts: list[str], index: ModuleIndex) -> str | None:
        joined = "/".join(parts)
        for candidate in (f"{joined}/__init__.py" if joined else "__init__.py", f"{joined}.py"):
            if candidate in index.paths:
                return candidate
        return None


def _is_main_guard(value: Value | None) -> bool:
    """`__name__ == "__main__"`."""
    return (
        isinstance(value, Compute) and Reference("__name__") in value.operands and Literal("__main__") in value.operands
    )
