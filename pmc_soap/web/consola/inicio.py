"""The tablero: what needs a person now, how the day goes, and the service level as the network computes it."""

from datetime import date, timedelta

from flask import Blueprint, render_template

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.cifras import META_CENTESIMOS, figures
from pmc_soap.operations.tablero import Hora
from pmc_soap.web.consola import asuntos, dia, enlaces, pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa

_ONE_DAY = timedelta(days=1)
_FIRST = date(2000, 1, 1)


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/")
    @requires(Permiso.VER)
    def inicio() -> str:
        now = casa.clock.now()
        today = local_day(now)
        day = max(min(pedido.day("dia", today) or today, today), _FIRST)
        empresa, codigos = pedido.empresa(casa), pedido.codigos(casa)
        own = empresa.codigo_empresa if empresa else None
        span = (pedido.midnight(day), pedido.midnight(day + _ONE_DAY))
        horas = casa.tablero.horas(codigos, *span)
        cifras = figures(casa.intercambios, *span, frozenset(codigos) if own else None)
        situacion = casa.tablero.situacion(codigos)
        return render_template(
            "consola/inicio.html",
            day=day,
            es_hoy=day == today,
            antes=pedido.address("consola.inicio", dia=day - _ONE_DAY),
            despues=pedido.address("consola.inicio", dia=day + _ONE_DAY) if day < today else "",
            hoy=pedido.address("consola.inicio", dia=None),
            total=_sum(list(horas.values())),
            situacion=situacion,
            espera=lambda since: asuntos.age(since, now),
            asuntos=list(asuntos.pending(casa, situacion, own)),
            cifras=cifras,
            enlace_a=enlaces.to,
            meta=META_CENTESIMOS,
            dia=dia.draw(casa.ayuda, span[0], horas, cifras),
        )


def _sum(horas: list[Hora]) -> Hora:
    return Hora(
        consultas=sum(hora.consultas for hora in horas),
        pagos=sum(hora.pagos for hora in horas),
        reversas=sum(hora.reversas for hora in horas),
        centavos=sum(hora.centavos for hora in horas),
    )
