"""
One service of the shop in this process, started as its Dockerfile does, with the automatic instrumentation.

Every service has an address of its own on loopback instead of a container; its name leads there.
"""

from __future__ import annotations

import os
import runpy
import socket
import sys
from typing import Any

from serve import ADDRESSES, lookup


def main(service: str) -> None:
    socket.getaddrinfo = lookup
    from opentelemetry.instrumentation.auto_instrumentation import initialize

    initialize()
    import uvicorn

    address, run = ADDRESSES[service], uvicorn.run

    def run_here(app: Any, **options: Any) -> None:
        run(app, **{**options, "host": address, "port": 8000, "log_level": "warning"})

    uvicorn.run = run_here
    os.environ["LISTEN"] = f"{address}:50051"
    if service in ("orders", "storefront"):
        run_here(f"{service}.main:app")
    elif service in ("payments", "supplier"):
        app = runpy.run_module(f"{service}.app")["app"]
        app.run(host=address, port=8000, threaded=True)
    else:
        runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
