"""Folders that images and build files speak of, and where the code lies that these take in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from commlint.link.commands import built_from, words_of
from commlint.link.declared import Declared, Placed
from commlint.link.groups import Group, clean, is_image
from commlint.link.names import around, folder, parent, plain, within
from commlint.link.programs import SHARED
from commlint.model.deployments import ServiceDeclaration

# Folders named so hold a service without naming it.
NAMELESS = frozenset(("src", "app", "code", "docker", "build", "deploy", "deployment", "main", "python", "source", "."))
# What a build of the JVM makes.
COMPILED = (".jar", ".war", ".ear")
# Where builds put what they make, below the code they make it of.
OUTPUT = frozenset({"target", "build", "libs", "out", "dist"})
# A copied folder whose name is given when the image is built.
ARGUMENT = re.compile(r"(?:\./)?\$\{?\w+\}?(?:/|$)")
_DOCKERFILE = re.compile(r"(?:docker|container)file", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CodeRoot:
    """A folder with the images and build files that speak of it."""

    path: str
    evidence: tuple[Placed[ServiceDeclaration], ...]

    @property
    def has_image(self) -> bool:
        return any(entry.item.origin == "dockerfile" for entry in self.evidence)

    @property
    def dockerfiles(self) -> tuple[str, ...]:
        return tuple(entry.path for entry in self.evidence if entry.item.origin == "dockerfile")

    @property
    def makes_many(self) -> bool:
        """Whether an argument of the build says which of several folders its image is made of."""
        return any(ARGUMENT.match(copied) for entry in self.evidence for copied in entry.item.copies)

    @property
    def is_application(self) -> bool:
        """Whether its own configuration says that it is a program and not a library."""
        return any(entry.item.origin.endswith("-application") for entry in self.evidence)

    @property
    def is_program(self) -> bool:
        """Whether its build file starts one program."""
        return any(entry.item.origin.endswith("-program-build") for entry in self.evidence)

    @property
    def is_told_inside(self) -> bool:
        """Whether a file in the folder itself speaks of it; what stands elsewhere may name a folder that is gone."""
        return any(within(entry.path, self.path) for entry in self.evidence)

    @property
    def says_its_name(self) -> bool:
        """Whether its folder is called like something, and not like any folder with code or images."""
        return folder(self.path).lower() not in NAMELESS

    @property
    def name(self) -> str:
        """Its folder's name where that says something, else what the build file calls it."""
        built = [entry.item.name for entry in self.evidence if entry.item.origin != "dockerfile" and entry.item.name]
        last = folder(self.path)
        if last and self.says_its_name:
            return last
        above = folder(parent(self.path))
        imaged = [entry.item.name for entry in self.evidence if entry.item.name]
        return next(iter((*built, *((above,) if above else ()), *imaged)), "app")

    @property
    def names(self) -> set[str]:
        """All it may be called by, in plain form."""
        return {plain(name) for name in (self.name, folder(self.path), *(e.item.name for e in self.evidence)) if name}


def labelled(dockerfile: str) -> str:
    """What tells a Dockerfile from others beside it: `orders` of `Dockerfile-orders` and `orders.dockerfile`."""
    return plain(_DOCKERFILE.sub("", folder(dockerfile)))


def code_roots(declared: Declared, files: Iterable[str], held: frozenset[str]) -> tuple[CodeRoot, ...]:
    """
    All folders that images and build files speak of, sorted by path.

    `files`: those with code. `held`: the same and all folders that hold some.
    """
    known = frozenset(files)
    images = [entry for entry in declared.services if is_image(entry.item)]
    # A folder with a build file has code of its own, be it in a language that is not read.
    built = frozenset(_folder(entry) for entry in images if entry.item.origin.endswith("-build")) - {""}
    held |= built
    contexts = {
        entry.item.build.dockerfile: clean(entry.item.build.context)
        for entry in declared.services
        if entry.item.build is not None
    }
    by_path: dict[str, list[Placed[ServiceDeclaration]]] = defaultdict(list)
    for entry in images:
        root = _folder(entry)
        inner = _taken(contexts.get(entry.path, root), root, entry.item, known, built)
        by_path[inner or _copied(root, entry.item, known, held, built)].append(entry)
    return tuple(CodeRoot(path, tuple(by_path[path])) for path in sorted(by_path))


