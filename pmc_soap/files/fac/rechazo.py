"""The file with which PMC refuses a FAC, RECHAZADO_FAC…: nothing is known of it but its name, and that it is text."""

from typing import BinaryIO

PREFIX = "RECHAZADO_"
BYTES_MAX = 64 * 1024  # that are kept of what PMC says


def nombre_fac(nombre: str) -> str | None:
    """Give the name of the FAC that a file of that name refuses; None if it is no such name."""
    refused = nombre[len(PREFIX) :] if nombre.upper().startswith(PREFIX) else ""
    return refused or None


def read(file: BinaryIO) -> str:
    """Give what PMC says, whatever its letters were written in; what cannot be shown is a point."""
    raw = file.read(BYTES_MAX)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "·" for letter in text.replace("\r\n", "\n"))
