"""Which deployment runs the code of which folder, as far as names, images and Dockerfiles tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from commlint.link.commands import built_from, named_module
from commlint.link.declared import Placed
from commlint.link.groups import Group, is_image
from commlint.link.names import (
    around,
    folder,
    image_name,
    image_tag,
    other_numbers,
    parent,
    plain,
    stem,
    within,
    without_beginning,
    words,
)
from commlint.link.roots import OUTPUT, CodeRoot, labelled
from commlint.model.deployments import ServiceDeclaration
from commlint.model.system import INFRASTRUCTURE

# Words in tags of images that tell a version and no program.
VERSIONS = frozenset((
    "latest", "stable", "release", "snapshot", "master", "main", "develop", "dev", "prod", "production", "staging",
    "test", "alpha", "beta", "rc", "final", "v", "sha", "alpine", "slim", "jvm", "native", "local", "edge", "nightly",
))  # fmt: skip
Roots = list[CodeRoot]


def tie(
    groups: Sequence[Group], roots: Iterable[CodeRoot], programs: Iterable[str] = (), files: Collection[str] = ()
) -> Roots:
    """
    Give each deployment the folder of its code, as far as names tell; answers the folders left over.

    `programs`: the files that can be started; folders around them count when they are called like an image.
    `files`: all files with code.
    """
    known = tuple(roots)
    for group in groups:
        group.roots = _taken_in(group, known) or {_standing(root, known) for root in group.roots}
        if group.dockerfiles and not any(within(path, root) for path in files for root in group.roots):
            group.roots = _started(group, known, files) or _called_alike(group, known, files) or group.roots
    left: Roots = []
    for root in known:
        owners = [group for group in groups if root.path in group.roots]
        for group in owners:
            _give(group, root)
        if not owners:
            left.append(root)
    left = _tie_by(*BY_TAG, [group for group in groups if not group.roots], left)
    _share_images(groups, lambda group, other: group.images & other.images)
    holding = sorted({each for path in programs for each in around(parent(path)) if each})
    left = _tie_by(*BY_IMAGE, [group for group in groups if not group.roots], left)
    _tie_by(
        *BY_IMAGE,
        [group for group in groups if _is_second(group, groups)],
        [each for each in known if each not in left],
    )
    _tie_by_image((group for group in groups if not group.roots and not known_kind(group)), holding)
    short = without_beginning(root.path for root in known)
    by_short: Naming = (lambda group: group.names, lambda root: {plain(each) for each in short.get(root.path, ())})
    for of_group, of_root in (NAMINGS[0], by_short, *NAMINGS[1:]):
        left = _tie_by(of_group, of_root, [group for group in groups if not group.roots], left)
    left = _tie_by_dockerfile([group for group in groups if not group.roots and not known_kind(group)], left)
    _share_images(groups, _builds)
    homeless = [group for group in groups if not group.roots and not group.kind and not known_kind(group)]
    imaged = [root for root in left if root.has_image]
    if len(imaged) == 1 and homeless and len({frozenset(group.images) for group in homeless}) == 1:
        # One image of one's own and one folder that makes an image: they belong together whatever they are called.
        for group in homeless:
            _give(group, imaged[0])
        left.remove(imaged[0])
    return left


def part(groups: Sequence[Group], files: Iterable[str]) -> None:
    """
    Services built from one folder, by one Dockerfile, whose own code stands in folders inside it.

    Arguments of their builds tell these folders, else their names do.

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
            named = [each for each in inside if each.removeprefix(f"{root}/") in group.chosen]
            named = named or [each for each in inside if plain(folder(each)) in group.names]
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
        if not group.roots and group.images and not known_kind(group):
            for other in groups:
                if other.roots and same(group, other) and _tagged_alike(group, other):
                    group.roots |= other.roots


def _tagged_alike(group: Group, other: Group) -> bool:
    """Whether the tags of images of one name say nothing of other code, as `shop:orders` and `shop:mail` do."""
    mine, its = _tagged(group), _tagged(other)
    shared = mine.keys() & its.keys()
    return not shared or any(mine[name] & its[name] or frozenset() in mine[name] | its[name] for name in shared)


def _tagged(group: Group) -> dict[str, set[frozenset[str]]]:
    """For each image that is deployed what its tags say."""
    found: dict[str, set[frozenset[str]]] = {}
    for entry in group.declarations:
        if entry.item.image and not is_image(entry.item):
            found.setdefault(plain(image_name(entry.item.image)), set()).add(_said(entry.item))
    return found


def _said(declaration: ServiceDeclaration) -> frozenset[str]:
    """The words of the tag of an image, without those that only tell a version."""
    tag = re.sub(r"(?<![A-Za-z])v?\d[\w.]*", " ", image_tag(declaration.image).replace("_", " "))
    return frozenset(words(tag)) - VERSIONS


def _is_second(group: Group, groups: Iterable[Group]) -> bool:
    """Whether it may be a second deployment, in a format of its own, of code that others of the system run too."""
    return (
        not group.roots
        and not known_kind(group)
        and not any(other.roots and other.origins & group.origins and other.images & group.images for other in groups)
    )


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
        found = [(root, path) for root in left for path in root.dockerfiles if stem(labelled(path)) in wanted]
        if len(found) == 1:
            root, path = found[0]
            _give(group, root, {path})
            tied.add(root.path)
    return [root for root in left if root.path not in tied]


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


def _tags(group: Group) -> set[str]:
    """One repository of images for all: `shop:orders-latest` and `shop:orders` are made of `orders`."""
    found: set[str] = set()
    for entry in group.declarations:
        tag = "" if is_image(entry.item) else image_tag(entry.item.image)
        found.update(plain(name) for name in (tag, tag.rpartition("-")[0]))
    return found - {""}


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
BY_TAG: Naming = (_tags, lambda root: root.names if root.says_its_name else set())
BY_IMAGE: Naming = (lambda group: group.images, lambda root: root.names)
# How else a deployment and a folder may be known to belong together, the surest first.
NAMINGS: tuple[Naming, ...] = (
    (lambda group: group.names, lambda root: root.names),
    (lambda group: group.bare, lambda root: root.names),
    (lambda group: group.stems, lambda root: {stem(name) for name in root.names}),
    (_image_tails, lambda root: root.names),
    (_in_any_number, lambda root: {stem(name) for name in root.names}),
    (lambda group: set() if known_kind(group) else group.stems, _beginnings),
    (_folders, lambda root: {root.path} if root.has_image else set()),
)


def known_kind(group: Group) -> bool:
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


def _started(group: Group, known: Iterable[CodeRoot], files: Collection[str]) -> set[str]:
    """The folder with the module that its command names, where its image is built from no code of the tree."""
    paths = {named_module(entry.item.command, files) for entry in group.declarations} - {""}
    return {max((root.path for root in known if within(path, root.path)), key=len, default="") for path in paths}


def _called_alike(group: Group, known: Iterable[CodeRoot], files: Iterable[str]) -> set[str]:
    """The one folder with code called like it, where its image takes in what was built there."""
    named = [root.path for root in known if root.names & group.names and root.path not in group.roots]
    fitting = [path for path in named if path and any(within(each, path) for each in files)]
    return set(fitting) if len(fitting) == 1 else set()


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
