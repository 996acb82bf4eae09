"""Words that the databases hold others to."""

from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.entrega import EstadoEntrega


def test_an_entrega_is_never_dropped():
    assert {estado.value for estado in EstadoEntrega} == {"PENDIENTE", "TOMADA", "ENTREGADA", "DETENIDA"}


def test_an_empresa_has_all_services_and_owes_its_avisos_to_itself_unless_it_says_otherwise():
    empresa = Empresa(codigo_empresa="AGUA", nombre="Aguas")
    assert empresa.servicios == {Servicio.CONSULTA, Servicio.AVISO, Servicio.ALTA}
    assert (empresa.activa, empresa.con_base, empresa.destinos) == (True, True, ("pull",))
