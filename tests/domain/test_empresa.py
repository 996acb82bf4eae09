"""An empresa is known by more than one code while it changes, and its money is judged by its own policies."""

from datetime import date, timedelta

import pytest
from fakes.examples import TODAY, a_factura, a_pago, vencimientos

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.empresa import CodigoAdmitido, Empresa, Padron, PoliticaImporte, Servicio
from pmc_soap.domain.juicio import judge

LAST_DAY = date(2026, 6, 30)


def _empresa(**said):
    return Empresa(codigo_empresa="AGUA", nombre="Aguas del Sur", **said)


def _changed():
    return _empresa(codigos=(CodigoAdmitido(codigo="RIOS"), CodigoAdmitido(codigo="AGUA", hasta=LAST_DAY)))


def test_an_empresa_has_all_services_and_owes_its_avisos_to_itself_unless_it_says_otherwise():
    empresa = _empresa()
    assert empresa.servicios == {Servicio.CONSULTA, Servicio.AVISO, Servicio.ALTA}
    assert (empresa.activa, empresa.con_base, empresa.destinos) == (True, True, ("pull",))


def test_an_empresa_that_says_nothing_is_known_by_its_own_code():
    padron = Padron([_empresa()], lambda: TODAY)
    assert padron.get("AGUA") == _empresa()
    assert padron.get("RIOS") is None
    assert _empresa().codigo_vigente == "AGUA"


def test_one_that_changed_its_code_is_known_by_both_until_the_last_day():
    empresa = _changed()
    for today in (date(2026, 1, 1), LAST_DAY):
        padron = Padron([empresa], lambda today=today: today)
        assert padron.get("AGUA") is padron.get("RIOS") is empresa
    assert empresa.codigo_vigente == "RIOS"


def test_after_that_day_only_the_new_code_is_known():
    padron = Padron([_changed()], lambda: LAST_DAY + timedelta(days=1))
    assert padron.get("AGUA") is None
    assert padron.get("RIOS") == _changed()


def _judge(importe_centavos, paid_days_late=0, tipo="CERRADO", **policies):
    factura = a_factura(vencimientos=vencimientos(1000_00))
    momento = a_pago().fecha_hora_mensaje_utc + timedelta(days=paid_days_late)
    aviso = a_pago(importe_centavos=importe_centavos, fecha_hora_mensaje_utc=momento)
    return judge(aviso, _empresa(**policies), factura, paid=False, knows_cliente=True)


@pytest.mark.parametrize(
    ("politica", "importe_centavos", "estado"),
    [
        (PoliticaImporte.EXACTO, 1000_00, EstadoAviso.APLICADO),
        (PoliticaImporte.EXACTO, 1000_01, EstadoAviso.IMPORTE_DISTINTO),
        (PoliticaImporte.ADMITE_MAYOR, 1000_01, EstadoAviso.APLICADO),
        (PoliticaImporte.ADMITE_MAYOR, 999_99, EstadoAviso.IMPORTE_DISTINTO),
        (PoliticaImporte.ADMITE_CUALQUIERA, 1, EstadoAviso.APLICADO),
        (PoliticaImporte.ADMITE_CUALQUIERA, 0, EstadoAviso.IMPORTE_DISTINTO),
    ],
)
def test_each_importe_policy_settles_what_it_says(politica, importe_centavos, estado):
    assert estado is _judge(importe_centavos, politica_importe=politica)


@pytest.mark.parametrize(
    ("days_late", "gracia_dias", "estado"),
    [
        (0, 0, EstadoAviso.APLICADO),
        (1, 0, EstadoAviso.VENCIDA),
        (5, 5, EstadoAviso.APLICADO),
        (6, 5, EstadoAviso.VENCIDA),
    ],
)
def test_the_grace_of_an_empresa_keeps_its_last_importe_payable(days_late, gracia_dias, estado):
    assert estado is _judge(1000_00, days_late, gracia_dias=gracia_dias)
