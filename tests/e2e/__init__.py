"""The shop for real: its services, their brokers and their databases, as processes on loopback (`make e2e`)."""
