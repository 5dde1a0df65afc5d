"""What is known of one place: the calls and operations that stand there, and the channels and routes declared there."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Region
from commlint.model.system import DeclaredChannel, Route, ServiceOperation


@dataclass(frozen=True, slots=True)
class GivenArgument:
    """One argument of a call: what it is called, how it is written, and what that is worth for any caller."""

    name: str
    written: str
    worth: str


@dataclass(frozen=True, slots=True)
class ExplainedCall:
    """
    One call of the code.

    `symbols`: what is called, each as `origin: name`; `made`: where the object it is called on was made.
    `known`: whether a library model describes one of them.
    """

    region: Region
    written: str
    symbols: tuple[str, ...]
    made: tuple[Region, ...]
    arguments: tuple[GivenArgument, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Where an operation leads: what a person calls the other side, how sure that is, and where it stands."""

    name: str
    confidence: str
    evidence: tuple[str, ...]
    region: Region | None


@dataclass(frozen=True, slots=True)
class ExplainedOperation:
    """
    One operation as one service runs it.

    `targets`: empty when it leads nowhere; then `reason` and `hint` say why and how to bind it.
    `entries`: the operations of the service that reach it, and whether they wait for it.
    """

    entry: ServiceOperation
    targets: tuple[Target, ...]
    reason: str
    hint: str
    entries: tuple[tuple[str, Region, bool], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Everything known of one line.

    `nearby`: the lines of the file on which a call stands, when none stands on the line that was asked for.
    `channels`, `routes`: what the blocks declare that the line is in.
    """

    path: str
    line: int
    calls: tuple[ExplainedCall, ...] = ()
    operations: tuple[ExplainedOperation, ...] = ()
    nearby: tuple[int, ...] = ()
    channels: tuple[DeclaredChannel, ...] = ()
    routes: tuple[Route, ...] = ()
