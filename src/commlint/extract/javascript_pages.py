"""Scripts that a program hands out to browsers, told apart from code that runs in the program."""

from __future__ import annotations

import re

# Folders whose files frameworks of servers hand out: of Spring and Quarkus, of servlets, of ASP.NET.
_HANDED_OUT = re.compile(r"(?:^|/)(?:resources/(?:static|public|META-INF/resources)|src/main/webapp|wwwroot)/")
# Folders of such files by custom only: what is in them must also read like a page.
_BY_CUSTOM = re.compile(r"(?:^|/)(?:static|staticfiles|public|assets|www|htdocs)/")
_BROWSER = re.compile(
    rb"(?<![\w$.])(?:document\.(?:getElement|querySelector|createElement|addEventListener|cookie|body|location|ready)"
    rb"|window\.|localStorage\.|sessionStorage\.|\$\(|\$\.(?:ajax|get|post)|jQuery|angular\.module|new Vue\b)"
)
# What is brought in by a bare name was installed for a program; a page has files beside it and addresses.
_INSTALLED = re.compile(
    rb"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'`](?![./]|https?:)|\bmodule\.exports\b"""
)


def is_page(path: str, source: bytes) -> bool:
    """Whether a script runs in browsers although it stands in the folder of another program."""
    if _HANDED_OUT.search(path):
        return True
    return bool(_BY_CUSTOM.search(path) and _BROWSER.search(source) and not _INSTALLED.search(source))
