"""How what would mend a fault becomes an edit."""

from __future__ import annotations

from commlint.model.findings import Fix
from commlint.model.places import Region
from commlint.model.remedies import Remedy

_KINDS = {
    "scope": "add-scope",
    "around": "wrap-call",
    "call": "replace-call",
    "entry": "set-entry",
    "block": "add-block",
}


def edit(remedy: Remedy | None, region: Region, seconds: float = 0.0) -> Fix | None:
    """
    The edit of a remedy, None without one.

    Args:
        region: what is edited where the remedy does not say.
        seconds: the bound it gives.
    """
    if remedy is None:
        return None
    way, _, name = remedy.at.partition(":")
    value = remedy.value.replace("{seconds}", f"{seconds:g}").replace("{milliseconds}", f"{seconds * 1000:.0f}")
    kind = _KINDS.get(way, "add-argument")
    return Fix(kind, remedy.region or region, name if way == "entry" else remedy.at, value, remedy.needs, remedy.safe)
