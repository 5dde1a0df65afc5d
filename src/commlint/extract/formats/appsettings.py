"""Configuration of .NET programs: `appsettings.json`, `launchSettings.json`, routes of Ocelot and YARP."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract import dotnet_routes
from commlint.extract.json import read_object
from commlint.extract.nodes import MapNode
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.settings import SETTING_LIMIT, Setting, flattened
from commlint.model.declarations import Declarations
from commlint.model.deployments import PORT, PROFILES, Binding, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute
from commlint.model.values import Choice, EnvironmentRead, Literal, Sequence, Value

SIZE_LIMIT = 2_000_000

_SETTINGS = re.compile(r"^appsettings(?:\.(?P<profile>[^/]+))?\.json$")
_OCELOT = re.compile(r"^(?:ocelot|gateway|yarp|reverseproxy)(?:[.-](?P<profile>[^/]+))?\.json$|^configuration\.json$")
_LAUNCH = "launchsettings.json"
_NUMBER = re.compile(r":(\d{2,5})(?:[/;]|$)")
_START = Extent(1, 1, 1, 1)
_ENVIRONMENT = Choice((EnvironmentRead("ASPNETCORE_ENVIRONMENT"), EnvironmentRead("DOTNET_ENVIRONMENT")))


class AppSettingsReader(FormatReader):
    """Reads the JSON files a .NET host takes its configuration from; keys are joined by colons."""

    name: ClassVar[str] = "appsettings"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("appsettings*.json", "launchsettings.json", "ocelot*.json", "gateway*.json",
                                        "configuration.json", "yarp*.json", "reverseproxy*.json")  # fmt: skip

    def claims(self, path: str, source: bytes) -> bool:
        base = posixpath.basename(path).lower()
        if _SETTINGS.match(base) or base == _LAUNCH:
            return True
        told = source.lower()
        return _OCELOT.match(base) is not None and (b"downstream" in told or b"clusterid" in told)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration file; it was not read")
            return Declarations(self.name), (much,)
        tree, notices = read_object(path, source)
        base = posixpath.basename(path).lower()
        if base == _LAUNCH:
            return Declarations(self.name, bindings=tuple(_launch(path, tree))), notices
        named = _SETTINGS.match(base) or _OCELOT.match(base)
        profile = (named["profile"] if named else None) or ""
        bindings = [Binding(f"settings:{path}", PROFILES, _ENVIRONMENT, self.name, _START)]
        for setting in flattened(tree, ":", ":{}"):
            bindings.append(_binding(path, setting, profile))
        if len(bindings) > SETTING_LIMIT:
            notices = (*notices, Notice(path, 0, f"more than {SETTING_LIMIT} settings; the rest was not read"))
        traffic = dotnet_routes.traffic(tree)
        services = (*_gateway(path, traffic.routes), *_registered(path, tree))
        return Declarations(self.name, services, tuple(bindings), traffic.routes, traffic=traffic.rules), notices


def _binding(path: str, setting: Setting, profile: str) -> Binding:
    value: Value = Literal(setting.text)
    if setting.items:
        value = Sequence(tuple(Literal(item) for item in setting.items))
    return Binding(f"settings:{path}", setting.key, value, "appsettings", setting.extent, profile)


def _launch(path: str, tree: MapNode) -> Iterator[Binding]:
    """The ports that the profiles of a project make it listen on, where a developer starts it."""
    ports: dict[str, Extent] = {}
    for _, profile in tree.at("profiles").entries:
        if isinstance(profile, MapNode):
            for number in _NUMBER.findall(profile.text("applicationUrl")):
                ports.setdefault(number, profile.place("applicationUrl"))
    if ports:
        # The folder `Properties` lies in that of the program.
        scope = f"settings:{path}"
        value = Sequence(tuple(Literal(number) for number in ports))
        yield Binding(scope, PORT, value, "appsettings", next(iter(ports.values())))


def _registered(path: str, tree: MapNode) -> Iterator[ServiceDeclaration]:
    """The name a program tells a registry, as Steeltoe reads it."""
    name = next((text for key in ("Spring", "spring") if (text := _named(tree.at(key)))), "")
    if name and "${" not in name:
        yield ServiceDeclaration(name, "dotnet-application", _START, source_root=folder_of(path))


def _named(spring: MapNode) -> str:
    return next((text for key in ("Application", "application") for sub in ("Name", "name")
                 if (text := spring.at(key).text(sub))), "")  # fmt: skip


def _gateway(path: str, routes: tuple[GatewayRoute, ...]) -> Iterator[ServiceDeclaration]:
    if routes:
        yield ServiceDeclaration("", "dotnet-application", _START, kind="gateway", source_root=folder_of(path))
