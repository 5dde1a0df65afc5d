"""Declarations gathered into what they mean: one group for each service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from commlint.link.declared import Placed
from commlint.link.names import image_name, plain, stem, within
from commlint.model.deployments import Port, ServiceDeclaration

_ARGUMENT = re.compile(r"\$\{?(\w+)\}?")


def is_image(declaration: ServiceDeclaration) -> bool:
    """Whether it says that something can be built, not that it runs."""
    return declaration.origin == "dockerfile" or declaration.origin.endswith(("-build", "-application"))


def is_front(declaration: ServiceDeclaration) -> bool:
    """Whether it only gives a workload a name on the network."""
    return declaration.origin == "kubernetes-service"


def is_deployment(declaration: ServiceDeclaration) -> bool:
    """Whether it says that something runs."""
    return not is_image(declaration) and not is_front(declaration)


def clean(root: str) -> str:
    """A root as the paths below it begin: no `./`, no slash at the end, "" for the whole tree."""
    return "/".join(part for part in root.split("/") if part not in ("", "."))


@dataclass(slots=True, eq=False)
class Group:
    """
    Declarations that mean one service, while they are gathered; `told` when the configuration names it.

    `modules`: folders of the same build that it takes in as others do.
    """

    name: str
    declarations: list[Placed[ServiceDeclaration]] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    ports: list[Port] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    told: bool = False
    modules: set[str] = field(default_factory=set)

    @property
    def origins(self) -> set[str]:
        """Formats of the deployments that declare it."""
        return {entry.item.origin for entry in self.declarations if is_deployment(entry.item)}

    @property
    def names(self) -> set[str]:
        """The names it is deployed under, in plain form."""
        return {plain(self.name), *(plain(entry.item.name) for entry in self.declarations if not is_image(entry.item))}

    @property
    def bare(self) -> set[str]:
        """The names it goes by without that of its release, in plain form: `orders` of `shop-orders`."""
        return {
            plain(alias)
            for entry in self.declarations
            for alias in entry.item.aliases
            if entry.item.name.endswith(f"-{alias}")
        }

    @property
    def labels(self) -> set[tuple[str, str]]:
        """The labels of its workloads."""
        return {label for entry in self.declarations if is_deployment(entry.item) for label in entry.item.selects}

    @property
    def dockerfiles(self) -> set[str]:
        """The Dockerfiles its deployments say it is built from."""
        return {entry.item.build.dockerfile for entry in self.declarations if entry.item.build is not None}

    @property
    def _arguments(self) -> dict[str, str]:
        """What its deployments give the builds of its images."""
        given = [entry.item.build.arguments for entry in self.declarations if entry.item.build is not None]
        return {name: value for each in given for name, value in each}

    @property
    def builds(self) -> tuple[str, ...]:
        """What its images are built from, with the arguments that its deployments give the builds."""
        found: dict[str, None] = {}
        for target in (built for entry in self.declarations for built in entry.item.builds):
            for name, value in self._arguments.items():
                target = target.replace(f"${{{name}}}", value)
            if "$" not in target:
                found[target] = None
        return tuple(found)

    @property
    def chosen(self) -> set[str]:
        """The folders its images copy whose names its deployments give the builds."""
        arguments = self._arguments
        copies = [copied for entry in self.declarations for copied in entry.item.copies if "$" in copied]
        return {
            clean(_ARGUMENT.sub(lambda found: arguments[found[1]], copied))
            for copied in copies
            if all(name in arguments for name in _ARGUMENT.findall(copied))
        }

    @property
    def stems(self) -> set[str]:
        return {stem(name) for name in self.names}

    @property
    def images(self) -> set[str]:
        """The images it is deployed from, in plain form; what these are built on says nothing of it."""
        return {
            plain(image_name(entry.item.image))
            for entry in self.declarations
            if entry.item.image and is_deployment(entry.item)
        }

    def add(self, entry: Placed[ServiceDeclaration]) -> None:
        self.declarations.append(entry)
        self.aliases.update(name for name in (entry.item.name, *entry.item.aliases) if name)
        self.ports.extend(entry.item.ports)
        if entry.item.source_root is not None and not is_front(entry.item):
            self.roots.add(clean(entry.item.source_root))

    def take(self, other: Group) -> None:
        """Another group turns out to mean the same service."""
        for entry in other.declarations:
            self.add(entry)
        self.aliases.update((other.name, *other.aliases))

    def shares_code(self, declaration: ServiceDeclaration) -> bool:
        """Whether nothing speaks against the declaration having the same code."""
        if declaration.source_root is None or not self.roots:
            return True
        root = clean(declaration.source_root)
        return any(within(root, known) or within(known, root) for known in self.roots)
