"""The ledger of what could not be bound: which call, why, and the one line that would bind it."""

from __future__ import annotations

import re

from commlint.link.operations import Finished
from commlint.link.pairs import Problem
from commlint.model.operations import Role
from commlint.model.system import UnresolvedCall

PARAMETER = re.compile(r"is the parameter `([^`]+)`, which no call that was followed binds")


def entry(each: Finished, problem: Problem) -> UnresolvedCall | None:
    """The line of the ledger for an operation that leads nowhere, or receives from nobody knows where."""
    operation = each.operation
    if operation.role is Role.SERVER:
        return None
    function = operation.function.partition("::")[2].rsplit(".", 1)[-1]
    reason = PARAMETER.sub(
        lambda found: (
            f"is the parameter `{found[1]}` of {function}(), which no call that was followed binds"
            if function
            else found[0]
        ),
        problem.reason,
    )
    return UnresolvedCall(
        each.site.id, each.site.service, operation.region, each.site.label, reason, _hint(each, problem)
    )


def _hint(each: Finished, problem: Problem) -> str:
    name = problem.key.removeprefix("$")
    if name and each.messages:
        return f'[services.{each.site.service}.environment] {name} = "<channel>"'
    if name:
        return f'[hosts] "{problem.key}" = "<service>"'
    for place in (*each.hosts, *each.urls) if not each.messages else ():
        if place.host and not place.opens:
            host = f"{place.host}:{place.port}" if place.port else place.host
            return f'[hosts] "{host}" = "<service>"'
    return "give the address in a setting or constant that can be followed, or describe the wrapper in a library model"
