"""What a change touches: files, and lines in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from commlint.model.places import Region


@dataclass(frozen=True, slots=True)
class Span:
    """
    Lines `first` to `last` of the new text, 1-based and inclusive.

    Where only lines were taken out, `last` is the line before the gap and `first` the one after it.
    """

    first: int
    last: int

    def touches(self, start: int, end: int) -> bool:
        """Whether it has a line of `start` to `end`; of a gap, whether both its sides are among them."""
        return start <= self.last and self.first <= end


@dataclass(frozen=True, slots=True)
class Changes:
    """Path relative to the analysed root → what changed there; files that are new are touched as a whole."""

    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    new: frozenset[str] = frozenset()

    def touch(self, region: Region) -> bool:
        """Whether the change has a line of the region."""
        end = max(region.end_line, region.start_line)
        return region.path in self.new or any(
            span.touches(region.start_line, end) for span in self.spans.get(region.path, ())
        )
