"""What deployment and build files say of services: what runs, from which code, under which addresses and values."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from commlint.model.places import Extent
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
    `needs`: other modules of the same build that it takes in, by their path in it (`:orders:domain`) or their name.
    `extends`: the service of another file it takes over from, as `PATH#NAME`.
    `runs`: languages of the code that its image is made to run, none when that is not known.
    `entrypoint`: of an image, what takes the command of a deployment as its arguments.
    `profiles`: it runs only where one of these is asked for; none when it always runs.
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
    needs: tuple[str, ...] = ()
    extends: str = ""
    runs: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


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
class ScriptCommand:
    """
    A command that a script runs.

    `label`: the function, or the branch for one argument, that it stands in; "" when it is run in any case.
    """

    words: tuple[str, ...]
    label: str = ""
