"""One use of a site of a library model, and the function that a use is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.resolve.entities import (
    CallSite,
    Entities,
    Entity,
    Function,
    Scope,
)
from commlint.resolve.library import Match

if TYPE_CHECKING:
    from commlint.resolve.program import Program


@dataclass(frozen=True, slots=True)
class Handed:
    """
    A function that a call is given without calling it, at this position; the arguments after it are its own.

    `whole`: they are all it is called with, as far as it takes more none are given.
    """

    function: Function
    position: int
    whole: bool


def handed_to(program: Program, use: Use, given: str, whole: bool) -> Handed | None:
    """The function a use is given at the positional argument that `given` names, None when it is given none there."""
    place = next((int(each[4:]) for each in given.split("|") if each.startswith("arg:") and each[4:].isdigit()), None)
    if place is None or use.site is None:
        return None
    positional = [each for each in program.call(use.site).arguments if each.name is None and not each.spread]
    if place >= len(positional):
        return None
    found = program.evaluate(positional[place].value, program.site_scope(use.site))
    return next((Handed(each, place, whole) for each in found if isinstance(each, Function)), None)


@dataclass(frozen=True, slots=True)
class Use:
    """
    One use of a site of a library model: the place where its locators are looked up.

    `site`: the call, None for a bare decorator, a base class or an iteration. `decorated`: what a decorator
    stands on. `given`: the value of form assign or iterate, the type arguments of form field. `turn`: which of
    several bases, where a class derives from one library type more than once.
    """

    match: Match
    scope: Scope
    arguments: tuple[Argument, ...] = ()
    receiver: Entity | None = None
    site: CallSite | None = None
    decorated: Entity | None = None
    given: Entities = ()
    turn: int = 0


def use_of_call(program: Program, site: CallSite, match: Match, receiver: Entity | None) -> Use:
    """The use a call makes of a site."""
    return Use(match, program.site_scope(site), program.call(site).arguments, receiver, site)
