"""What a rule on the shelf `rules/` is, and the page of the manual it carries."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import ClassVar, TypeVar

from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Fix, Level, Related, RuleInfo
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.plugins import on_shelf

SHELF = "commlint.check.rules"

HEADINGS = (
    "What it flags",
    "Why it matters",
    "Example",
    "Instead",
    "Options",
    "What it cannot see",
    "References",
)

Default = TypeVar("Default")


def option(default: Default, doc: str) -> Default:
    """A field of a rule that the configuration may set; `doc` is its line in the manual."""
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True)
class IgnoreUse:
    """
    One inline ignore after a run.

    `line`: where the comment stands. `code`: one code or name as written, "" for a bare ignore.
    `matched`: it silenced a finding. `decided`: every rule it may speak of was on, so a miss means something.
    `known`: it names an existing rule.
    """

    path: str
    line: int
    column: int
    code: str
    reason: str
    matched: bool
    decided: bool
    known: bool


@dataclass(frozen=True)
class Rule(ABC):
    """
    A question to the graph; the docstring of a rule is its page, its fields are its options.

    A rule holds no state, needs no order and sees nothing but the graph.
    """

    code: ClassVar[str]
    level: ClassVar[Level]
    needs_traces: ClassVar[bool] = False
    name: ClassVar[str]

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        cls.name = re.sub(r"(?<=.)([A-Z])", r"-\1", cls.__name__).lower()

    @abstractmethod
    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        """The faults of this kind, in any order."""

    def review(self, uses: Iterable[IgnoreUse]) -> Iterator[Finding]:
        """Faults in the inline ignores themselves, asked once all findings are known."""
        return iter(())

    def finding(
        self,
        message: str,
        region: Region,
        subjects: Iterable[str],
        *,
        help: str,
        confidence: Confidence = Confidence.CERTAIN,
        related: Iterable[Related] = (),
        services: Iterable[str] = (),
        level: Level | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule; `help` is one line on how to mend it."""
        named = tuple(sorted({service for service in services if service}))
        return Finding(
            code=self.code,
            name=self.name,
            level=level or self.level,
            confidence=confidence,
            message=message,
            region=region,
            subjects=tuple(sorted(set(subjects))),
            help=help,
            related=tuple(related),
            service=named[0] if named else "",
            services=named,
            fix=fix,
        )

    @classmethod
    def summary(cls) -> str:
        """The first line of the page: what is wrong, in one sentence."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def options(cls) -> dict[str, tuple[object, str]]:
        """Options by their name in the configuration: default and documentation."""
        return {entry.name.replace("_", "-"): (entry.default, entry.metadata.get("doc", "")) for entry in fields(cls)}

    @classmethod
    def sections(cls) -> dict[str, str]:
        """Heading → text of the page, in the order of `HEADINGS`; Options come from the fields."""
        _, _, body = inspect.cleandoc(cls.__doc__ or "").partition("\n")
        heading = re.compile(rf"^({'|'.join(HEADINGS)}):$", re.MULTILINE)
        pieces = heading.split(body)
        written = {title: inspect.cleandoc(text) for title, text in zip(pieces[1::2], pieces[2::2], strict=True)}
        written["Options"] = _options_text(cls)
        return {title: written[title] for title in HEADINGS if title in written}

    @classmethod
    def page(cls) -> str:
        """The page of the manual, in Markdown."""
        lines = [f"# {cls.code} {cls.name}", "", cls.summary(), "", f"Level: {cls.level.value}."]
        if cls.needs_traces:
            lines[-1] += " Needs traces."
        for title, text in cls.sections().items():
            lines += ["", f"## {title}", "", text]
        return "\n".join(lines) + "\n"

    @classmethod
    def info(cls, level: Level | None = None) -> RuleInfo:
        """What a report says of this rule when it runs at `level`."""
        return RuleInfo(cls.code, cls.name, level or cls.level, cls.summary(), cls.page())


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule on the shelf, sorted by code."""
    found = on_shelf(SHELF, Rule)
    return tuple(sorted(found, key=lambda rule: rule.code))


def _options_text(rule: type[Rule]) -> str:
    lines = [f"- `{name}` (default `{_shown(default)}`): {doc}" for name, (default, doc) in rule.options().items()]
    return "\n".join(["- `level`: note, warning or error.", *lines])


def _shown(default: object) -> str:
    match default:
        case bool():
            return str(default).lower()
        case tuple():
            return "[" + ", ".join(str(entry) for entry in default) + "]"
        case _:
            return str(default)
