"""report: a finished report or system in, text out; nothing here reads, writes or prints."""
