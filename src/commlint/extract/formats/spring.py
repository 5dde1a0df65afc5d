"""Configuration of Spring, Micronaut, Quarkus and Ktor: `application.yml`, and files of a configuration repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from commlint.extract import hocon, properties, spring_routes
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.settings import SETTING_LIMIT, Keys, Setting, flattened, relaxed
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import decode, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import CALLED, ELSEWHERE, IMPORTED, PORT, PREFIX, PROFILES, Binding, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.placeholders import placeholders
from commlint.model.places import Extent
from commlint.model.values import ConfigRead, Literal, Sequence, Value

SIZE_LIMIT = 2_000_000

_OWN = re.compile(r"^(?:application|bootstrap)(?:-(?P<profile>[^/]+))?\.(?:ya?ml|properties|conf)$")
_SIGNS = (
    "spring", "eureka", "zuul", "hystrix", "ribbon", "feign", "management", "resilience4j", "server", "micronaut",
    "quarkus",
)  # fmt: skip
_TOP = re.compile(rf"^(?:{'|'.join(_SIGNS)})(?:\.[\w.-]+[ \t]*[:=]|[ \t]*:)".encode(), re.MULTILINE)
_ANOTHERS = re.compile(rb"^(?:apiVersion|services|version|scrape_configs|stages|jobs|on|kind)[ \t]*:", re.MULTILINE)
_ROOT = re.compile(
    r"(?:^|/)src/(?:main|\w*[mM]ain)/(?:resources|java|kotlin)(?:/.*)?$|(?:^|/)(?:resources|config|conf)$"
)
_RESOURCES = re.compile(r"(?:^|/)(?:src/main/)?resources/[^/]+\.conf$")
_NAMES = ("spring.application.name", "micronaut.application.name", "quarkus.application.name")
# What Quarkus sets for one profile; what it runs in by default is `prod`.
_PROFILED = re.compile(r"^[%](?P<profiles>[\w,-]+)\.")
# A program of another framework names its settings so; `server:` stands in many of them.
_OTHERS = re.compile(r"^(?:config|conf|settings)[\w.-]*\.ya?ml$")
_WORDS = re.compile(rb"spring|eureka|zuul|hystrix|ribbon|feign|resilience4j|management")
_START = Extent(1, 1, 1, 1)
# Addresses that the framework itself calls: of an authorisation server, a mail host, a store of configuration.
_CALLED = re.compile(
    r"^(?:spring\.)?security\.oauth2\..*(?:accesstokenuri|userinfouri|tokeninfouri|keyuri|keyseturi|jwkseturi|"
    r"issueruri|introspectionuri|tokenuri)$|^spring\.mail\.host$|^spring\.cloud\.config\.server\..*uri$"
    r"|^spring\.(?:datasource\.url|data\..*(?:uri|host)|r2dbc\.url|rabbitmq\.(?:host|addresses)|redis\.(?:host|url))$"
)
_ON_PROFILE = ("spring.config.activate.on-profile", "spring.profiles")
_KINDS = (
    ("spring.cloud.config.server", "config"),
    ("eureka.server", "registry"),
    ("zuul.routes", "gateway"),
    ("spring.cloud.gateway", "gateway"),
)

_FILES = ("classpath:", "file:")
_SERVERS = re.compile(r"(?:configserver|consul|nacos|vault|zookeeper|kubernetes|aws-[a-z]+):")
_ELSEWHERE = (
    "spring.cloud.config.uri", "spring.cloud.config.discovery", "spring.cloud.consul.config",
    "spring.cloud.nacos.config", "spring.cloud.zookeeper.config", "spring.cloud.kubernetes.config",
)  # fmt: skip
_ASKS_REGISTRY = ("eureka.client.register-with-eureka", "eureka.client.fetch-registry")

_PORTS = ("server.port", "quarkus.http.port", "micronaut.server.port", "ktor.deployment.port")
_PREFIXES = (
    "server.servlet.context-path", "server.context-path", "spring.webflux.base-path", "quarkus.http.root-path",
    "micronaut.server.context-path", "ktor.deployment.rootPath",
)  # fmt: skip


def _first(first: str, *others: str, otherwise: Value | None = None) -> Value:
    """A read of the first of several keys that is given."""
    value = otherwise
    for key in reversed(others):
        value = ConfigRead(key, value)
    return ConfigRead(first, value)


# Where the framework itself keeps what every service has.
_ROLES: tuple[tuple[str, Value], ...] = (
    (PROFILES, _first("spring.profiles.active", "micronaut.environments")),
    (PORT, _first(*_PORTS, otherwise=Literal(8080))),
    (PREFIX, _first(*_PREFIXES, otherwise=Literal(""))),
)


class SpringReader(FormatReader):
    """
    Reads configuration keys as Spring Boot does, each document with its profile, in YAML, properties and HOCON.

    The name of the application, the port and the prefix of its routes are told for the folder the file stands in.
    """

    name: ClassVar[str] = "spring"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yml", "*.yaml", "*.properties", "*.conf")

    def claims(self, path: str, source: bytes) -> bool:
        base = posixpath.basename(path).lower()
        if _OWN.match(base) or _RESOURCES.search(path):
            return True
        if base.endswith(".conf"):
            return False
        if len(source) > SIZE_LIMIT or _TOP.search(source) is None:
            return False
        if _OTHERS.match(base) and _WORDS.search(source) is None:
            return False
        return not is_yaml(path) or _ANOTHERS.search(source) is None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration file; it was not read")
            return Declarations(self.name), (much,)
        documents, notices = _documents(path, source)
        scope = f"{'settings' if _OWN.match(posixpath.basename(path).lower()) else 'named-settings'}:{path}"
        bindings: list[Binding] = [Binding(scope, role, value, self.name, _START) for role, value in _ROLES]
        services: list[ServiceDeclaration] = []
        traffic = Traffic()
        for document in documents:
            keys = Keys(document)
            profile = _profile(path, keys)
            # What is set for the profile that is active goes before what is always so.
            ordered = sorted(document, key=lambda setting: setting.key.startswith("%"))
            bindings.extend(each for setting in ordered if setting.key for each in _bindings(scope, setting, profile))
            if _asks_elsewhere(keys):
                bindings.append(Binding(scope, ELSEWHERE, Literal("true"), self.name, _START))
            services.extend(_application(path, keys))
            traffic += spring_routes.traffic(keys)
            if len(bindings) > SETTING_LIMIT:
                more = Notice(path, 0, f"more than {SETTING_LIMIT} settings; the rest was not read")
                notices = (*notices, more)
                break
        names = dict.fromkeys(_imported(path, source, documents))
        bindings.extend(Binding(scope, IMPORTED, Literal(name), self.name, _START) for name in names)
        found = Declarations(self.name, tuple(services[:1]), tuple(bindings), traffic.routes, traffic=traffic.rules)
        return found, notices


def _documents(path: str, source: bytes) -> tuple[list[list[Setting]], tuple[Notice, ...]]:
    if is_yaml(path):
        trees, notices = read_documents(path, source)
        return [list(flattened(tree)) for tree in trees], notices
    text, notices = decode(path, source)
    if path.endswith(".conf"):
        return [hocon.settings(text)], notices
    return list(properties.documents(text)), notices


def _imported(path: str, source: bytes, documents: list[list[Setting]]) -> Iterator[str]:
    """The names of the files whose settings a file takes in."""
    if path.endswith(".conf"):
        yield from (posixpath.basename(name) for name in hocon.included(decode(path, source)[0]))
    for document in documents:
        for setting in document:
            if relaxed(setting.key).startswith("spring.config.import"):
                written = (part.strip().removeprefix("optional:") for part in setting.text.split(","))
                yield from (posixpath.basename(each.rpartition(":")[2]) for each in written if each.startswith(_FILES))


def _profile(path: str, keys: Keys) -> str:
    """The profile a document is for: by the name of its file, or by a key of its own."""
    named = _OWN.match(posixpath.basename(path).lower())
    told = keys.text(*_ON_PROFILE)
    return (named["profile"] if named else None) or told.replace(",", "|").replace(" ", "")


def _bindings(scope: str, setting: Setting, profile: str) -> Iterator[Binding]:
    value: Value = placeholders(setting.text)
    if setting.items:
        value = Sequence(tuple(placeholders(item) for item in setting.items))
    profiled = _PROFILED.match(setting.key)
    if profiled is not None:
        setting = replace(setting, key=setting.key[profiled.end() :])
        named = profiled["profiles"].split(",")
        profile = "" if "prod" in named else "|".join(named)
    yield Binding(scope, setting.key, value, "spring", setting.extent, profile)
    if _CALLED.search(relaxed(setting.key)):
        yield Binding(scope, CALLED + setting.key, ConfigRead(setting.key), "spring", setting.extent, profile)


def _asks_elsewhere(keys: Keys) -> bool:
    """Whether a configuration server gives the program more settings."""
    imported = " ".join(setting.text for setting in keys if relaxed(setting.key).startswith("spring.config.import"))
    return _SERVERS.search(imported) is not None or any(keys.get(key) or keys.below(key) for key in _ELSEWHERE)


def _application(path: str, keys: Keys) -> Iterator[ServiceDeclaration]:
    """The application a file of its own names, with the kind its keys tell."""
    if _OWN.match(posixpath.basename(path).lower()) is None:
        return
    name = keys.get(*_NAMES)
    text = placeholders(name.text) if name is not None else None
    kind = _kind(keys)
    if name is None and not kind and not keys.below("ktor.application"):
        return
    yield ServiceDeclaration(
        name=str(text.value) if isinstance(text, Literal) else "",
        origin="spring-application",
        extent=name.extent if name is not None else _START,
        kind=kind,
        source_root=_module(path),
    )


def _kind(keys: Keys) -> str:
    told = next((kind for prefix, kind in _KINDS if keys.below(prefix)), "")
    # A registry neither registers with itself nor asks itself.
    alone = all(keys.text(key).lower() == "false" for key in _ASKS_REGISTRY)
    return told or ("registry" if alone else "")


def _module(path: str) -> str:
    """The folder of the program a file in its resources belongs to."""
    folder = folder_of(path)
    found = _ROOT.search(folder)
    return (folder[: found.start()] or ".") if found else folder
