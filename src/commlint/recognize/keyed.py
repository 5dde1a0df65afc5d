"""Loops over a mapping that others fill: what its keys are, and who puts each of them in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from commlint.model.values import Literal, Value
from commlint.recognize import frames
from commlint.resolve.entities import CallSite, Frame, Scope
from commlint.resolve.index import last_name
from commlint.resolve.program import Program

MAX_KEYS = 200


def keys(program: Program, site: CallSite) -> Iterator[tuple[Literal, Frame]]:
    """
    The keys of what the loop around a call goes over, each with the frame in which it is put in.

    Those that a mapping of this name is given by `….name[key] = …`, as the callers of the functions around tell them.
    """
    index = program.file(site.path)
    around = (entry for _, entry in index.blocks(index.code.calls[site.call].block))
    name = next((last_name(entry.value) for entry in around if entry.kind == "loop" and entry.value is not None), "")
    found = (each for path, number in program.keyed.get(name, ()) for each in _put_in(program, path, number))
    yield from islice(dict.fromkeys(found), MAX_KEYS)


def _put_in(program: Program, path: str, number: int) -> Iterator[tuple[Literal, Frame]]:
    entry = program.file(path).code.assignments[number]

    def look(frame: Frame) -> Value:
        scope = Scope(frame, entry.extent.start_line, entry.block)
        return program.value(entry.key, scope) if entry.key is not None else Literal(None)

    for frame, key in frames.expand(program, Frame(path, entry.function), look, lambda seen: (seen,)):
        if isinstance(key, Literal) and isinstance(key.value, str):
            yield key, frame
