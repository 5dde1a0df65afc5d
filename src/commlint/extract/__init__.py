"""From one file to its facts: pure, total, and blind to every other file."""
