"""Provision: the infrastructure code of all files becomes what it declares, in the files where it stands."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from commlint.model.channels import ChannelDeclaration
from commlint.model.declarations import Resource
from commlint.model.facts import FactSet, Notice
from commlint.model.libraries import Catalogue, ResourceModel
from commlint.provision.channels import Gathering, Models
from commlint.provision.declared import channels_of
from commlint.provision.modules import Block, Module, World, source_of
from commlint.provision.runs import Told, runs_of
from commlint.provision.scopes import Scope

_FOR_SHOW = frozenset({"example", "examples", "test", "tests", "fixtures", "wrappers", "samples"})
_ADDRESSES = {"variable": "var.{}", "local": "local.{}", "output": "output.{}", "module": "module.{}"}


def provision(facts: FactSet, catalogue: Catalogue) -> tuple[FactSet, tuple[Notice, ...]]:
    """
    The facts with channels, services, bindings and triggers in place of the resources that declare them.

    Pure and deterministic; bounded in work, with a notice for each module that was cut short.
    """
    modules = _modules(facts)
    if not modules:
        return facts, ()
    world = World(modules)
    gathering, published = Gathering(_models(catalogue)), _published(modules)
    for place in sorted(modules):
        if place in published:
            gathering.take(Scope(world, modules[place], f"{place}:"))
            if not modules[place].runs:
                gathering.take(Scope(world, modules[place], f"{place}?", defaults=False))
    gathering.settle()
    made = channels_of(gathering, published)
    notices = tuple(
        Notice(
            place,
            0,
            "modules that call each other, or values that grow without end, were not followed; write them once",
        )
        for place in sorted(world.cut)
    )
    return _told(facts, made, runs_of(gathering)), notices


def _models(catalogue: Catalogue) -> Models:
    found: dict[str, list[ResourceModel]] = defaultdict(list)
    for library in catalogue.models:
        for model in library.resources:
            for name in model.types:
                found[name].append(model)
    return {name: tuple(models) for name, models in found.items()}


def _modules(facts: FactSet) -> dict[str, Module]:
    """All modules by their place: Terraform has one in a folder, any other format one in a file."""
    found: dict[str, Module] = {}
    for file in facts:
        if file.declarations is None or not file.declarations.resources:
            continue
        whole = file.declarations.format == "terraform"
        place = posixpath.dirname(file.path) if whole else file.path
        module = found.setdefault(place, Module(place))
        for item in file.declarations.resources:
            _add(module, file.path, item)
    return found


def _add(module: Module, path: str, item: Resource) -> None:
    if item.kind == "root":
        module.runs = True
    elif item.kind == "given":
        module.runs = True
        if item.settings is not None:
            module.given.setdefault(item.name, []).append(item.settings)
    else:
        typed = f"data.{item.type}.{item.name}" if item.kind == "data" else f"{item.type}.{item.name}"
        address = _ADDRESSES[item.kind].format(item.name) if item.kind in _ADDRESSES else typed
        module.blocks.setdefault(address, Block(path, item))


def _published(modules: dict[str, Module]) -> frozenset[str]:
    """Places that are run by themselves, or called by nobody but examples: what calls them is elsewhere."""
    callers: dict[str, set[str]] = defaultdict(set)
    for place, module in modules.items():
        for _, block in module.of_kind("module"):
            target = source_of(module, block.item)
            if target is not None and target != place:
                callers[target].add(place)
    return frozenset(
        place for place in modules if all(_is_for_show(caller) and not _is_for_show(place) for caller in callers[place])
    ) | _unreached(modules, callers)


def _unreached(modules: dict[str, Module], callers: dict[str, set[str]]) -> frozenset[str]:
    """One place of each ring of modules that only call each other."""
    reached: set[str] = set()
    starts: set[str] = set()
    for place in sorted(modules):
        seen: set[str] = set()
        pending = [place]
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                pending.extend(callers[current])
        if all(callers[each] for each in seen) and not seen & reached:
            starts.add(place)
            reached |= seen
    return frozenset(starts)


def _is_for_show(place: str) -> bool:
    return not _FOR_SHOW.isdisjoint(place.lower().split("/"))


def _told(facts: FactSet, made: Iterable[tuple[str, ChannelDeclaration]], runs: Mapping[str, Told]) -> FactSet:
    by_path: dict[str, list[ChannelDeclaration]] = defaultdict(list)
    for path, declaration in made:
        by_path[path].append(declaration)
    files = []
    for file in facts:
        known = file.declarations
        if known is not None and (known.resources or file.path in by_path or file.path in runs):
            told = runs.get(file.path, Told())
            known = replace(
                known,
                resources=(),
                channels=(*known.channels, *by_path.get(file.path, ())),
                services=(*known.services, *told.services),
                bindings=(*known.bindings, *told.bindings),
                triggers=(*known.triggers, *told.triggers),
            )
            file = replace(file, declarations=known)
        files.append(file)
    return FactSet(tuple(files))
