"""C#: namespaces, using directives, parts of one type in several files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from commlint.model.code import CodeFacts, FunctionFacts, Import
from commlint.model.values import Reference
from commlint.resolve.port import LanguageRules, ModuleIndex

_GLOBAL = "<global>"


class CSharpRules(LanguageRules):
    """A namespace may lie in any file; every file sees the namespaces around its own and the global one."""

    language: ClassVar[str] = "csharp"
    suffixes: ClassVar[tuple[str, ...]] = (".cs",)
    constructor: ClassVar[str] = "constructor"
    own_object: ClassVar[str] = "this"
    promises: ClassVar[bool] = True
    base_object: ClassVar[str] = "base"
    implicit_receiver: ClassVar[bool] = True
    extending: ClassVar[bool] = True
    overloads: ClassVar[bool] = True
    capital_functions: ClassVar[bool] = True
    whole_namespaces: ClassVar[bool] = True
    type_name: ClassVar[str] = "Name"
    own_types: ClassVar[frozenset[str]] = frozenset(
        (
            "bool",
            "byte",
            "char",
            "decimal",
            "double",
            "float",
            "int",
            "long",
            "object",
            "short",
            "string",
            "uint",
            "ulong",
        )
    )
    # What the SDK's implicit usings bring in.
    default_imports: ClassVar[tuple[str, ...]] = (
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Net.Http.Json",
        "System.Threading",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    )

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        return index.declaring(module) or index.declaring(module.rpartition(".")[0])

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        if entry.name is None or entry.name == "*":
            return None, entry.module
        file = index.defining(entry.module or _GLOBAL, entry.name, asking)
        return (file, entry.name) if file is not None else (None, f"{entry.module}.{entry.name}".strip("."))

    def receiver(self, function: FunctionFacts) -> str | None:
        """The first parameter of an extension method, which a call gives before the dot."""
        first = next(iter(function.parameters), None)
        return first.name if first is not None and Reference("this") in first.decorators else None

    def package(self, path: str, module: str) -> str:
        return module or _GLOBAL

    def brings(self, code: CodeFacts) -> Iterable[str]:
        """Only types; what stands at the top of a file is the body of its program."""
        return {entry.name for entry in code.types if "." not in entry.name}

    def shared_folder(self, path: str) -> str:
        """A project's global usings hold for the whole project, and often stand in `Properties` or a like folder."""
        folder = path[: path.rfind("/") + 1]
        return folder.removesuffix("Properties/")

    def visible(self, package: str) -> tuple[str, ...]:
        if package == _GLOBAL:
            return (package,)
        parts = package.split(".")
        return (*(".".join(parts[:length]) for length in range(len(parts), 0, -1)), _GLOBAL)
