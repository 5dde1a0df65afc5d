"""Go: packages that are folders, modules named by go.mod files, receivers, embedding."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.model.code import CodeFacts, FunctionFacts, Import
from commlint.resolve.port import LanguageRules, ModuleIndex, closest

_MANIFEST = "go.mod"
_VERSION = re.compile(r"/v\d+(?=/|\Z)|\.v\d+\Z")
_GENERATED = re.compile(
    r"(?:^|/)(?:\w*pb|protos?|protobufs?|genproto|protogen|gen|pb[-_]?go|kitex_gen|\w+proto|\w+connect"
    r"|[\w-]+-protos?(?:-go)?|protos?-\w+)(?:/|\Z)"
)
_NOT_GENERATED = ("google.golang.org/protobuf", "google.golang.org/grpc", "github.com/golang/protobuf")
_HOSTED = 3


class GoRules(LanguageRules):
    """
    An import names a folder: that of the module whose path it begins with, and the rest of it.

    What a package of the tree does not define itself stands in a part of it that a program wrote, which is not read:
    it is called `path/of/package.pb.Name`, as are the names of packages that by their path hold nothing else.
    """

    language: ClassVar[str] = "go"
    suffixes: ClassVar[tuple[str, ...]] = (".go", ".mod")
    constructor: ClassVar[str] = ""
    scattered: ClassVar[bool] = True
    structural: ClassVar[bool] = True
    embeds: ClassVar[bool] = True
    several_results: ClassVar[bool] = True
    entries_are_members: ClassVar[bool] = True

    def package(self, path: str, module: str) -> str:
        """A folder, which ends in a slash so that it is no module; a go.mod file stands for its module."""
        return module if path.endswith(_MANIFEST) else f"{_folder(path)}/"

    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        manifest, folder = self._place(module, asking, index)
        found = index.declaring(f"{folder}/") if folder is not None else ()
        return (*found, manifest) if manifest is not None else found

    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        _, folder = self._place(entry.module, asking, index)
        files = index.declaring(f"{folder}/") if folder is not None else ()
        if files:
            return files[0], entry.module
        path = _VERSION.sub("", entry.module)
        outside = folder is None and not _GENERATED.search(path)
        return None, path if outside or entry.module.startswith(_NOT_GENERATED) else f"{path}.pb"

    def receiver(self, function: FunctionFacts) -> str | None:
        if not function.owner or function.is_abstract or not function.parameters:
            return None
        return function.parameters[0].name

    def starts(self, code: CodeFacts) -> bool:
        return code.module == "main" and any(facts.name == "main" for facts in code.functions)

    def is_public(self, name: str) -> bool:
        return name[:1].isupper()

    def undefined(self, path: str, name: str, index: ModuleIndex) -> str:
        return f"{_folder(path).lstrip('./')}.pb.{name}" if self.is_public(name) else ""

    def _place(self, module: str, asking: str, index: ModuleIndex) -> tuple[str | None, str | None]:
        """The go.mod file a package belongs to and the folder it is; None for what is no package of the tree."""
        head, rest = module, ""
        while head:
            manifests = [path for path in index.declaring(head) if path.endswith(_MANIFEST)]
            if manifests:
                manifest = closest(manifests, asking) or manifests[0]
                return manifest, _joined(_folder(manifest), rest)
            head, _, last = head.rpartition("/")
            rest = f"{last}/{rest}" if rest else last
        return None, self._without_manifest(module, asking, index) or _beside(module, asking, index)

    def _without_manifest(self, module: str, asking: str, index: ModuleIndex) -> str | None:
        """The folder of a package in a tree from before there were go.mod files: what follows host, owner and name."""
        parts = module.split("/")
        if "." not in parts[0] or len(parts) <= _HOSTED or _manifest_above(asking, index) is not None:
            return None
        rest = "/".join(parts[_HOSTED:])
        folder = _folder(asking)
        while True:
            candidate = _joined(folder, rest)
            if index.declaring(f"{candidate}/"):
                return candidate
            if folder == ".":
                return None
            folder = _folder(folder)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _joined(folder: str, rest: str) -> str:
    if not rest:
        return folder
    return rest if folder == "." else f"{folder}/{rest}"


def _manifest_above(path: str, index: ModuleIndex) -> str | None:
    """The go.mod file of the module that a file belongs to."""
    folder = path
    while folder != ".":
        folder = _folder(folder)
        if _joined(folder, _MANIFEST) in index.paths:
            return _joined(folder, _MANIFEST)
    return None


def _beside(module: str, asking: str, index: ModuleIndex) -> str | None:
    """
    The folder of a package whose own go.mod is not in the tree, by that of the asking file.

    Where `example.com/shop/orders` lies in `orders`, `example.com/shop/pkg/broker` lies in `pkg/broker`.
    """
    manifest = _manifest_above(asking, index)
    parts = _folder(manifest).split("/") if manifest else []
    words = module.split("/")
    for end in range(len(words) - 1, 0, -1):
        for start in range(len(parts)):
            if manifest in index.declaring("/".join((*words[:end], *parts[start:]))):
                folder = "/".join((*parts[:start], *words[end:]))
                return folder if index.declaring(f"{folder}/") else None
    return None
