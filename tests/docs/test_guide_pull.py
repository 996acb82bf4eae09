"""The guide of the empresa that comes for its avisos: its program runs over real HTTP."""

import gateway as g
import guias
import pytest

from pmc_soap import wsgi


def test_the_program_of_the_page_takes_what_is_pending_and_confirms_it(living):
    retirar = guias.program(guias.block("conectores/pull.md", "python"))["retirar"]
    came, doors = [], []

    def imputar(aviso):
        came.append((aviso.IdAviso, aviso.Tipo, str(aviso.Importe), aviso.IdAvisoOriginal))
        return f"R-{len(came)}"

    def door(environ, start_response):
        return doors[-1](environ, start_response)

    with g.serving(door) as (host, port):
        url = f"http://{host}:{port}"
        with living("conectores/pull.md", public_url=url) as casa:
            doors.append(wsgi.doors(casa.house))
            casa.house.facturas.register(guias.FACTURA)
            id_aviso = casa.pay()
            with pytest.raises(ZeroDivisionError):
                retirar(url, "demo-1234", lambda aviso: came.append(aviso.IdAviso) or 1 / 0)
            assert [id_aviso] == came
            assert casa.entrega(id_aviso)[0] == "PENDIENTE"
            came.clear()
            retirar(url, "demo-1234", imputar)
            id_reversa = casa.take_back()
            retirar(url, "demo-1234", imputar)
            retirar(url, "demo-1234", imputar)
            assert (*guias.IMPUTED, "R-1") == casa.entrega(id_aviso)
            assert (*guias.IMPUTED, "R-2") == casa.entrega(id_reversa)
            assert casa.house.repartidor.deliver_due() == 0
    assert [(id_aviso, "PAGO", "18540.75", None), (id_reversa, "REVERSA", "18540.75", id_aviso)] == came
