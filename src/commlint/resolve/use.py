"""One use of a site of a library model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.model.values import Value
from commlint.resolve.entities import (
    CallSite,
    Entities,
    Entity,
    Scope,
)
from commlint.resolve.library import Match

if TYPE_CHECKING:
    from commlint.resolve.program import Program


@dataclass(frozen=True, slots=True)
class Use:
    """
    One use of a site of a library model: the place where its locators are looked up.

    `site`: the call, None for a bare decorator, a base class or an iteration. `decorated`: what a decorator
    stands on. `given`: the value of form assign or iterate, the type arguments of form field. `written`: what is
    assigned, as it stands there. `turn`: which of several bases, where a class derives from one library type more than
    once.
    """

    match: Match
    scope: Scope
    arguments: tuple[Argument, ...] = ()
    receiver: Entity | None = None
    site: CallSite | None = None
    decorated: Entity | None = None
    given: Entities = ()
    turn: int = 0
    written: Value | None = None


def use_of_call(program: Program, site: CallSite, match: Match, receiver: Entity | None) -> Use:
    """The use a call makes of a site."""
    return Use(match, program.site_scope(site), program.call(site).arguments, receiver, site)
