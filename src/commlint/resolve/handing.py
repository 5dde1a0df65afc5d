"""Functions that calls give their arguments to without calling them: a thread's target, a job, what a breaker runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commlint.resolve.entities import Entities, Function
from commlint.resolve.locators import locate
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

OF_MAKER = "factory:target"


@dataclass(frozen=True, slots=True)
class Handed:
    """
    A function that a call is given without calling it, at this position; the arguments after it are its own.

    -1 is the function that the call's object was made with. `whole`: they are all it is called with, as far as it
    takes more none are given.
    """

    function: Function
    position: int
    whole: bool


def handed_to(program: Program, use: Use, given: str, whole: bool) -> Handed | None:
    """The function a use is given where `given` says: as a positional argument, or by what made its object."""
    if use.site is None:
        return None
    if given == OF_MAKER:
        return _first(locate(program, use, given) or (), -1, whole)
    place = next((int(each[4:]) for each in given.split("|") if each.startswith("arg:") and each[4:].isdigit()), None)
    positional = [each for each in program.call(use.site).arguments if each.name is None and not each.spread]
    if place is None or place >= len(positional):
        return None
    return _first(program.evaluate(positional[place].value, program.site_scope(use.site)), place, whole)


def _first(found: Entities, position: int, whole: bool) -> Handed | None:
    return next((Handed(each, position, whole) for each in found if isinstance(each, Function)), None)