def _taken(context: str, root: str, image: ServiceDeclaration, files: frozenset[str], built: Collection[str]) -> str:
    """
    The one folder with a build file that an image takes of a wider context, and not the folder of its Dockerfile.

    Of several such folders, the one that holds what its command starts.
    """
    copies = {clean(f"{context}/{each}") for each in image.copies if ".." not in each}
    if not copies or context in copies or root in copies:
        return ""
    taken = sorted(copies & set(built))
    if len(taken) > 1:
        taken = [each for each in taken if any(f"{each}/{word}" in files for word in words_of(image.command))]
    return taken[0] if len(taken) == 1 else ""


def _folder(image: Placed[ServiceDeclaration]) -> str:
    """The folder that a declaration of an image or a build file speaks of."""
    told = image.item.source_root
    return clean(parent(image.path) if told is None else told)


def _copied(
    root: str, image: ServiceDeclaration, files: frozenset[str], held: Collection[str], built: Collection[str]
) -> str:
    """
    Where the code of an image lies: the folder of its Dockerfile, or what it copies when that has no code.

    Of several folders it copies, the one that its program is built from; of a whole context, the folder around; of
    what is compiled, the folder around with a build file.
    """
    if not image.copies or root in held:
        return root
    if not image.builds and not all(map(clean, image.copies)):
        return next((each for each in around(parent(root)) if not each or each in held), root)
    holding = _holding(parent(root), image.copies, held, root)
    compiled = any(map(_is_compiled, image.copies))
    if compiled:
        # What others take in too is put beside the program, and is not what it was compiled of.
        holding = [each for each in holding if folder(each) not in SHARED]
    if not holding and compiled:
        # What was compiled is put beside the Dockerfile, or taken from where builds put it: the code lies around.
        return next((each for each in around(parent(root)) if each and each in built), root)
    if len(holding) > 1:
        program = built_from((target for target in image.builds if "$" not in target), files)
        holding = [each for each in holding if any(within(path, each) for path in program)]
    if len(holding) != 1:
        return root
    return holding[0] if holding[0] not in files else parent(holding[0])


def _is_compiled(copied: str) -> bool:
    return copied.endswith(COMPILED) or clean(copied).split("/")[0] in OUTPUT


def _holding(context: str, copies: Iterable[str], held: Collection[str], own: str) -> list[str]:
    """
    The copied folders and files with code, looked for in a build context and the folders above it.

    Whole contexts, and folders around the `own` one of the Dockerfile, say nothing of what is used of them.
    `held`: the files with code and all folders that hold some.
    """
    named = [copied for copied in copies if clean(copied) and ".." not in copied]
    while True:
        folders = {clean(f"{context}/{copied}") for copied in named}
        beside = (copied for copied in folders if not (copied != own and within(own, copied)))
        holding = sorted(copied for copied in beside if copied in held)
        if holding or not context:
            return holding
        context = parent(context)


def copied(group: Group, held: Collection[str]) -> tuple[str, ...]:
    """What the images of a service take in beside its own folder; `held` as for the folders of code."""
    contexts = {
        entry.item.build.dockerfile: clean(entry.item.build.context)
        for entry in group.declarations
        if entry.item.build is not None
    }
    found: set[str] = set()
    for entry in group.declarations:
        if entry.item.copies:
            context = contexts.get(entry.path, parent(entry.path))
            found.update(_holding(context, entry.item.copies, held, parent(entry.path)))
    return tuple(sorted(path for path in found if not any(within(path, root) for root in group.roots)))
