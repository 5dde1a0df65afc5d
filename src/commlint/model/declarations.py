"""What the files around the code declare: services, values, routes, channels, policies, contracts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from commlint.model.places import Extent
from commlint.model.remedies import Remedy
from commlint.model.values import Value

# Folders that hold Dockerfiles and no code: the code is then where the build context is.
_DRAWERS = frozenset({
    "docker", ".docker", "dockerfile", "dockerfiles", "container", "containers", "images", "build", "ci", "deploy",
    "deployment", "deployments", "infra", "infrastructure", "ops", "devops", ".devcontainer",
})  # fmt: skip


# What every service has, under whatever key its framework keeps it: a settings file says it in a value of these names.
PROFILES, PORT, PREFIX = "@profiles", "@port", "@prefix"
# Followed by a key: the framework itself calls the address that stands there.
CALLED = "@called:"
# A server that is asked when the program starts gives it settings too.
ELSEWHERE = "@elsewhere"
# The name of a binding whose value names a file that is taken in.
IMPORTED = "@imported"

# Among what the libraries of a service are for: all of them are known.
NOTHING_ELSE = "nothing else"


@dataclass(frozen=True, slots=True)
class Port:
    """
    A port others reach a service on; `published` is the host side (or the node port of a Kubernetes Service).

    `name` as in Kubernetes. `target`: the workload's port a Kubernetes Service sends to, as number or name.
    """

    number: int
    published: int | None = None
    name: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """
    How an image is built: folder of the build context and path of the Dockerfile, relative to the root.

    `dockerfile` may hold `${NAME}` of the `.env` beside the compose file; `source_root` is None until it is filled in.
    `arguments` are what it is given for the ARGs of the Dockerfile.
    """

    context: str
    dockerfile: str
    stage: str = ""
    arguments: tuple[tuple[str, str], ...] = ()

    @property
    def source_root(self) -> str | None:
        """
        The folder of the code: the Dockerfile's when that is deeper and no mere drawer of Dockerfiles.

        A drawer inside the folder of the code is left: `orders` of `orders/build/docker`.
        """
        if "$" in self.context or "$" in self.dockerfile:
            return None
        folder = posixpath.dirname(self.dockerfile) or "."
        deeper = posixpath.relpath(folder, self.context).split("/")
        while deeper and deeper[-1].lower() in _DRAWERS:
            deeper.pop()
        if not deeper or deeper[0] in (".", "..") or _DRAWERS.intersection(part.lower() for part in deeper):
            return self.context
        return posixpath.normpath(posixpath.join(self.context, *deeper))


@dataclass(frozen=True, slots=True)
class ServiceDeclaration:
    """
    One deployed unit, or evidence of one.

    `origin`: compose, kubernetes, kubernetes-service, dockerfile, python-build … (the format's name).
    `kind`: "" when not known (a plain service), else database, broker, cache, gateway, job,
    observability, registry …, told by its image.
    `source_root`: directory of its code relative to the system root, None when not stated.
    `namespace`: Kubernetes namespace, compose project or "".
    `selects`: labels a Kubernetes Service selects by, or labels a workload carries.
    `copies`: source paths a Dockerfile copies into the image, as written, relative to the build context.
    `builds`: folders and files that the program in the image is built from, as the build names them; `${NAME}` in them
    is an argument of the build.
    `build`: where its image comes from, None when not stated.
    `mounts`: files and folders of the tree that it finds beside its own when it runs.
    `uses`: kinds of infrastructure (registry, config), or protocols (amqp, mongodb), that its libraries are for;
    NOTHING_ELSE among them when all libraries are known.
    `handlers`: what the platform calls, each as path without suffix and name of the function (`src/app.handler`).
    `extends`: the service of another file it takes over from, as `PATH#NAME`.
    `runs`: languages of the code that its image is made to run, none when that is not known.
    `entrypoint`: of an image, what takes the command of a deployment as its arguments.
    A later document about the same name adds what it states; empty fields state nothing.
    """

    name: str
    origin: str
    extent: Extent
    kind: str = ""
    namespace: str = ""
    image: str = ""
    source_root: str | None = None
    command: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    selects: tuple[tuple[str, str], ...] = ()
    depends_on: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    build: Build | None = None
    uses: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    extends: str = ""
    runs: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """
    A name is given a value in a scope; among bindings of one file and scope the later wins.

    `scope`: `service:NAME` (its environment), `configmap:NAME`, `secret:NAME`, `file:PATH` (a dotenv file),
    `dockerfile:PATH` (what the image sets), `settings:PATH` (configuration keys of the service in whose
    folder it lies), `named-settings:PATH` (those of the service whose name the file bears).
    A name "*" takes over all bindings of the scope its value (a ConfigRead of that scope) names;
    with a prefix (`APP_*`) their names get it.
    A reference to one key of another scope is ConfigRead("configmap:NAME/KEY").
    An EnvironmentRead in a value of origin "compose" is read where compose runs (the `.env` beside the file),
    in one of origin "kubernetes" from the environment of the same service.
    `profile`: the setting holds only where this profile or environment is active (`docker`, `a|b`, `!cloud`).
    A setting named PROFILES, PORT or PREFIX says where the services of the file keep that.
    """

    scope: str
    name: str
    value: Value
    origin: str
    extent: Extent
    profile: str = ""


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """
    Requests that a rule is for; all that is given has to agree.

    `how` says what `path` is: a `prefix`, the `exact` path, a `pattern` (a regular expression), "" for any path.
    `partly`: headers, query or something else decides too. `any_case`: small and large letters are the same.
    `port`: the one they are sent to. `gateways`: where they come in; empty is wherever the rule holds.
    """

    path: str = ""
    how: str = ""
    methods: tuple[str, ...] = ()
    partly: bool = False
    any_case: bool = False
    port: int | None = None
    gateways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    """
    A gateway or ingress sends host + path prefix to a service; `rewrite` replaces the prefix (None keeps it).

    `gateway`: "" for the service whose file it is, `mesh` for the side of every caller, `configmap:NAME` for who has
    that mounted. `address`: where the route leads, where settings have a say in it; `target`, `port` and the path of
    the address before `rewrite` are then what link makes of it.
    `match`: the requests it takes, where a prefix does not say it. `pattern`, `replacement`: what a path becomes by a
    regular expression and its groups (`$1`).
    """

    gateway: str
    host: str
    path: str
    target: str
    port: str
    rewrite: str | None
    extent: Extent
    address: Value | None = None
    match: RouteMatch = RouteMatch()
    pattern: str = ""
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class ChannelDeclaration:
    """
    A queue, topic, exchange, subscription, or function that is invoked asynchronously, as a file declares it.

    `kind`: queue, topic, exchange, subscription, stream, function, mapping, rule, connector; `policy` speaks for every
    queue of the broker whose name its `name`, a pattern, matches.
    `address`: what the file calls it (`aws_sqs_queue.orders`), "" where that is its name.
    `dead_letter`: "set", "unset", "unknown" or "is-a-dlq"; `target`: where dead letters go, as far as known.
    `redelivery_limit` in deliveries; None when not stated.
    `visibility`: seconds a message stays with who took it (visibility timeout, ack deadline); None when not stated.
    `runs_for`: seconds the declared function that takes its messages may run; None when there is none.
    `sources`: channels whose messages arrive here. `priority`: among policies that match, the highest counts.
    `scope`: virtual host or namespace. `ephemeral`: it is gone with its consumer.
    `takers`: functions and channels that its messages start or go on to, as files declare it.
    `watched`: something declared takes what arrives here, or raises an alarm.
    `fault`: what is wrong with where dead letters go: `itself`, `cycle` or `missing`; "" when nothing is.
    `shared`: several callers make different channels of this block; what each of them makes is declared beside it.
    A `binding` leads messages of its `sources` that have its `routing_key` to the queue `name`.
    `remedy`: the one edit of its block that would give it a dead letter, None when there is none.
    """

    name: str
    kind: str
    broker: str
    extent: Extent
    dead_letter: str = "unknown"
    target: str = ""
    redelivery_limit: int | None = None
    visibility: float | None = None
    durable: bool | None = None
    sources: tuple[str, ...] = ()
    address: str = ""
    runs_for: float | None = None
    priority: int = 0
    scope: str = ""
    ephemeral: bool = False
    routing_key: str = ""
    shared: bool = False
    watched: bool = False
    takers: tuple[str, ...] = ()
    fault: str = ""
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    Messages of a channel, or requests, start a declared function.

    `function`: name of its ServiceDeclaration. `handler`: path of the file without suffix and name of the function in
    it (`src/app.handler`), "" when not known. `channel`: its name, as `broker` has it; with the broker `http` the path
    of the requests, of this `method` ("" for any).
    `asynchronous`: the platform holds the message and tries again by itself.
    """

    function: str
    handler: str
    broker: str
    channel: str
    extent: Extent
    asynchronous: bool = False
    method: str = ""


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
class Detection:
    """Whether failing hosts are left out where a rule says something else of a subset or port than of all the rest."""

    detects: bool
    subset: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class TrafficPolicy:
    """
    What one rule of a mesh or gateway does with traffic to `hosts`, in the order rules are tried.

    `kind`: virtualservice, destinationrule, httproute, ingress, zuul-route … (what the object is called).
    `hosts`: as callers write them. `matches`: any of them; none is every request. `destinations`: where it sends.
    `gateways`: where it holds: at the caller's side of every call (`mesh`), or at the gateways of these names ("" for
    the service whose file it is). `delegate`: the object whose rules take over, as `namespace/name` or `name`.
    `visible`: namespaces whose callers it speaks for, empty for all. `subsets`: those of its destinations.
    `timeout`: of several the shortest counts; seconds once multiplied by `scale`, 0 is none at all.
    `retries`: attempts after the first. What is not stated is empty.
    `timeout_entry`: path below `extent` of the entry that would state a timeout; "" where edits do not reach.
    """

    kind: str
    name: str
    hosts: tuple[str, ...]
    extent: Extent
    matches: tuple[RouteMatch, ...] = ()
    destinations: tuple[str, ...] = ()
    namespace: str = ""
    gateways: tuple[str, ...] = ("mesh",)
    delegate: str = ""
    timeout: tuple[Value, ...] = ()
    scale: float = 1.0
    per_try: Value | None = None
    retries: Value | None = None
    retry_on: str = ""
    outlier_detection: bool | None = None
    visible: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    detections: tuple[Detection, ...] = ()
    timeout_entry: str = ""


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
class ScriptCommand:
    """
    A command that a script runs.

    `label`: the function, or the branch for one argument, that it stands in; "" when it is run in any case.
    """

    words: tuple[str, ...]
    label: str = ""


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
    manifests: tuple[Manifest, ...] = ()
