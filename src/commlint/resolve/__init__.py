"""Facts of all files become one program: symbols, types, values and calls across files."""
