"""Languages of the Java platform: packages, imports of types and of their members, `this`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from commlint.model.code import FunctionFacts, Import
from commlint.resolve.port import LanguageRules, ModuleIndex, closest

SOURCES = (".java", ".kt")


class JvmRules(LanguageRules):
    """A type is found by its package, nearest first, as the services of one tree often share package names."""

    constructor: ClassVar[str] = "<init>"
    own_object: ClassVar[str] = "this"
    base_object: ClassVar[str] = "super"
    implicit_receiver: ClassVar[bool] = True
    methods_apart: ClassVar[bool] = True
    overloads: ClassVar[bool] = True
    full_names: ClassVar[bool] = True
    default_imports: ClassVar[tuple[str, ...]] = ("java.lang",)

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        if module.endswith(".*"):
            package = module.removesuffix(".*")
            return _beside(index.declaring(package), package, asking) or self.module_files(package, 0, asking, index)
        file, _ = self._type(module, asking, index)
        return (file,) if file is not None else ()

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        if entry.name is None or entry.name == "*":
            return None, entry.module
        name = f"{entry.module}.{entry.name}" if entry.module else entry.name
        file, member = self._type(name, asking, index)
        return (file, member) if file is not None else (None, name)

    def receiver(self, function: FunctionFacts) -> str | None:
        return None

    def accessed(self, method: str) -> tuple[str, ...]:
        for prefix in ("get", "is"):
            rest = method.removeprefix(prefix)
            if rest != method and rest[:1].isupper():
                return (rest[:1].lower() + rest[1:], method)
        return (method,)

    def package(self, path: str, module: str) -> str:
        return module

    def home(self, path: str, module: str) -> str:
        return _root(path, module)

    def _type(self, name: str, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        """The file of the tree that defines the type a full name begins with, and the name inside that file."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            package = ".".join(parts[:length])
            files = index.declaring(package)
            if files:
                endings = tuple(f"/{parts[length]}{suffix}" for suffix in SOURCES)
                named = [file for file in files if file.endswith(endings)]
                file = index.defining(package, parts[length], asking) or closest(named, asking)
                if file is not None:
                    return file, ".".join(parts[length:])
        return None, name


def _root(path: str, package: str) -> str:
    """The folder under which the folders of the packages lie."""
    folder = path.rpartition("/")[0]
    inner = package.replace(".", "/")
    return folder.removesuffix(inner).rstrip("/") if inner and folder.endswith(inner) else folder


def _beside(files: Iterable[str], package: str, asking: str) -> tuple[str, ...]:
    """Those of the files of a package that lie under one root: that of the nearest."""
    found = tuple(files)
    nearest = closest(found, asking)
    root = _root(nearest, package) if nearest is not None else ""
    return tuple(file for file in found if _root(file, package) == root)
