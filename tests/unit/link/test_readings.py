"""What becomes of a variable that code reads."""

from __future__ import annotations

import pytest

from commlint.extract.extract import extract
from commlint.link.readings import Reading


def reading(source: str) -> Reading:
    code = extract("app.ts", source.encode()).code
    assert code is not None
    return Reading(code)


@pytest.mark.parametrize(
    "source",
    [
        "app.use(cors({ origin: process.env.CLIENT_URL, credentials: true }));",
        "app.enableCors({ origin: [process.env.CLIENT_URL, 'http://localhost'] });",
        "new Server(http, { cors: { origin: process.env.CLIENT_URL } });",
        "app.get('/done', (req, res) => res.redirect(process.env.CLIENT_URL));",
        "passport.use(new Strategy({ clientID: 'x', callbackURL: process.env.CLIENT_URL }));",
        "const corsOptions = { origin: process.env.CLIENT_URL }; app.use(cors(corsOptions));",
    ],
)
def test_an_address_that_is_compared_with_or_handed_out_is_not_asked(source: str) -> None:
    """Who may ask, where people are sent on to, where others call back."""
    assert reading(source).keepers("CLIENT_URL") == frozenset()


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("go(process.env.CLIENT_URL);", {""}),
        ("go({ origin: 'x', url: process.env.CLIENT_URL });", {""}),
        ("const base = process.env.CLIENT_URL;", {"base"}),
    ],
)
def test_an_address_that_is_used_or_kept(source: str, kept: set[str]) -> None:
    """What is handed to a function may be asked there; what has a name may be asked by it."""
    assert reading(source).keepers("CLIENT_URL") == kept
