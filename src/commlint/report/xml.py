"""XML as the report formats need it: indented, and well-formed whatever the texts hold."""

from __future__ import annotations

import xml.etree.ElementTree as ET


def to_xml(root: ET.Element) -> str:
    """
    A document of its own; texts must have gone through `visible`, as XML has no way to write most control characters.
    """
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
