"""How an installation stands: what was looked at, how it is, and what mends it. Slow looks have a common deadline."""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from enum import StrEnum

from pmc_soap.domain.valor import value

PLAZO_S = 5.0

log = logging.getLogger(__name__)


class Como(StrEnum):
    """How something is: fine, worth a look, or wrong."""

    BIEN = "BIEN"
    OJO = "OJO"
    MAL = "MAL"


@value
class Hallazgo:
    """One finding, in Spanish. remedio is empty where nothing is to be done."""

    que: str
    como: Como
    dicho: str
    remedio: str = ""


@value
class Revision:
    """One look: its name, and what gives the findings. es_red: it calls other systems, without any effect."""

    que: str
    mirar: Callable[[], Iterable[Hallazgo]]
    es_red: bool = False


def look(revisiones: Sequence[Revision], *, con_red: bool, plazo_s: float = PLAZO_S) -> Sequence[Hallazgo]:
    """Take all looks at once; what does not end in time, or breaks, is a finding too. The gravest come first."""
    wanted = [each for each in revisiones if con_red or not each.es_red]
    pool = ThreadPoolExecutor(max_workers=max(len(wanted), 1))
    try:
        asked = {each.que: pool.submit(_take, each) for each in wanted}
        wait(asked.values(), plazo_s)
        found: list[Hallazgo] = []
        for que, future in asked.items():
            found += future.result() if future.done() else [_late(que)]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    gravity = {Como.MAL: 0, Como.OJO: 1, Como.BIEN: 2}
    return sorted(found, key=lambda hallazgo: gravity[hallazgo.como])


def _take(revision: Revision) -> Sequence[Hallazgo]:
    try:
        return list(revision.mirar())
    except Exception:
        log.exception("a look at the installation broke")
        return [
            Hallazgo(
                que=revision.que, como=Como.MAL, dicho="No se pudo revisar.", remedio="Mirá el registro del servidor."
            )
        ]


def _late(que: str) -> Hallazgo:
    return Hallazgo(que=que, como=Como.OJO, dicho="No respondió a tiempo.", remedio="Volvé a revisar en un momento.")
