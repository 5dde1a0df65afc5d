"""One file per language: how its imports, receivers and constructors work."""
