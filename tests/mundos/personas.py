"""Clientes as an empresa in Argentina has them: names with accents, and ids of every kind that PMC carries."""

import random
from dataclasses import dataclass

from stdnum.ar import cuit

NOMBRES = (
    *("María", "José", "Ana", "Juan", "Lucía", "Martín", "Sofía", "Nicolás", "Belén", "Agustín", "Rocío", "Tomás"),
    *("Graciela", "Raúl", "Mónica", "Héctor", "Norma", "Óscar", "Silvia", "Ángel", "Ignacio", "Malén", "Ñusta"),
)
APELLIDOS = (
    *("González", "Rodríguez", "Gómez", "Fernández", "López", "Díaz", "Martínez", "Pérez", "García", "Sánchez"),
    *("Romero", "Sosa", "Álvarez", "Ruiz", "Ramírez", "Flores", "Benítez", "Acosta", "Medina", "Núñez", "Ibáñez"),
    *("Müller", "D'Angelo", "Di Tella", "Yañez", "Peña", "O'Connor", "Ferreyra"),
)
RUBROS = ("Panadería", "Ferretería", "Kiosco", "Farmacia", "Taller", "Almacén", "Librería")
SANTOS = ("La Unión", "San Martín", "Ñandú", "9 de Julio", "El Águila", "Don José")
FORMULAS = ('=HYPERLINK("http://x","ver")', "@SUM(1+1)", "-2+3", "+54 11 4444-5555")  # as somebody once typed them
_PREFIJOS = ("20", "23", "24", "27", "30", "33")
_DNIS = 79_999_987  # prime: every n has a dni of its own


@dataclass(frozen=True, slots=True)
class Persona:
    """A cliente of an empresa."""

    id_cliente: str
    nombre: str


def make(seed: int, n: int) -> Persona:
    """Give the nth cliente; no two have the same id."""
    chance = random.Random(f"persona {seed} {n}")  # noqa: S311 — a story must repeat itself
    return Persona(id_cliente=_id(chance, n), nombre=_nombre(chance))


def _id(chance: random.Random, n: int) -> str:
    kind = chance.random()
    if kind < 0.55:
        return _cuit(chance.choice(_PREFIJOS), 10_000_000 + n * 7_919 % _DNIS)
    if kind < 0.70:
        return f"{n:019d}"  # as SIRO writes them: the whole width
    if kind < 0.80:
        return f"00{n:07d}"
    if kind < 0.90:
        return f"SOC-{n:06d}/{chance.choice('ABCDEF')}"
    return f"{1_000_000 + n}"


def _cuit(prefijo: str, dni: int) -> str:
    plain = f"{prefijo}{dni:08d}"
    return plain + cuit.calc_check_digit(plain)


def _nombre(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.005:
        return chance.choice(FORMULAS)
    if kind < 0.10:
        return f"{chance.choice(RUBROS)} {chance.choice(SANTOS)} S.R.L."
    return f"{chance.choice(NOMBRES)} {chance.choice(APELLIDOS)}"
