"""Project files of .NET: `*.csproj`, and what they import: `*.props`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import BuildPart, Declarations, FolderImport
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

SIZE_LIMIT = 2_000_000

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SDK = re.compile(r"""<Project\b[^>]*\bSdk\s*=\s*["']([^"'/]+)""")
_PROGRAM = re.compile(r"<OutputType>\s*(?:Win)?Exe\s*</OutputType>", re.IGNORECASE)
_ASIDE = re.compile(
    r"<IsTestProject>\s*true|Microsoft\.NET\.Test\.Sdk|<IsAspireHost>\s*true|Aspire\.AppHost\.Sdk|<UseMaui>\s*true",
    re.IGNORECASE,
)
_NAME = re.compile(r"<AssemblyName>\s*([\w.-]+)\s*</AssemblyName>")
_REFERENCE = re.compile(r"""<ProjectReference\b[^>]*\bInclude\s*=\s*["']([^"']+)""")
_PACKAGE = re.compile(r"""<PackageReference\b[^>]*\bInclude\s*=\s*["']([^"'$]+)""")
# Sources and projects that no plain reference names.
_MORE = re.compile(r"""<Compile\b[^>]*\bInclude\s*=\s*["'][^"']*\.\.|\.projitems\b|<ProjectReference\b[^>]*[*]""")
_USING = re.compile(r"<Using\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""\b(Include|Alias|Static)\s*=\s*["']([^"']*)["']""")
_PROGRAM_SDKS = frozenset({"Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.BlazorWebAssembly"})


class DotnetBuildReader(FormatReader):
    """
    Reads project files of programs as evidence of a service in their folder, with the projects it is built with.

    What they bring into all sources (`<Using Include="Acme.Stock" />`) holds for their folder, as far as is known of
    files that others import.
    """

    name: ClassVar[str] = "dotnet-build"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("*.csproj", "*.props")
    names_modules: ClassVar[bool] = True

    def claims(self, path: str, source: bytes) -> bool:
        return path.lower().endswith((".csproj", ".props"))

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no project file; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
        imports = tuple(_imports(folder_of(path), text))
        if not path.lower().endswith(".csproj"):
            return Declarations(self.name, imports=imports), notices
        part = _part(path, text)
        sdk = _SDK.search(text)
        runs = (sdk is not None and sdk[1] in _PROGRAM_SDKS) or _PROGRAM.search(text) is not None
        if not runs or _ASIDE.search(text):
            return Declarations(self.name, imports=imports, parts=(part,)), notices
        service = ServiceDeclaration(
            name=part.name,
            origin="dotnet-application",
            extent=Extent(1, 1, 1, 1),
            source_root=folder_of(path),
            copies=part.takes,
        )
        return Declarations(self.name, (service,), imports=imports, parts=(part,)), notices


def _part(path: str, text: str) -> BuildPart:
    named = _NAME.search(text)
    return BuildPart(
        named[1] if named else posixpath.basename(path)[: -len(".csproj")],
        folder_of(path),
        _projects(folder_of(path), text),
        tuple(dict.fromkeys(map(str.strip, _PACKAGE.findall(text)))),
        whole=_MORE.search(text) is not None,
    )


def _projects(folder: str, text: str) -> tuple[str, ...]:
    """The folders of the projects that one refers to, from the root of the tree; none outside of it."""
    found: list[str] = []
    for written in _REFERENCE.findall(text):
        path = posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))
        if not path.startswith("..") and "$(" not in path:
            found.append(posixpath.dirname(path))
    return tuple(dict.fromkeys(each for each in found if each))


def _imports(folder: str, text: str) -> Iterator[FolderImport]:
    for found in _USING.finditer(text):
        told = dict(_ATTRIBUTE.findall(found[1]))
        line = text.count("\n", 0, found.start()) + 1
        for module in filter(None, map(str.strip, told.get("Include", "").split(";"))):
            static = told.get("Static", "").lower() == "true"
            yield FolderImport("csharp", folder, module, line, told.get("Alias") or "*", static)
