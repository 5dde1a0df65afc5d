"""Findings → edits of the files they are in."""
