"""The way to pages that an installation may not have."""

from flask import current_app, url_for


def to(endpoint: str, **said: object) -> str:
    """Give the address of a page, or of the tablero where there is no such page."""
    known = endpoint in current_app.view_functions
    return url_for(endpoint if known else "consola.inicio", **(said if known else {}))  # type: ignore[arg-type]
