"""Receive: what exporters send is kept on disk as it came; nothing is decoded here."""
