"""The names under which the public graph knows services, externals and channels."""

from __future__ import annotations

from collections import Counter

from commlint.model.system import Channel, System
from commlint.report.ends import peers


class Names:
    """
    Node id → name in the document; no channel shares its name with another channel, a service or an external.

    An external called like a service is that service: one name is one node.
    """

    def __init__(self, system: System) -> None:
        self._names = {peer.id: peer.name for peer in peers(system)}
        taken = set(self._names.values())
        plain = Counter(channel.name for channel in system.channels)
        for channel in system.channels:
            if channel.name in taken or plain[channel.name] > 1:
                self._names[channel.id] = _qualified(channel, taken | plain.keys())
            else:
                self._names[channel.id] = channel.name

    def of(self, node: str) -> str:
        """The name of a node, "" when there is no such node."""
        return self._names.get(node, node.removeprefix("service:") if node.startswith("service:") else "")


def _qualified(channel: Channel, taken: set[str]) -> str:
    name = f"{channel.protocol}/{channel.name}"
    return channel.id if name in taken else name
