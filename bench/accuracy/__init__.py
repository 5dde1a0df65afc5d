"""How right commlint is on real systems: edges against truth made by hand, findings against labels made by hand."""
