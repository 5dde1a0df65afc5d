"""Answers from the library models: which sites a canonical name has, what types have which members."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from commlint.model.libraries import Catalogue, Give, LibraryModel, SiteModel, TagModel, TypeModel
from commlint.model.values import Literal, Scalar

_ANY = re.compile(r"\{\w+\}")
_REPEATED = re.compile(r"\(\?P=(\w+)\)")
_CAPTURE = re.compile(r"\\\{(\w+)\\\}")
_CAPTURED = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A site model that a name matched, with what its captures matched."""

    model: LibraryModel
    site: SiteModel
    name: str
    captures: tuple[tuple[str, str], ...] = ()

    def capture(self, key: str) -> str | None:
        return dict(self.captures).get(key)

    @property
    def is_maker(self) -> bool:
        """Whether it is a decorator that says how what stands beside it was made."""
        return self.site.role == "factory" and self.site.form == "decorator"


def top_names(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """By language the first segments of everything its models name: modules of that name are libraries."""
    found: dict[str, set[str]] = defaultdict(set)
    for model in catalogue.models:
        named = [*model.imports, *model.types, *model.aliases, *(name for site in model.sites for name in site.names)]
        found[model.language].update(name.split(".")[0] for name in named)
    return {language: frozenset(name for name in names if "{" not in name) for language, names in found.items()}


class _Named(NamedTuple):
    """A name with captures, numbered in the order of the models; `letters`: the longest stretch that is none."""

    number: int
    pattern: re.Pattern[str]
    letters: str
    model: LibraryModel
    site: SiteModel


class Library:
    """All library models of one language as one table."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self.models = tuple(model for model in catalogue.models if model.language == language)
        self.types: dict[str, TypeModel] = {}
        self.aliases: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}
        self._handing: set[str] = set()
        self.called: set[str] = set()
        self.constants: dict[str, Scalar] = {}
        self.tags: dict[str, TagModel] = {}
        self._exact: dict[str, list[Match]] = defaultdict(list)
        self.any_method = False
        self.namespaces: frozenset[str] = frozenset()
        forms = {site.form for model in self.models for site in model.sites}
        self.has_fields, self.has_parameters, self.has_held = (each in forms for each in ("field", "parameter", "held"))
        self._set_up = {site.configures for model in self.models for site in model.sites} - {""}
        self._generated: set[re.Pattern[str]] = set()
        self._proxying: set[str] = set()
        # By their last segment, "" for one with a capture; numbered in the order of the models.
        self._patterns: dict[str, list[_Named]] = defaultdict(list)
        for model in self.models:
            self.types.update(model.types)
            self.aliases.update(model.aliases)
            self.constants.update(model.constants)
            self.tags.update(model.tags)
            for site in model.sites:
                for name in site.names:
                    self._add(model, site, name)

    def _add(self, model: LibraryModel, site: SiteModel, name: str) -> None:
        member = name.rpartition(".")[2]
        self.members.setdefault(member, set()).add(site.role)
        if member == "__call__":
            self.called.add(name.split(".")[-2])
        if site.handler is not None and site.handler.parameters:
            self._handing.add(member)
        if "{" in name:
            # Generated modules may lie in any package, so a capture that comes first spans dots.
            number = sum(map(len, self._patterns.values()))
            named = _Named(number, _pattern(name), max(_CAPTURED.split(name), key=len), model, site)
            self._patterns["" if "{" in member else member].append(named)
            owner = name.rpartition(".")[0]
            if "}" in owner and not _ANY.fullmatch(owner):
                self._generated.add(_pattern(owner))
            if _ANY.fullmatch(member) and not name.startswith("{"):
                self._proxying.update(model.imports)
        else:
            self._exact[name].append(Match(model, site, name))

    @cached_property
    def aside(self) -> Give | None:
        """How a fix takes a blocking call off an event loop, as the model of what runs it elsewhere says."""
        told = (site.give for model in self.models for site in model.sites if site.role == "offload")
        return next((give for give in told if give is not None), None)

    def expect_any_method(self, modules: Collection[str]) -> None:
        """From here on any call may be one of a generated method, if one of these modules is a sign of such."""
        signs = {
            name
            for model in self.models
            if any(_ANY.fullmatch(name.rpartition(".")[2]) for site in model.sites for name in site.names)
            for name in model.imports
        }
        self.any_method = any(
            module in signs or module.endswith("_grpc_pb") or any(module.startswith(f"{sign}/") for sign in signs)
            for module in modules
        )

    @cached_property
    def _told(self) -> frozenset[str]:
        """Every exact name of the models and every dotted beginning of one."""
        found: set[str] = set()
        for name in (*self._exact, *self.types, *self.aliases):
            while name and name not in found:
                found.add(name)
                name = name.rpartition(".")[0]
        return frozenset(found)

    def knows(self, name: str) -> bool:
        """Whether the models tell anything of a name or of what lies below it."""
        return name in self._told

    def may_hold(self, owner: str, member: str) -> bool:
        """Whether the models may tell anything of a member of a module or type: a cheap test before it is looked up."""
        return (
            owner in self._owners.get(member, ())
            or owner in self.types
            or self.canonical(owner) != owner
            or member in self._patterns
            or self._letters.search(f"{owner}.{member}") is not None
        )

    @cached_property
    def _letters(self) -> re.Pattern[str]:
        """The plain letters of the names whose last segment has a capture."""
        letters = sorted({each.letters for each in self._patterns.get("", ())})
        return re.compile("|".join(map(re.escape, letters)) if letters else r"(?!)")

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        """Last segment of a name that the models tell → what stands before it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name in self._told:
            owner, _, member = name.rpartition(".")
            found[member].add(owner)
        return found

    def constant(self, name: str) -> Literal | None:
        """What a constant of a library is worth, None for a name that is none."""
        found = self.canonical(name)
        return Literal(self.constants[found]) if found in self.constants else None

    @cache  # noqa: B019
    def is_generated(self, name: str) -> bool:
        """Whether a name is that of a generated type, as a pattern of names tells it."""
        return any(pattern.fullmatch(name) for pattern in self._generated)

    def is_proxying(self, module: str) -> bool:
        """Whether objects of a library's module have methods of any name, which stand for what another service has."""
        head = module
        while head and head not in self._proxying:
            head = head.rpartition(".")[0]
        return bool(head)

    @cache  # noqa: B019
    def canonical(self, name: str) -> str:
        """The name models use for a name as imported; aliases replace whole names or dotted prefixes."""
        for _ in range(4):
            replaced = self._alias(name)
            if replaced == name:
                return name
            name = replaced
        return name

    def _alias(self, name: str) -> str:
        head = name
        while head:
            target = self.aliases.get(head)
            if target is not None:
                return target + name[len(head) :]
            head = head.rpartition(".")[0]
        return name

    @cache  # noqa: B019  # one Library lives as long as its program
    def describes(self, of_type: str) -> bool:
        """Whether some model says what an object of this type is."""
        return of_type in self.types or self.is_generated(of_type) or bool(self.sites(of_type))

    def sites(self, name: str) -> tuple[Match, ...]:
        """The sites of a canonical name, exact ones before patterns; inherited through library types."""
        exact = self._exact.get(name)
        if exact:
            return tuple(exact)
        # What is generated lies below any package, but never is a type that models name themselves.
        known = name in self.types or name.rpartition(".")[0] in self.types
        matched = [
            Match(model, site, name, tuple(sorted(found.groupdict().items())))
            for _, pattern, _, model, site in self._patterns_for(name)
            if (found := pattern.fullmatch(name)) and not (known and site.names[0].startswith("{"))
            if not self._spans_namespace(found)
        ]
        if matched:
            # The pattern with the most letters of its own: `Register{s}HTTPServer` goes before `Register{s}Server`.
            letters = [sum(len(text) for _, text in match.captures) for match in matched]
            return tuple(match for match, captured in zip(matched, letters, strict=True) if captured == min(letters))
        owner, _, member = name.rpartition(".")
        for base in self.bases(owner):
            inherited = self.sites(f"{base}.{member}")
            if inherited:
                return inherited
        return ()

    def _patterns_for(self, name: str) -> list[_Named]:
        """The names with captures that may match a name, in the order of the models."""
        named = (*self._patterns.get(name.rpartition(".")[2], ()), *self._patterns.get("", ()))
        # Most names are told apart by their plain letters, which are looked for ten times as fast as a capture.
        return sorted(each for each in named if each.letters in name)

    def _spans_namespace(self, found: re.Match[str]) -> bool:
        """Whether the type around a generated one, which is called like it, is a namespace brought in whole."""
        around = _REPEATED.findall(found.re.pattern)
        return any(found.string[: found.end(name)] in self.namespaces for name in around)

    def bases(self, name: str) -> tuple[str, ...]:
        """The direct library bases of a library type."""
        entry = self.types.get(name)
        return entry.bases if entry else ()

    @cache  # noqa: B019
    def lineage(self, name: str) -> tuple[str, ...]:
        """A library type and all its library bases, nearest first."""
        found: list[str] = []
        pending = [name]
        while pending:
            current = pending.pop(0)
            if current not in found:
                found.append(current)
                pending.extend(self.bases(current))
        return tuple(found)

    def type_fact(self, name: str, attribute: str) -> str:
        """The first non-empty `attribute` of a type model along its bases."""
        for entry in self.lineage(name):
            model = self.types.get(entry)
            value = getattr(model, attribute) if model else ""
            if value:
                return str(value)
        return ""

    def is_set_up(self, name: str) -> bool:
        """Whether objects of a type are set up as a whole and nowhere else."""
        return name in self._set_up

    def handed(self, name: str, policy: str) -> str:
        """What is known of a policy of an object that a framework hands to a handler: `none`, `caller` or ""."""
        told = self.types.get(name)
        return told.handed.get(policy, "") if told is not None else ""

    def is_fluent(self, name: str) -> bool:
        """Whether methods of a type that nothing describes give back their receiver."""
        return any(each.fluent for entry in self.lineage(name) if (each := self.types.get(entry)) is not None)

    def keeps(self, name: str) -> bool:
        """Whether objects of a type hold what code gives them under names of its own."""
        return any(each.keeps for entry in self.lineage(name) if (each := self.types.get(entry)) is not None)

    @cached_property
    def filling(self) -> frozenset[str]:
        """The last names of what fills members of objects of some type."""
        told = (name for name, matches in self._exact.items() if any(each.site.fills for each in matches))
        return frozenset(name.rpartition(".")[2] for name in told)

    def assigned(self, of: str) -> tuple[str, ...]:
        """The members of a type that mean something when they are given a value."""
        begin = f"{of}."
        told = (name for name in self._exact if name.startswith(begin) and "." not in name[len(begin) :])
        return tuple(name for name in told if any(each.site.form == "assign" for each in self._exact[name]))

    def attribute_type(self, name: str, attribute: str) -> str:
        """The type of an attribute of a library type, "" when it is not told."""
        for entry in self.lineage(name):
            model = self.types.get(entry)
            if model and attribute in model.attributes:
                return model.attributes[attribute]
        return ""

    def attribute_of(self, name: str) -> str:
        """The type of what stands at the full name of an attribute, "" when it is not told."""
        owner, _, last = name.rpartition(".")
        return self.attribute_type(owner, last)

    @cache  # noqa: B019
    def roles(self, member: str, generated: bool = False) -> frozenset[str]:
        """
        The roles of all sites whose last segment can be `member`: the cheap test before anything is resolved.

        `generated`: the file takes in generated code or proxies, whose methods may have any name; elsewhere only names
        that start with a capital, as they do by convention, are worth a look.
        """
        found = set(self.members.get(member, ()))
        for pattern, roles in self._open_members:
            # A capture alone matches any name.
            if (generated or self.any_method or member[:1].isupper()) if pattern is None else pattern.fullmatch(member):
                found |= roles
        return frozenset(found)

    @cached_property
    def _open_members(self) -> tuple[tuple[re.Pattern[str] | None, set[str]], ...]:
        """The last segments with captures as expressions, None for one that is a capture and no more; their roles."""
        return tuple(
            (None if _ANY.fullmatch(entry) else _segment(entry), roles)
            for entry, roles in self.members.items()
            if "{" in entry
        )

    @cache  # noqa: B019
    def hands_over(self, member: str) -> bool:
        """Whether a site whose last segment is `member` may give a handler its parameters."""
        return member in self._handing or any(pattern.fullmatch(member) for pattern in self._open_handing)

    @cached_property
    def _open_handing(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_segment(entry) for entry in sorted(self._handing) if "{" in entry)

    def may_match(self, member: str, generated: bool = False) -> bool:
        """Whether any site's last segment can be `member`."""
        return bool(self.roles(member, generated))


def _segment(entry: str) -> re.Pattern[str]:
    """What a last segment with captures matches."""
    return re.compile(_CAPTURE.sub(r"[A-Za-z0-9_]+", re.escape(entry)))


def _pattern(name: str) -> re.Pattern[str]:
    """
    What a name with captures matches; a capture that stands twice matches the same text twice.

    Generated modules may lie in any package, so a capture that comes first spans dots.
    """
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        capture = found[1]
        if capture in seen:
            return f"(?P={capture})"
        seen.add(capture)
        letters = "A-Za-z0-9_./@-" if found.start() == 0 else "A-Za-z0-9_"
        return f"(?P<{capture}>[{letters}]+?)"

    return re.compile(_CAPTURE.sub(group, re.escape(name)))
