"""Who plays PMC settles too: the COB of today holds the pagos that were made, and they are conciliated with it."""

import io

from pmc_soap.domain.calendario import local_day
from pmc_soap.files.cob.archivo import ArchivoCob


def taken(mesa, query=""):
    answer = mesa.persona.client.get(f"/sandbox/cob{query}", buffered=True)
    return answer.headers["Content-Disposition"].partition("=")[2].strip('"'), answer.data


def conciliated(mesa, name, data):
    archivo = ArchivoCob(name, lambda: io.BytesIO(data), size_bytes=len(data))
    return mesa.house.conciliaciones.run(archivo, dry_run=True)


def test_the_cob_of_today_holds_what_was_paid_and_all_of_it_agrees(mesa):
    mesa.pay()
    name, data = taken(mesa)
    assert name == f"COBDEMO.{local_day(mesa.house.clock.now()):%d%m%y}"
    assert mesa.factura.encode() in data
    corrida = conciliated(mesa, name, data)
    assert corrida.negativa is None
    assert corrida.problemas == []
    assert set(corrida.cuadro) == {"CONCILIADO"}


def test_what_was_reversed_is_not_in_it(mesa):
    mesa.pay()
    mesa.persona.submit("Reversar")
    assert mesa.factura.encode() not in taken(mesa)[1]


def test_with_surprises_one_was_never_told_of_and_one_is_a_peso_short(mesa):
    mesa.pay()
    corrida = conciliated(mesa, *taken(mesa, "?sorpresas=1"))
    cuadro = {str(desenlace): suma.cantidad for desenlace, suma in corrida.cuadro.items()}
    assert cuadro.pop("CONCILIADO", 0) >= 0
    assert cuadro == {"SOLO_EN_COB": 1, "DIF_IMPORTE": 1}
