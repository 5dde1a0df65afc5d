"""Infrastructure code of many files, worked out into what it declares."""
