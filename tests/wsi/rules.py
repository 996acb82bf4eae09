"""What a rule of WS-I Basic Profile 1.1 is here: a number, a sentence of our own, and a function that tells violations.

Source: WS-I Basic Profile 1.1 (2006-04-10), ISO/IEC 29361. The numbers are the profile's; the docstring of each check
is what the rule asks for, in our words. `descriptions` and `bindings` hold the rules of a WSDL or an XSD, `messages`
those of an answer, `instances` those of how the gateway behaves; `apart` says which rules are not here, and where we
differ. `plants` has a violation of each.
"""

from collections.abc import Callable, Iterable
from inspect import cleandoc
from typing import Any, NamedTuple

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XS = "{http://www.w3.org/2001/XMLSchema}"


class Rule(NamedTuple):
    """One row."""

    numero: str
    says: str
    check: Callable[..., Iterable[object]]


class Rules(dict[str, Rule]):
    """The rows of one kind of subject, in the order of the file: `@RULES("R2304")` adds one."""

    def __call__(self, numero: str) -> Callable[[Callable[..., Iterable[object]]], Callable[..., Iterable[object]]]:
        def add(check: Callable[..., Iterable[object]]) -> Callable[..., Iterable[object]]:
            assert numero not in self
            self[numero] = Rule(numero, cleandoc(check.__doc__ or ""), check)
            return check

        return add

    def violations(self, *subject: Any) -> list[tuple[str, str]]:
        """Give what each rule finds wrong: (number, where)."""
        return [(rule.numero, str(where)) for rule in self.values() for where in rule.check(*subject)]
