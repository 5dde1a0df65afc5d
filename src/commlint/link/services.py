"""Which services a system has, by what its files say: configuration, then deployments, then images and build files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from commlint.link.commands import MONITORS, built_from, is_one_off, programs_of
from commlint.link.declared import Declared, Placed
from commlint.link.fronts import name_workloads
from commlint.link.groups import Group, clean, is_deployment, is_front, is_image
from commlint.link.infrastructure import loads, named_kind
from commlint.link.judging import judged
from commlint.link.merging import across_formats, also_called, by_name, of_one_program, released, without_repeats
from commlint.link.modules import Modules
from commlint.link.names import image_name, parent, places, plain, within
from commlint.link.naming import distinct, without_kinds
from commlint.link.parts import Parts
from commlint.link.profiles import profiles_of
from commlint.link.roots import CodeRoot, code_roots, copied
from commlint.link.scripts import Scripts, expanded
from commlint.link.tying import part, tie
from commlint.model.config import Config
from commlint.model.deployments import Port, ServiceDeclaration
from commlint.model.operations import Evidence, Recognition
from commlint.model.places import Region
from commlint.model.system import Service

PAGES = "frontend"


@dataclass(frozen=True, slots=True)
class Deployed:
    """
    A service with all that tells how it runs.

    `members`: (file, name) of its declarations, whose bindings are its environment. `files`: files that
    declare it. `commands`: what it is started with, where told. `copied`: folders and files beside its own that
    its image takes in.
    `modules`: folders of the same build that it takes in as others do.
    `builds`: folders and files that its program is built from, as the build names them.
    `uses`: what its libraries talk to, and where that is told. `handlers`: what the platform calls of its code.
    `languages`: those its images are made to run, none when that is not known. `profiles`: those it runs in.
    `taken`, `apart`: folders that are built by themselves and that its program is made of; all others, where known.
    """

    service: Service
    members: tuple[tuple[str, str], ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    ports: tuple[Port, ...] = ()
    namespaces: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    depends_on: tuple[tuple[str, Region], ...] = ()
    copied: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    uses: tuple[tuple[str, Region], ...] = ()
    images: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    profiles: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def files(self) -> frozenset[str]:
        return frozenset(path for path, _ in self.members)


def holder(path: str, services: Sequence[Deployed]) -> str:
    """The service in whose folder a file stands, "" for the root folder and for none."""
    inside = [
        (len(root), deployed.name)
        for deployed in services
        for root in deployed.service.roots
        if root and within(path, root) and deployed.service.kind != "library"
    ]
    return max(inside)[1] if inside else ""


def find_services(declared: Declared, recognition: Recognition, config: Config) -> tuple[Deployed, ...]:
    """The services and libraries that files declare, sorted by name."""
    groups = by_name(entry for entry in declared.services if is_deployment(entry.item))
    groups = across_formats(groups)
    groups = released(groups)
    groups = without_repeats(groups)
    name_workloads(groups, declared)
    _built(groups, declared)
    _configured(groups, config)
    files = tuple(module.path for module in recognition.modules)
    held = places(files)
    mains = tuple(each.path for each in recognition.modules if each.is_main)
    left = tie(groups, code_roots(declared, files, held), mains, files)
    _take_dockerfiles(groups, declared)
    left = _not_built(left, groups, mains)
    part(groups, files)
    groups = also_called(of_one_program(groups))
    modules = Modules.of(groups, left, recognition)
    alone = judged(left, groups, recognition, modules)
    groups.extend(_alone(root.name, kind, root.evidence, root.path) for root, kind in alone)
    for group in groups:
        group.modules = {path for path, takers in modules.shared.items() if takers & group.roots}
        group.roots |= {path for path, taker in modules.parts.items() if taker in group.roots}
    without_kinds(groups)
    distinct(groups)
    parts = Parts(declared.parts)
    found = (_deployed(group, held, declared.scripts, parts) for group in groups)
    return tuple(sorted(found, key=lambda deployed: deployed.name))


def _configured(groups: list[Group], config: Config) -> None:
    for name in sorted(config.services):
        told = config.services[name]
        called = {plain(text) for text in (name, *told.aliases)}
        roots = {clean(root) for root in told.roots}
        group = next((group for group in groups if group.names & called), None)
        if group is None:
            group = next((group for group in groups if roots and roots & group.roots), None)
        if group is None:
            group = Group(name)
            groups.append(group)
        group.aliases.update((group.name, *told.aliases))
        group.name, group.told = name, True
        group.kind = told.kind if told.kind != "service" else group.kind
        group.roots = roots or group.roots
        group.environment.update(told.environment)


def _alone(name: str, kind: str, evidence: Iterable[Placed[ServiceDeclaration]], root: str) -> Group:
    group = Group(name, kind="" if kind == "service" else kind)
    for entry in evidence:
        group.add(entry)
    group.roots = {root}
    return group


def _built(groups: Iterable[Group], declared: Declared) -> None:
    """The folders from which the images of deployments are built, where a file says so by the name of the image."""
    builds: dict[str, list[Placed[ServiceDeclaration]]] = defaultdict(list)
    for entry in declared.services:
        if entry.item.origin == "image-build" and entry.item.source_root is not None:
            builds[_untagged(entry.item.image)].append(entry)
    for group in groups:
        images = {_untagged(each.item.image) for each in group.declarations if each.item.image}
        # A registry may be put before the name when the image is pushed.
        found = [several for image, several in builds.items() if image in images or _ends_one(images, image)]
        if not group.roots and len(found) == 1:
            group.roots |= {clean(entry.item.source_root or "") for entry in found[0]}
            group.declarations += found[0]


def _untagged(image: str) -> str:
    name, _, tag = image.rpartition(":")
    return name if name and "/" not in tag else image


def _ends_one(images: Iterable[str], image: str) -> bool:
    return any(each.endswith(f"/{image}") for each in images)


def _take_dockerfiles(groups: Iterable[Group], declared: Declared) -> None:
    """What a Dockerfile says holds for the deployments that are built from it, wherever their code lies."""
    for group in groups:
        for entry in declared.services:
            if (
                entry.item.origin == "dockerfile"
                and entry.path in group.dockerfiles
                and entry not in group.declarations
            ):
                group.declarations.append(entry)
                group.ports.extend(entry.item.ports)


def _not_built(left: Iterable[CodeRoot], groups: Iterable[Group], mains: Collection[str]) -> list[CodeRoot]:
    """The folders left over whose programs no image of a deployment is said to be built from."""
    built = {path for group in groups for path in built_from(group.builds, mains)}
    started = {root.path: {path for path in mains if within(path, root.path)} for root in left}
    return [root for root in left if not started[root.path] or started[root.path] - built]


def _deployed(group: Group, held: Collection[str], scripts: Scripts, parts: Parts) -> Deployed:
    taken = parts.taken(group.roots)
    commands = _commands(group, scripts)
    kinds = [entry.item.kind for entry in group.declarations if entry.item.kind and _speaks(entry, group)]
    # A job that prepares what a workload of the same name keeps running says nothing of that.
    lasting = any(is_deployment(entry.item) and entry.item.kind != "job" for entry in group.declarations)
    kind = group.kind or next((kind for kind in kinds if kind != "job" or not lasting), "")
    image = next((entry.item.image for entry in group.declarations if entry.item.image), "")
    if loads(group.name, image):
        kind = "loadgen"
    if not kind and not any(root in held for root in group.roots):
        kind = named_kind(group.name)
    if not kind and is_one_off(commands):
        kind = "job"
    if not kind and not MONITORS.isdisjoint(programs_of(commands)):
        kind = "observability"
    why = tuple(sorted({entry.region for entry in group.declarations}))
    service = Service(
        group.name,
        kind or "service",
        tuple(sorted(group.roots)),
        tuple(sorted(group.aliases - {group.name})),
        why,
        Evidence.DECLARED,
    )
    return Deployed(
        service,
        tuple(dict.fromkeys((e.path, e.item.name) for e in group.declarations if not is_front(e.item))),
        commands,
        tuple(dict.fromkeys(group.ports)),
        tuple(sorted({entry.item.namespace for entry in group.declarations if entry.item.namespace})),
        tuple(sorted(group.environment.items())),
        tuple((other, entry.region) for entry in group.declarations for other in entry.item.depends_on),
        tuple(sorted({*copied(group, held), *(taken - group.roots)})),
        tuple(sorted(group.modules)),
        group.builds,
        tuple({use: entry.region for entry in group.declarations for use in entry.item.uses}.items()),
        tuple(sorted({image_name(entry.item.image) for entry in group.declarations if entry.item.image})),
        tuple(sorted({clean(mount) for entry in group.declarations for mount in entry.item.mounts} - {""})),
        tuple(dict.fromkeys(handler for entry in group.declarations for handler in entry.item.handlers)),
        _languages(group),
        profiles_of(group),
        taken,
        parts.apart(taken),
    )


def _speaks(entry: Placed[ServiceDeclaration], group: Group) -> bool:
    """Whether what a declaration says of the kind holds for all: pages that stand in a program do not make it one."""
    others = (each.item for each in group.declarations if each.item.origin.endswith("-build"))
    return entry.item.kind != PAGES or all(each.kind == PAGES or each.origin == "image-build" for each in others)


def _languages(group: Group) -> frozenset[str]:
    """The languages its images are made to run; nothing is known where one of them does not say."""
    images = [entry.item.runs for entry in group.declarations if entry.item.origin == "dockerfile"]
    return frozenset(language for runs in images for language in runs) if all(images) else frozenset()


def _commands(group: Group, scripts: Scripts) -> tuple[tuple[str, ...], ...]:
    """What the deployment starts, scripts read; what the image starts only where the deployment says nothing."""
    told = [entry for entry in group.declarations if entry.item.command and is_deployment(entry.item)]
    images = [entry for entry in group.declarations if entry.item.command and is_image(entry.item)]
    near = {parent(entry.path) for entry in images} | group.roots
    # A deployment that says what to run still starts what the image begins with.
    begins = [entry.item.entrypoint for entry in images if entry.item.entrypoint] if told else []
    commands = [begin + entry.item.command for entry in told or images for begin in begins or [()]]
    return tuple(dict.fromkeys(each for command in commands for each in expanded(command, scripts, near)))
