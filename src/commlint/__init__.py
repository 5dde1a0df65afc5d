"""commlint: a linter and architecture analyzer for the communication between services."""

__version__ = "0.1.0"
