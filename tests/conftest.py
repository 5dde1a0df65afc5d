"""What holds for all tests."""

from __future__ import annotations

from commlint.guard import Guard

# What fails inside is seen by the tests, and not told as a notice.
Guard.strict = True
