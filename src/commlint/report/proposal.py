"""The configuration that fits what was found, to start from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from commlint.model.system import INFRASTRUCTURE, System
from commlint.report.escaping import visible

_HOSTS = "[hosts] "
_NAMES_SHOWN = 12


def proposal(system: System) -> str:
    """
    A `commlint.toml` that changes nothing yet: the choices that most people make, and what would bind unbound calls.

    What the analysed tree holds stands in comments alone, so no name of it can become a setting.
    """
    return "\n".join(_lines(system)) + "\n"


def _lines(system: System) -> Iterator[str]:
    names = [service.name for service in system.services if service.kind not in INFRASTRUCTURE]
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    shown = ", ".join(visible(name) for name in names[:_NAMES_SHOWN])
    yield f"# Services that were found: {shown or 'none'}{more}."
    yield '# Wrong or missing? `commlint services` says why; tell one by hand with [services.NAME] and roots = ["…"].'
    yield ""
    yield 'extends = ["recommended"]  # also: resilience, messaging, strict; see commlint rule --all'
    yield 'fail-on = "warning"        # note, warning or error'
    yield "exclude = []               # as in a .gitignore"
    bindings = sorted({call.hint for call in system.unresolved if call.hint.startswith(_HOSTS)})
    yield ""
    yield "[hosts]                    # host or variable = service, for calls that lead nowhere known"
    if bindings:
        yield "# Calls that could not be bound, with what they may mean; take in what is right:"
    for hint in bindings:
        yield f"# {visible(hint.removeprefix(_HOSTS))}"
    if not system.services:
        yield ""
        yield "[services.example]         # no file says what is a service here, so tell it by hand"
        yield f"roots = {json.dumps(['path/to/its/code'])}"
