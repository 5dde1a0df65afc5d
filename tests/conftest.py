"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from commlint.guard import Guard

# What fails inside is seen by the tests, and not told as a notice.
Guard.strict = True

# A slow machine is no fault, and the same files are tested in the same way on every machine.
settings.register_profile("everywhere", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("everywhere")
