"""One file per language: how an edit is made without touching anything else."""
