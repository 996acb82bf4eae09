"""What was left for a person, and how the installation stands."""

import pytest
from fakes import bases

from pmc_soap.domain.alerta import EXPLICADAS, explain
from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.conciliacion import SOLO_EN_AVISO, Desenlace
from pmc_soap.domain.usuario import Rol


def test_an_alerta_is_told_in_words_and_dealt_with_once(persona, gateway):
    waiting, *others = gateway.house.ledger.alertas.list(("DEMO",), 10)
    persona.get("/consola/alertas")
    assert explain(waiting.motivo).que_paso in persona.text
    persona.submit("Dar por atendidas las elegidas", id=str(waiting.id), motivo="hablé con la red")
    assert "Listo: 1 atendida." in persona.text
    assert gateway.house.ledger.alertas.list(("DEMO",), 10) == others
    seen, *_ = gateway.house.ledger.alertas.list(("DEMO",), 10, todas=True)
    assert seen.atendida_por == "administrador"
    acta = bases.rows(gateway.url, "auditoria")[-1]
    assert (acta["accion"], acta["motivo"]) == ("ALERTA_ATENDIDA", "hablé con la red")


def test_who_may_not_operate_only_reads_alertas(entrar):
    auditor = entrar(Rol.AUDITOR)
    auditor.get("/consola/alertas")
    assert "Dar por atendidas" not in auditor.text
    said = {"id": "1", "motivo": "x", "csrf": auditor.doc.forms[-1].fields["csrf"]}
    assert auditor.client.post("/consola/alertas", data=said).status_code == 403


@pytest.mark.parametrize(
    "motivo",
    [
        *(each.value for each in EstadoAviso if each is not EstadoAviso.APLICADO),
        *(each.value for each in Desenlace if each not in {Desenlace.CONCILIADO, Desenlace.RETIRADA}),
        *(SOLO_EN_AVISO, "ENTREGA_RECHAZADA", "ENTREGA_DETENIDA", "ENTREGA_DEMORADA:erp", "AVISO_ILEGIBLE"),
        *("FAC_RECHAZADO:FAC1234.100326", "FAC_NO_GENERADO"),
    ],
)
def test_every_motivo_that_is_written_is_explained(motivo):
    assert motivo.partition(":")[0] in EXPLICADAS
    assert explain("OTRA_COSA:x").que_paso == "Otra cosa"


def test_the_state_tells_what_is_fine_and_what_is_not_with_its_remedy(persona, gateway):
    persona.get("/consola/estado")
    found = {row[1]: row[0] for row in persona.rows()}
    assert found["Base de datos"] == "Bien"
    assert found["Contrato"] == "Bien"
    assert found["Personas"] == "Ojo"  # nobody was let in yet
    assert "pmc-soap usuario add" in persona.text
    assert "Conexiones" not in found


def test_connections_are_looked_at_only_when_asked_for(persona):
    persona.get("/consola/estado?red=1")
    assert "Conexiones" in {row[1] for row in persona.rows()}
