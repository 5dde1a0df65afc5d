"""A shelf: one reader per programming language, registered by standing here."""
