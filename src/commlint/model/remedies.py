"""What would mend a fault, as the models of libraries tell it."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Region


@dataclass(frozen=True, slots=True)
class Remedy:
    """
    How a policy that is unset is set by one edit.

    `at`: as in `Give`. `value`: its text, with `{seconds}` or `{milliseconds}` for the bound.
    `needs`: what must be imported for it, or what stands beside a block.
    `region`: what to edit, None for the operation itself.
    `safe`: what the program does stays the same but for the fault.
    """

    at: str
    value: str
    needs: str = ""
    region: Region | None = None
    safe: bool = True
