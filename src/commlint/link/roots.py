"""Folders that images and build files speak of: whose code they hold, and whether it stands alone as a service."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from commlint.link.commands import built_from
from commlint.link.declared import Declared, Placed
from commlint.link.groups import Group, clean, is_image
from commlint.link.names import around, folder, other_numbers, parent, places, plain, stem, within, words
from commlint.link.programs import Code, path_of, programs
from commlint.model.deployments import ServiceDeclaration
from commlint.model.operations import Recognition, Role
from commlint.model.system import INFRASTRUCTURE

_DOCKERFILE = re.compile(r"(?:docker|container)file", re.IGNORECASE)
# Folders named so hold a service without naming it.
NAMELESS = frozenset(("src", "app", "code", "docker", "build", "deploy", "deployment", "main", "python", "source", "."))


# A copied folder whose name is given when the image is built.
ARGUMENT = re.compile(r"(?:\./)?\$\{?\w+\}?(?:/|$)")
# Where builds put what they make, below the code they make it of.
OUTPUT = frozenset({"target", "build", "libs", "out", "dist"})


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


@dataclass(slots=True)
class Content:
    """What the code of a folder does: answers, receives, goes out, can be started, is imported by others."""

    endpoints: int = 0
    receivers: int = 0
    exits: int = 0
    mains: int = 0
    files: list[str] = field(default_factory=list)
    importers: set[str] = field(default_factory=set)

    @property
    def imported(self) -> bool:
        return bool(self.importers)


def code_roots(declared: Declared, files: Iterable[str]) -> tuple[CodeRoot, ...]:
    """All folders that images and build files speak of, sorted by path; `files` are those with code."""
    known = frozenset(files)
    held = places(known)
    images = [entry for entry in declared.services if is_image(entry.item)]
    # A folder with a build file has code of its own, be it in a language that is not read.
    held |= {_folder(entry) for entry in images if entry.item.origin.endswith("-build")} - {""}
    by_path: dict[str, list[Placed[ServiceDeclaration]]] = defaultdict(list)
    for entry in images:
        by_path[_copied(_folder(entry), entry.item, known, held)].append(entry)
    return tuple(CodeRoot(path, tuple(by_path[path])) for path in sorted(by_path))


def _folder(image: Placed[ServiceDeclaration]) -> str:
    """The folder that a declaration of an image or a build file speaks of."""
    told = image.item.source_root
    return clean(parent(image.path) if told is None else told)


def _copied(root: str, image: ServiceDeclaration, files: frozenset[str], held: Collection[str]) -> str:
    """
    Where the code of an image lies: the folder of its Dockerfile, or what it copies when that has no code.

    Of several folders it copies, the one that its program is built from; of a whole context, the folder around.
    """
    if not image.copies or root in held:
        return root
    if not image.builds and not all(map(clean, image.copies)):
        return next((each for each in around(parent(root)) if not each or each in held), root)
    holding = _holding(parent(root), image.copies, held, root)
    if len(holding) > 1:
        built = built_from((target for target in image.builds if "$" not in target), files)
        holding = [each for each in holding if any(within(path, each) for path in built)]
    if len(holding) != 1:
        return root
    return holding[0] if holding[0] not in files else parent(holding[0])


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


Roots = list[CodeRoot]


def tie(groups: Sequence[Group], roots: Iterable[CodeRoot], programs: Iterable[str] = ()) -> Roots:
    """
    Give each deployment the folder of its code, as far as names tell; answers the folders left over.

    `programs`: the files that can be started; folders around them count when they are called like an image.
    """
    known = tuple(roots)
    for group in groups:
        group.roots = _taken_in(group, known) or {_standing(root, known) for root in group.roots}
    left: Roots = []
    for root in known:
        owners = [group for group in groups if root.path in group.roots]
        for group in owners:
            _give(group, root)
        if not owners:
            left.append(root)
    _share_images(groups, lambda group, other: group.images & other.images)
    holding = sorted({each for path in programs for each in around(parent(path)) if each})
    left = _tie_by(*BY_IMAGE, [group for group in groups if not group.roots], left)
    _tie_by_image((group for group in groups if not group.roots and not _known_kind(group)), holding)
    for of_group, of_root in NAMINGS:
        left = _tie_by(of_group, of_root, [group for group in groups if not group.roots], left)
    left = _tie_by_dockerfile([group for group in groups if not group.roots and not _known_kind(group)], left)
    _share_images(groups, _builds)
    homeless = [group for group in groups if not group.roots and not group.kind and not _known_kind(group)]
    imaged = [root for root in left if root.has_image]
    if len(imaged) == 1 and homeless and len({frozenset(group.images) for group in homeless}) == 1:
        # One image of one's own and one folder that makes an image: they belong together whatever they are called.
        for group in homeless:
            _give(group, imaged[0])
        left.remove(imaged[0])
    return left


def part(groups: Sequence[Group], files: Iterable[str]) -> None:
    """
    Services built from one folder, by one Dockerfile, whose own code stands in folders of their names inside it.

    What they share there is nobody's own. A command of the deployment, or what its image is built from, tells better
    what a service runs.
    """
    known = tuple(files)
    folders = {"/".join(path.split("/")[:end]) for path in known for end in range(1, path.count("/") + 1)}
    for root in sorted({root for group in groups for root in group.roots}):
        sharing = [group for group in groups if group.roots == {root} and not _told(group, known)]
        own: dict[str, Group] = {}
        for group in sharing:
            inside = [each for each in folders if each != root and within(each, root)]
            named = [each for each in inside if plain(folder(each)) in group.names]
            named = named or [each for each in inside if stem(folder(each)) in group.stems]
            shortest = [each for each in named if not any(other != each and within(each, other) for other in named)]
            if len(shortest) == 1:
                own[shortest[0]] = group
        if len(own) > 1:
            for path, group in own.items():
                group.roots = {path}


def _told(group: Group, files: Iterable[str]) -> bool:
    """Whether the deployment, or the build of its image, says which of the files it runs."""
    if any(entry.item.command or entry.item.handlers for entry in group.declarations if not is_image(entry.item)):
        return True
    return bool(built_from(group.builds, files))


def _share_images(groups: Sequence[Group], same: Callable[[Group, Group], object]) -> None:
    """A worker may run the very image that another service is built into."""
    for group in groups:
        if not group.roots and group.images and not _known_kind(group):
            for other in groups:
                if other.roots and same(group, other):
                    group.roots |= other.roots


def _builds(group: Group, other: Group) -> bool:
    """Whether the other is built into the image of a group, by name or as compose names it by default."""
    named = other.images or (other.names if other.dockerfiles else set())
    return bool(group.images & named or (not other.images and _image_tails(group) & named))


def _tie_by(
    of_group: Callable[[Group], set[str]], of_root: Callable[[CodeRoot], set[str]], groups: list[Group], left: Roots
) -> Roots:
    tied: set[str] = set()
    for group in groups:
        wanted = of_group(group)
        fitting = [root for root in left if wanted & of_root(root)]
        fitting = [root for root in fitting if root.has_image] or fitting
        if len(fitting) == 1:
            _give(group, fitting[0])
            tied.add(fitting[0].path)
    return [root for root in left if root.path not in tied]


def _tie_by_dockerfile(groups: Iterable[Group], left: Roots) -> Roots:
    """Give a deployment the folder with a Dockerfile called like it, of several there: `Dockerfile-orders`."""
    tied: set[str] = set()
    for group in groups:
        wanted = group.stems | {stem(image) for image in group.images}
        found = [(root, path) for root in left for path in root.dockerfiles if stem(_label(path)) in wanted]
        if len(found) == 1:
            root, path = found[0]
            _give(group, root, {path})
            tied.add(root.path)
    return [root for root in left if root.path not in tied]


def _label(dockerfile: str) -> str:
    """What tells a Dockerfile from others beside it: `orders` of `Dockerfile-orders` and `orders.dockerfile`."""
    return plain(_DOCKERFILE.sub("", folder(dockerfile)))


def _tie_by_image(groups: Iterable[Group], folders: Iterable[str]) -> None:
    """`web/cmd` and whatever else stands in `web` is what an image called `web` is made of."""
    known = list(folders)
    for group in groups:
        named = [path for path in known if plain(folder(path)) in group.images]
        if len(named) == 1:
            group.roots.add(named[0])


def _image_tails(group: Group) -> set[str]:
    """`shop-orders` is `orders` with a prefix of the project."""
    tails: set[str] = set()
    for entry in group.declarations:
        parts = () if is_image(entry.item) else words(entry.item.image.rsplit("/", 1)[-1].split(":", 1)[0])
        tails.update("".join(parts[start:]) for start in range(1, len(parts)))
    return tails


def _in_any_number(group: Group) -> set[str]:
    """`comments-services` is the code of `comment_service`."""
    return {number for name in group.stems for number in (name, *other_numbers(name))}


def _beginnings(root: CodeRoot) -> set[str]:
    """`cart-cna-microservice` is the code of `cart-deployment`, where nothing else begins with `cart`."""
    return {words(folder(root.path))[0]} if root.says_its_name and words(folder(root.path)) else set()


def _folders(group: Group) -> set[str]:
    """Folders that declare it and have a word of its name: `integrations/bbot` of the `bbot_analyzer` in there."""
    deployed = {parent(entry.path) for entry in group.declarations if not is_image(entry.item)}
    return {path for path in deployed if set(words(folder(path))) & set(words(group.name))}


Naming = tuple[Callable[[Group], set[str]], Callable[[CodeRoot], set[str]]]
BY_IMAGE: Naming = (lambda group: group.images, lambda root: root.names)
# How else a deployment and a folder may be known to belong together, the surest first.
NAMINGS: tuple[Naming, ...] = (
    (lambda group: group.names, lambda root: root.names),
    (lambda group: group.bare, lambda root: root.names),
    (lambda group: group.stems, lambda root: {stem(name) for name in root.names}),
    (_image_tails, lambda root: root.names),
    (_in_any_number, lambda root: {stem(name) for name in root.names}),
    (lambda group: group.stems, _beginnings),
    (_folders, lambda root: {root.path} if root.has_image else set()),
)


def _known_kind(group: Group) -> bool:
    return any(entry.item.kind in INFRASTRUCTURE for entry in group.declarations)


def _standing(path: str, roots: Iterable[CodeRoot]) -> str:
    """
    The folder a deployment means: where there is none of this name, the one beside it without its separators.

    An image that is built in `orders/target` is made of what `orders` is compiled to.
    """
    known = [root.path for root in roots]
    while folder(path) in OUTPUT and not any(within(other, path) for other in known):
        path = parent(path)
    if any(within(other, path) or within(path, other) for other in known if other):
        return path
    alike = [other for other in known if parent(other) == parent(path) and plain(folder(other)) == plain(folder(path))]
    return alike[0] if len(alike) == 1 and path else path


def _taken_in(group: Group, known: Iterable[CodeRoot]) -> set[str]:
    """
    The folders that its images copy their code from, where the folder it is said to be in only holds Dockerfiles.

    The one folder, too, that its own Dockerfile takes of a wider context.
    """
    folders = {parent(path) for path in group.dockerfiles}
    taken = {root.path for root in known if any(entry.path in group.dockerfiles for entry in root.evidence)}
    if group.roots <= folders:
        return taken
    inside = [path for path in taken - folders if all(within(path, root) for root in group.roots)]
    return set(inside) if len(inside) == 1 else set()


def _give(group: Group, root: CodeRoot, dockerfiles: Collection[str] = ()) -> None:
    """Make a folder, with what speaks of it, that of a deployment; of several Dockerfiles there its own only."""
    built = dockerfiles or group.dockerfiles
    group.roots.add(root.path)
    for entry in root.evidence:
        # A folder may hold a Dockerfile for each of its services.
        if not built or _dockerfile(entry) in (*built, None):
            group.declarations.append(entry)
            group.ports.extend(entry.item.ports)
            if entry.item.origin.endswith("-application"):
                # What a program calls itself, a registry knows it by, whatever it is deployed as.
                group.aliases.update(filter(None, (entry.item.name,)))
            group.aliases.update(name for name in (entry.item.name, root.name) if name and not built)


def _dockerfile(entry: Placed[ServiceDeclaration]) -> str | None:
    """The Dockerfile that is one, or that an image is built from; None for what speaks of the folder alone."""
    if entry.item.origin == "dockerfile":
        return entry.path
    return entry.item.build.dockerfile if entry.item.build is not None else None


def contents(recognition: Recognition, roots: Iterable[str]) -> dict[str, Content]:
    """What the code under each root does, deeper roots taking their part; "" files fall to no root but ""."""
    found = {root: Content() for root in sorted(set(roots))}
    homes: dict[str, str] = {}

    def at(path: str) -> Content | None:
        if path not in homes:
            homes[path] = next((root for root in around(path) if root in found), "\0")
        return found.get(homes[path])

    for module in recognition.modules:
        here = at(module.path)
        if here is not None:
            here.files.append(module.path)
            here.mains += module.is_main
        for imported in module.imports:
            other = at(imported)
            if other is not None and other is not here:
                other.importers.add(homes[module.path])
    for operation in recognition.operations:
        here = at(path_of(operation.function))
        if here is not None:
            here.endpoints += operation.role is Role.SERVER
            here.receivers += operation.role is Role.CONSUMER
            here.exits += operation.role not in (Role.SERVER, Role.CONSUMER)
    return found


def judged(left: Iterable[CodeRoot], groups: Sequence[Group], recognition: Recognition) -> list[tuple[CodeRoot, str]]:
    """Which of the folders left over are services of their own, and which are libraries (kind `library`)."""
    rest = list(left)
    claimed = {root for group in groups for root in group.roots}
    inside = contents(recognition, [*claimed, *(root.path for root in rest)])
    deployed = any(not _known_kind(group) for group in groups)
    applications = any(root.is_application for root in rest)
    code = Code.of(recognition, recognition.operations)
    result: list[tuple[CodeRoot, str]] = []
    for root in rest:
        content = inside[root.path]
        nested = any(within(root.path, owner) for owner in claimed if owner)
        lent = content.imported and not content.mains and not root.has_image
        gathers = any(other.is_application and within(other.path, root.path) for other in rest if other is not root)
        # What a deployed service imports answers as a part of that service.
        taken = bool(content.importers & claimed) and not (root.is_application or root.is_program)
        receives = content.receivers and not lent
        answers = content.endpoints and not (lent and (gathers or taken))
        runs = bool(answers or receives or (content.exits and (content.mains or root.is_program)))
        if root.makes_many and content.mains > 1:
            # Each program below it is told by its own folder.
            continue
        if runs and root.has_image:
            result.append((root, "service"))
        elif runs and not nested:
            # Several programs under one build file are told apart by their own files.
            if root.is_application or root.is_program or len(programs(content.files, code)) == 1:
                result.append((root, "service"))
        elif root.is_application and not nested and (content.files or (root.is_told_inside and not deployed)):
            result.append((root, "service"))
        elif root.has_image and not deployed and not content.imported and (root.says_its_name or not applications):
            # Code in a language that is not read: the image alone says that it runs.
            result.append((root, "service"))
        elif not root.has_image and content.files and content.imported and not nested:
            result.append((root, "library"))
    return result
