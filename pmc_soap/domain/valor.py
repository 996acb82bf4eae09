"""What a value is: fields by name, equal by what they say, never changed.

mypy holds all our code to the last. Python's own check of it, at each field of each value made, would take a tenth of
the time of a request.
"""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Make a class one of values."""
    return dataclass(kw_only=True, slots=True, unsafe_hash=True)(kind)
