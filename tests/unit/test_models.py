"""The shipped library models: readable, in the words of the model language, and true where Python itself can tell."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from commlint.model import libraries
from commlint.model.libraries import FORMS, ROLES, AddressModel, LibraryModel, SiteModel
from commlint.store.catalogue import POLICIES, parse_catalogue
from commlint.store.modelfiles import ModelFile, ModelFiles, model_files
from commlint.store.shipped import rules_directory

HOME = rules_directory() / "models"
FILES = sorted(path.relative_to(HOME).as_posix() for path in HOME.rglob("*.yaml"))
MODELS = {
    file: msgspec.convert(yaml.safe_load((HOME / file).read_text("utf-8")), LibraryModel, strict=True) for file in FILES
}

PAGE = Path(__file__).parents[2] / "docs" / "library-models.md"
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

NAME = r"[A-Za-z_][\w-]*"
KEYS = r"(?:/[^/|]+)*"
WORDS = {
    "arg": rf"arg:(?:-?\d+|\*){KEYS}",
    "kw": rf"kw:{NAME}{KEYS}",
    "args": rf"args:\d+{KEYS}",
    "kws": r"kws",
    "member": rf"member:{NAME}",
    "owner": rf"owner:{NAME}",
    "method": rf"method:{NAME}",
    "beside": rf"beside:{NAME}",
    "factory": rf"factory:{NAME}",
    "everywhere": rf"everywhere:{NAME}",
    "chain": rf"chain:{NAME}(?:/(?:arg:(?:-1|\d+)|kw:{NAME}){KEYS})?",
    "returned": rf"returned:{NAME}(?:/(?:arg:(?:-1|\d+)|kw:{NAME}){KEYS})?",
    "config": r"config:.+",
    "receiver": r"receiver",
    "result": rf"result(?::{NAME})?",
    "decorated": r"decorated",
    "enclosing": r"enclosing",
    "handler-name": r"handler-name(:bare)?",
    "name": r"name",
    "capture": rf"capture:{NAME}",
    "const": r"const:.*",
    "value": rf"value{KEYS}",
    "owner-name": rf"owner-name:(?:{NAME})?",
    "decorated-name": r"decorated-name",
    "decorated-result": r"decorated-result",
    "decorated-takes": r"decorated-takes:\d+",
    "receiver-type": r"receiver-type:\d+",
    "type": r"type:\d+",
    "type-name": r"type-name:\d+",
    "deriving": r"deriving:[\w.]+",
    "entry": rf"entry:{NAME}",
    "half": rf"half:(?:args?:\d+(?:/[\w-]+)*|kw:{NAME})",
    "path-of": rf"path-of:(?:arg:-?\d+|kw:{NAME}|type:\d+|value|receiver)",
    "owner-path": r"owner-path",
    "base-name": r"base-name",
    "object-type": rf"object-type:(?:arg:-?\d+|kw:{NAME}|value|receiver)",
}
FIELDS = {each.name for each in fields(AddressModel)} | set(POLICIES) | {"style", "effect", "target"}
DOTTED = re.compile(r"(?:[\w@/-]|\{[^{}]+\})+(?:\.(?:[\w@/-]|\{[^{}]+\})+)*")


def of_site(site: SiteModel) -> Iterator[str]:
    """Every locator of a site."""
    for part in fields(AddressModel):
        yield getattr(site.address, part.name)
    for option in site.policies.values():
        yield option.at
    if site.handler is not None:
        yield site.handler.at
    if site.value is not None:
        yield from site.value.of
    yield from site.when
    yield from (site.target, site.child, site.prefix, site.parent, site.into, site.key)
    if ":" in site.style:
        yield site.style
    if site.effect.startswith(("sql:", "sets:", "inserts:")):
        yield site.effect.partition(":")[2]
    yield from re.findall(r"\{(arg:[^}]*|kw:[^}]*)\}", site.returns + site.element)


def words(locator: str) -> list[str]:
    """The alternatives of a locator."""
    if locator.startswith("const:"):
        return [locator]
    return [part.strip() for part in re.split(r"\|(?![^{}]*\})", locator) if part.strip()]


def sites(file: str) -> Iterator[tuple[str, SiteModel]]:
    for site in MODELS[file].sites:
        yield f"{file} {site.names[0]} ({site.role})", site


def test_there_are_models() -> None:
    """The shelf is not empty."""
    assert "python/requests.yaml" in FILES


def test_the_words_tested_here_are_those_of_the_language() -> None:
    """Every word of the locator table of the model language is known to this test, and no other."""
    told = set(re.findall(r"^`([a-z-]+)[:`]", libraries.__doc__ or "", re.MULTILINE))

    assert told == set(WORDS)


def test_the_store_reads_them_all(tmp_path: Path) -> None:
    """The strict loader takes every shipped file."""
    catalogue = parse_catalogue(model_files(tmp_path))

    assert {model.library for model in catalogue.models} == {model.library for model in MODELS.values()}


def test_each_library_has_one_file() -> None:
    """No two files of a language describe the same library."""
    named = [(model.language, model.library) for model in MODELS.values()]

    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_of_the_manual(number: int) -> None:
    """Every example in the page on the model language is a model the strict loader takes."""
    text = EXAMPLES[number]
    if text.startswith("- "):
        text = "library: example\nlanguage: python\nsites:\n" + text

    (model,) = parse_catalogue(ModelFiles((ModelFile("docs/library-models.md", text.encode()),), "")).models

    assert model.sites or model.types or model.resources


@pytest.mark.parametrize("file", FILES)
def test_language_is_the_folder(file: str) -> None:
    """A model stands in the folder of its language and names its documentation."""
    model = MODELS[file]

    assert model.language == file.split("/")[0]
    assert model.reference.startswith("https://")


@pytest.mark.parametrize("file", FILES)
def test_roles_forms_and_policies(file: str) -> None:
    """Roles, forms and policies are words of the model language."""
    wrong = [
        where
        for where, site in sites(file)
        if site.role not in ROLES or site.form not in FORMS or {*site.policies, *site.taints} - set(POLICIES)
    ]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_value_kinds(file: str) -> None:
    """A value is of a kind the model language has; a site of role value has one or says what type it returns."""
    kinds = set(re.findall(r"([a-z-]+) \(", _kinds()))

    wrong = [
        where
        for where, site in sites(file)
        if (site.value is not None and site.value.kind not in kinds)
        or (site.role == "value" and site.value is None and not site.returns)
    ]

    assert wrong == []


def _kinds() -> str:
    return (libraries.ValueModel.__doc__ or "").partition("`kind`:")[2]


@pytest.mark.parametrize("file", FILES)
def test_locators(file: str) -> None:
    """Every alternative of every locator is a word of the model language."""
    wrong = [
        f"{where}: {word}"
        for where, site in sites(file)
        for locator in of_site(site)
        for word in words(locator)
        if not any(re.fullmatch(pattern, word) for pattern in WORDS.values())
    ]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_factory_fields(file: str) -> None:
    """What is asked of the site that made an object is a part of an address or a policy."""
    wrong = [
        f"{where}: {word}"
        for where, site in sites(file)
        for locator in of_site(site)
        for word in words(locator)
        if word.startswith("factory:") and word.partition(":")[2] not in FIELDS
    ]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_captures_exist(file: str) -> None:
    """A capture that is used stands in every name of the site."""
    wrong = []
    for where, site in sites(file):
        told = [set(re.findall(r"\{(\w+)\}", name)) for name in site.names]
        for locator in of_site(site):
            for word in words(locator):
                used = {word.partition(":")[2]} if word.startswith("capture:") else set()
                if word.startswith("const:") and any(told):
                    used |= set(re.findall(r"\{(\w+)\}", word)) - {"member", "name"}
                if any(used - captures for captures in told):
                    wrong.append(f"{where}: {word}")

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_names_are_canonical(file: str) -> None:
    """No name of a site, type or result is changed by an alias: it would never be met."""
    model = MODELS[file]
    family = [each for each in MODELS.values() if each.language == model.language]
    aliases = {key: value for each in family for key, value in each.aliases.items()}
    named = [name for site in model.sites for name in (*site.names, site.returns, site.element) if name]
    named += [
        name for key, entry in model.types.items() for name in (key, *entry.bases, *entry.attributes.values()) if name
    ]

    # The first type argument of the object, in place of a type of the library.
    named = [name for name in named if not re.fullmatch(r"type:\d", name)]
    wrong = [name for name in named if not DOTTED.fullmatch(name) or _aliased(name, aliases)]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_aliases_end(file: str) -> None:
    """Following aliases comes to an end."""
    aliases = {key: value for model in MODELS.values() for key, value in model.aliases.items()}

    wrong = []
    for start in MODELS[file].aliases:
        name = start
        for _ in range(4):
            name = _canonical(name, aliases)
        if _aliased(name, aliases):
            wrong.append(start)

    assert wrong == []


def _canonical(name: str, aliases: dict[str, str]) -> str:
    head = name
    while head:
        if head in aliases:
            return aliases[head] + name[len(head) :]
        head = head.rpartition(".")[0]
    return name


def _aliased(name: str, aliases: dict[str, str]) -> bool:
    return _canonical(name, aliases) != name


@pytest.mark.parametrize("file", FILES)
def test_library_bases_are_described(file: str) -> None:
    """A base of a type is a type some model describes."""
    known = {name for model in MODELS.values() for name in model.types}

    wrong = [
        f"{name}: {base}" for name, entry in MODELS[file].types.items() for base in entry.bases if base not in known
    ]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_words_of_options(file: str) -> None:
    """Texts that options and conditions compare with are lower case, as they are compared; units are known."""
    wrong = []
    for where, site in sites(file):
        for name, option in site.policies.items():
            known = option.unit in ("seconds", "milliseconds", "minutes") or option.unit.startswith("arg:")
            if not known or any(k != k.lower() for k in option.values):
                wrong.append(f"{where}: {name}")
        if any(text != text.lower() for accepted in site.when.values() for text in accepted):
            wrong.append(f"{where}: when")

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_what_each_role_needs(file: str) -> None:
    """A use that runs something says what, a mount says what is mounted, an operation has a protocol."""
    wrong = []
    for where, site in sites(file):
        missing = (
            (site.role in ("client", "server", "producer", "consumer") and not site.protocol)
            or (site.role == "mount" and not site.child)
            or (site.role in ("spawn", "offload") and site.form == "call" and not site.target)
            or (site.role == "deadline" and "timeout" not in site.policies)
            or (site.role == "retry" and "attempts" not in site.policies)
        )
        if missing:
            wrong.append(where)

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_http_clients_know_their_timeout(file: str) -> None:
    """Every HTTP or gRPC client says how a timeout is given and what holds without one."""
    wrong = [
        where
        for where, site in sites(file)
        if site.role == "client" and site.protocol in ("http", "grpc", "graphql") and "timeout" not in site.policies
    ]

    assert wrong == []


def _imported(name: str) -> tuple[Any, Any]:
    """What a dotted name of the standard library is, and what it is a member of; None when there is no such thing."""
    parts = name.split(".")
    owner: Any = None
    found: Any = importlib.import_module(parts[0])
    for depth, part in enumerate(parts[1:], 2):
        if inspect.ismodule(found) and not hasattr(found, part):
            with suppress(ImportError):
                importlib.import_module(".".join(parts[:depth]))
        owner, found = found, getattr(found, part, None)
    return found, owner


def _positional(name: str) -> list[str] | None:
    """The names of the positional parameters of a function or constructor, None when they cannot be read."""
    found, owner = _imported(name)
    if found is None:
        return None
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [each.name for each in signature.parameters.values() if each.kind in kinds]
    return names[1:] if inspect.isclass(owner) and inspect.isfunction(found) and names[:1] == ["self"] else names


STANDARD = sorted(
    {
        (file, name)
        for file, model in MODELS.items()
        if model.language == "python"
        for site in model.sites
        for name in site.names
        if name.split(".")[0] in sys.stdlib_module_names and "{" not in name and _positional(name) is not None
    }
)


@pytest.mark.parametrize(("file", "name"), STANDARD)
def test_positions_of_the_standard_library(file: str, name: str) -> None:
    """A positional locator beside keywords is the position of one of them in the real signature."""
    parameters = _positional(name) or []

    wrong = []
    for site in MODELS[file].sites:
        for locator in of_site(site) if name in site.names else ():
            told = words(locator)
            named = [word[3:].split("/")[0] for word in told if word.startswith("kw:")]
            for word in told:
                if named and word.startswith("arg:"):
                    position = int(word[4:].split("/")[0])
                    if position >= len(parameters) or parameters[position] not in named:
                        wrong.append(locator)

    assert wrong == []
