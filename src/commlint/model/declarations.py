"""What the files around the code declare: services, values, routes, channels, policies, contracts."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.channels import ChannelDeclaration, Trigger
from commlint.model.deployments import (
    Binding,
    ScriptCommand,
    ServiceDeclaration,
)
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, TrafficPolicy
from commlint.model.values import Value


@dataclass(frozen=True, slots=True)
class Resource:
    """
    A block of infrastructure code, not worked out yet: other files give its variables.

    `kind`: resource, data, module (a call of one), variable, local, output, given (a variable's value), condition,
    or root (it says that this folder is run by itself).
    `type`: aws_sqs_queue, AWS::SQS::Queue …; of a module its source.
    `settings`: of a variable its default (None without), of a local or an output its value, else a Mapping;
    blocks inside are Sequences of Mappings. Functions and operators are Compute: `jsonencode()`, `?:`, `==`.
    `places`: where mappings inside stand, by their path (`pull_subscriptions/0`).
    """

    kind: str
    type: str
    name: str
    settings: Value | None
    extent: Extent
    places: tuple[tuple[str, Extent], ...] = ()


@dataclass(frozen=True, slots=True)
class ContractMethod:
    """One method of a declared service: an RPC, or an HTTP operation (`name` is then `GET /path`)."""

    name: str
    extent: Extent
    client_streaming: bool = False
    server_streaming: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """A declared interface; `name` is the fully qualified gRPC service (`shop.v1.Inventory`)."""

    kind: str
    name: str
    methods: tuple[ContractMethod, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class ModuleName:
    """
    A name by which code brings in files, as a build file gives it.

    `pattern` may hold one `*`, which stands for the same text in `targets`: paths relative to the root, with or without
    suffix, tried in turn. `folder`: only files below it know the name; None for what every file may call so.
    """

    pattern: str
    targets: tuple[str, ...]
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class FolderImport:
    """
    What a build file brings into every source file of a language at or below a folder.

    `local` is the name it goes by there, "*" for all names of the module; `of_type`: the module is a type.
    """

    language: str
    folder: str
    module: str
    line: int
    local: str = "*"
    of_type: bool = False


@dataclass(frozen=True, slots=True)
class BuildPart:
    """
    A folder that is built by itself, and what it is built with.

    `takes`: folders of the parts it refers to. `packages`: names of packages; one that is called like another part of
    the tree is made of it. `whole`: it may take in more than can be told.
    """

    name: str
    folder: str
    takes: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ChartFile:
    """
    A file of a Helm chart as written; what it declares is worked out once all files of the chart are known.

    `kind`: chart (`Chart.yaml`), values, template, or helper (templates that only define others).
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """An object as written, for the patches of kustomizations; or a file of such patches, without `kind`."""

    kind: str
    name: str
    extent: Extent
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """
    A patch of a workload or other object that a kustomization makes.

    `kind`, `name`: of its targets, as patterns; "" where the text says it. `labels`: of its targets. `text`: what is
    merged, or a list of operations, with the `line` it begins on; where it stands in a file of its own, its `path`.
    """

    kind: str
    name: str
    extent: Extent
    text: str = ""
    line: int = 0
    path: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """
    A kustomization: what it takes in (files and folders of the tree), and what becomes of that.

    `images`: new names of images, by name. `patches`: files of the tree that are merged into objects.
    `files`: ConfigMaps it makes, each with one of the files of the tree that are in it.
    """

    extent: Extent
    resources: tuple[str, ...] = ()
    namespace: str = ""
    prefix: str = ""
    suffix: str = ""
    images: tuple[tuple[str, str], ...] = ()
    patches: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Declarations:
    """
    All that one file declares; `format` is the name of the plug-in that read it.

    `commands`: what a script runs, in its order, for those that start it.
    """

    format: str
    services: tuple[ServiceDeclaration, ...] = ()
    bindings: tuple[Binding, ...] = ()
    routes: tuple[GatewayRoute, ...] = ()
    channels: tuple[ChannelDeclaration, ...] = ()
    traffic: tuple[TrafficPolicy, ...] = ()
    contracts: tuple[Contract, ...] = ()
    charts: tuple[ChartFile, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    resources: tuple[Resource, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    commands: tuple[ScriptCommand, ...] = ()
    modules: tuple[ModuleName, ...] = ()
    imports: tuple[FolderImport, ...] = ()
    parts: tuple[BuildPart, ...] = ()
    manifests: tuple[Manifest, ...] = ()
