"""Each legacy stack, in its own language, tells the same story through the published WSDL, and loses nothing of it."""

import pytest
import stacks

TICKET = "Señal & cía <ñ>"


def factura(id_factura, importe, vence):
    return {"id_factura": id_factura, "importe": importe, "vence": vence, "pantalla": "Ñandú", "ticket": TICKET}


STORY = {
    "alta": {"codigo": "00", "estado": "PENDIENTE"},
    "sin_avisos": 0,
    "una": {"codigo": "00", "nombre": "Ana Muñoz", "facturas": [factura("F-1", "18540.75", "2030-12-31")]},
    "varias": {
        "codigo": "00",
        "nombre": "",
        "facturas": [factura("F-1", "0.10", "2030-01-01"), factura("F-2", "1300.00", "2030-06-30")],
    },
    "pago": {"codigo": "00", "estado": "APLICADO", "duplicado": False},
    "repetido": {"codigo": "00", "estado": "APLICADO", "duplicado": True},
    "ninguna": {"codigo": "02", "nombre": "", "facturas": []},
    "inexistente": "03",
    "avisos": [{"tipo": "PAGO", "id_factura": "F-1", "importe": "18540.75"}],
    "confirmados": "00",
    "sin_pendientes": 0,
    "contrato": "PMC-1008: Un dato del pedido no respeta el contrato.",
    "credencial": "PMC-2002: La credencial no es válida para esta empresa en esta dirección.",
}
OTHERWISE = {"ruby": {"contrato": "no sale"}}  # it holds what it sends to the contract, and raises an error of its own


@pytest.mark.parametrize("name", stacks.STACKS)
def test_a_stack_reads_and_writes_what_was_meant(name, url):
    if not stacks.is_installed(name):
        pytest.skip(f"{name} was not found: tests/interop/install.sh installs it")
    assert STORY | OTHERWISE.get(name, {}) == stacks.tell(name, url)
