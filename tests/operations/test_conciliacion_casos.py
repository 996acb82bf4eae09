"""Every kind of anomaly by name: what happened, what the lines come to, where the money stands, what a person is told.

Each is played over SQLite and PostgreSQL, and after each step the invariants of the checker hold, and what became of a
file's lines adds up to its total. 10/03/2026 is a Tuesday.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from fakes.examples import NOW, TODAY, clave, vencimientos
from operations.cobros import MANANA, PASADO, Caja, a_cob, a_cobro, text_of

from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.factura import MotivoBaja

VIERNES, LUNES, MARTES = date(2026, 3, 13), date(2026, 3, 16), date(2026, 3, 17)
FERIADO = Calendario(lambda _: (LUNES,))


@dataclass(frozen=True)
class Caso:
    """One kind: steps are (what, how); ends are those of the last file's lines, money that of the cliente C1."""

    steps: tuple
    ends: list
    money: list
    alertas: list = field(default_factory=list)
    sin_linea: int = 0
    entregas: int | None = None
    habiles: Calendario | None = None
    dia: date = MANANA


def pay(id_transaccion="T1", id_factura="F1", *, day=TODAY, **said):
    at = NOW + (day - TODAY)
    return "pay", (id_transaccion, id_factura), {"fecha_hora_pago_utc": at, "fecha_hora_mensaje_utc": at, **said}


def reverse(id_transaccion="R1", **said):
    return "reverse", (id_transaccion,), {"fecha_hora_mensaje_utc": NOW + timedelta(hours=1), **said}


def cob(*cobros, **said):
    return "cob", cobros, said


CASOS = {
    "todo coincide": Caso((pay(), cob(a_cobro())), ["CONCILIADO"], ["APLICADO"], entregas=1),
    "falta el aviso": Caso((cob(a_cobro()),), ["SOLO_EN_COB"], ["APLICADO"], entregas=1),
    "falta la línea": Caso((pay(), cob()), [], ["APLICADO"], sin_linea=1),
    "falta la línea, pasados dos días hábiles": Caso(
        (pay(), cob(), ("clock", timedelta(days=3)), ("sweep",), ("sweep",)),
        [],
        ["APLICADO"],
        ["SOLO_EN_AVISO"],
        sin_linea=1,
    ),
    "la línea viene en el archivo del día siguiente": Caso(
        (pay(), cob(), cob(a_cobro(), fecha=PASADO)), ["CONCILIADO"], ["APLICADO"], dia=PASADO
    ),
    "línea doble": Caso(
        (pay(), cob(a_cobro(nro_control="A1"), a_cobro(nro_control="A1"))),
        ["CONCILIADO", "DUPLICADO_EN_COB"],
        ["APLICADO"],
        ["DUPLICADO_EN_COB"],
    ),
    "línea doble sin ningún aviso": Caso(
        (cob(a_cobro(None, nro_control="A1"), a_cobro(None, nro_control="A1")),),
        ["SOLO_EN_COB", "DUPLICADO_EN_COB"],
        ["APLICADO"],
        ["DUPLICADO_EN_COB"],
        entregas=1,
    ),
    "la misma línea en los archivos de dos días": Caso(
        (cob(a_cobro(None)), cob(a_cobro(None), fecha=PASADO)),
        ["DUPLICADO_EN_COB"],
        ["APLICADO"],
        ["DUPLICADO_EN_COB"],
        dia=PASADO,
        entregas=1,
    ),
    "pago doble de verdad, avisado": Caso(
        (
            pay("T1", canal="PC", nro_control="A1"),
            pay("T2", canal="PC", nro_control="B2"),
            cob(a_cobro(nro_control="B2"), a_cobro(nro_control="A1")),
        ),
        ["CONCILIADO", "CONCILIADO"],
        ["APLICADO", "EN_PUENTE"],
        ["YA_PAGADA"],
        entregas=1,
    ),
    "pago doble de verdad, sin avisar": Caso(
        (cob(a_cobro(nro_control="A1"), a_cobro(nro_control="B2")),),
        ["SOLO_EN_COB", "SOLO_EN_COB"],
        ["APLICADO", "EN_PUENTE"],
        ["YA_PAGADA"],
        entregas=1,
    ),
    "dos pagos sin factura iguales, avisados": Caso(
        (
            pay("T1", None, codigo_movimiento=1),
            pay("T2", None, codigo_movimiento=1),
            cob(a_cobro(None), a_cobro(None)),
        ),
        ["CONCILIADO", "CONCILIADO"],
        ["APLICADO", "APLICADO"],
    ),
    "difiere en un centavo": Caso(
        (pay(), cob(a_cobro(importe_centavos=150051))),
        ["DIF_IMPORTE"],
        ["APLICADO"],
        ["DIF_IMPORTE"],
    ),
    "difiere en un centavo, sin factura": Caso(
        (pay("T1", None, codigo_movimiento=1), cob(a_cobro(None, importe_centavos=150051))),
        ["DIF_IMPORTE"],
        ["APLICADO"],
        ["DIF_IMPORTE"],
    ),
    "pagada en el segundo vencimiento": Caso(
        (pay(day=MANANA, importe_centavos=160000), cob(a_cobro(fecha_aplicacion=MANANA, importe_centavos=160000))),
        ["CONCILIADO"],
        ["APLICADO"],
    ),
    "pagada en el segundo vencimiento, sin aviso": Caso(
        (cob(a_cobro(fecha_aplicacion=MANANA, importe_centavos=160000)),),
        ["SOLO_EN_COB"],
        ["APLICADO"],
    ),
    "canal de efectivo, un día después": Caso(
        (pay(), cob(a_cobro(fecha_aplicacion=MANANA, canal="S1"), fecha=PASADO)),
        ["CONCILIADO"],
        ["APLICADO"],
        dia=PASADO,
    ),
    "más de un día hábil de diferencia": Caso(
        (pay(), cob(a_cobro(fecha_aplicacion=PASADO), fecha=VIERNES)),
        ["DIF_FECHA"],
        ["APLICADO"],
        dia=VIERNES,
    ),
    "fin de semana de por medio": Caso(
        (
            pay(day=VIERNES, importe_centavos=160000),
            cob(a_cobro(fecha_aplicacion=LUNES, importe_centavos=160000), fecha=MARTES),
        ),
        ["CONCILIADO"],
        ["APLICADO"],
        dia=MARTES,
    ),
    "feriado de por medio": Caso(
        (
            pay(day=VIERNES, importe_centavos=160000),
            cob(a_cobro(fecha_aplicacion=MARTES, importe_centavos=160000), fecha=MARTES),
        ),
        ["CONCILIADO"],
        ["APLICADO"],
        habiles=FERIADO,
        dia=MARTES,
    ),
    "los mismos días, sin feriado": Caso(
        (
            pay(day=VIERNES, importe_centavos=160000),
            cob(a_cobro(fecha_aplicacion=MARTES, importe_centavos=160000), fecha=MARTES),
        ),
        ["DIF_FECHA"],
        ["APLICADO"],
        dia=MARTES,
    ),
    "reversado antes del archivo": Caso(
        (pay(), reverse(id_transaccion_original="T1"), cob(a_cobro())),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["REVERSADO_PERO_EN_COB"],
    ),
    "reversado después del archivo": Caso(
        (pay(), cob(a_cobro()), reverse(id_transaccion_original="T1"), ("sweep",), ("sweep",)),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["REVERSADO_PERO_EN_COB"],
        entregas=2,
    ),
    "reversado y pagado otra vez": Caso(
        (
            pay("T1", canal="PC", nro_control="A1"),
            reverse(id_transaccion_original="T1"),
            pay("T2", canal="PC", nro_control="B2"),
            cob(a_cobro(nro_control="B2")),
        ),
        ["CONCILIADO"],
        ["REVERSADO", "APLICADO"],
    ),
    "la reversa llegó antes que todo": Caso(
        (reverse(id_transaccion_original="T1", id_factura="F1"), cob(a_cobro())),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["DESCONOCIDA", "REVERSADA_ANTES", "REVERSADO_PERO_EN_COB"],
        entregas=0,
    ),
    "lo imputado por el COB se reversa": Caso(
        (cob(a_cobro()), reverse(id_transaccion_original="T1", id_factura="F1"), ("sweep",)),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["REVERSADO_PERO_EN_COB"],
        entregas=2,
    ),
    "pago sin factura": Caso((pay("T1", None, codigo_movimiento=1), cob(a_cobro(None))), ["CONCILIADO"], ["APLICADO"]),
    "pago sin factura, sin aviso": Caso((cob(a_cobro(None)),), ["SOLO_EN_COB"], ["APLICADO"], entregas=1),
    "sin canal ni nro. de control": Caso((pay(), cob(a_cobro(canal=None))), ["CONCILIADO"], ["APLICADO"]),
    "ceros a la izquierda: es otro cliente": Caso(
        (pay(), cob(a_cobro(id_cliente="0C1"))),
        ["SOLO_EN_COB"],
        ["APLICADO"],
        ["DESCONOCIDA"],
        sin_linea=1,
    ),
    "dos clientes con el mismo nro. de control": Caso(
        (
            pay("T1", canal="PC", nro_control="A1"),
            pay("T2", "F2", id_cliente="C2", canal="PC", nro_control="A1"),
            cob(a_cobro("F2", id_cliente="C2", nro_control="A1"), a_cobro(nro_control="A1")),
        ),
        ["CONCILIADO", "CONCILIADO"],
        ["APLICADO"],
    ),
    "el aviso espera en el puente": Caso(
        (pay(importe_centavos=999), cob(a_cobro(importe_centavos=999))),
        ["CONCILIADO"],
        ["EN_PUENTE"],
        ["IMPORTE_DISTINTO"],
        entregas=0,
    ),
    "nadie lo avisó y la factura no está en la base": Caso(
        (cob(a_cobro("F9")),), ["SOLO_EN_COB"], ["EN_PUENTE"], ["DESCONOCIDA"], entregas=0
    ),
    "nadie lo avisó y la factura está de baja": Caso(
        (("withdraw",), cob(a_cobro())), ["SOLO_EN_COB"], ["EN_PUENTE"], ["BAJA"], entregas=0
    ),
    "el aviso llega tarde": Caso((cob(a_cobro()), pay(), ("sweep",)), ["CONCILIADO"], ["APLICADO"], entregas=1),
    "el aviso llega tarde, sin ningún id, y se repite": Caso(
        (cob(a_cobro()), pay(None, id_mensaje="M"), pay(None, id_mensaje="N"), ("sweep",)),
        ["CONCILIADO"],
        ["APLICADO"],
        entregas=1,
    ),
    "el aviso llega tarde y después se reversa": Caso(
        (cob(a_cobro()), pay(), reverse(id_transaccion_original="T1"), ("sweep",)),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["REVERSADO_PERO_EN_COB"],
        entregas=2,
    ),
    "lo del COB se reversa y su aviso llega después": Caso(
        (cob(a_cobro()), reverse(id_transaccion_original="T1", id_factura="F1"), pay(), ("sweep",)),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO"],
        ["REVERSADO_PERO_EN_COB"],
        entregas=2,
    ),
    "lo del COB se reversa y se vuelve a pagar": Caso(
        (
            cob(a_cobro(nro_control="A1")),
            reverse(id_transaccion_original="T1", id_factura="F1"),
            pay("T2", canal="PC", nro_control="B2", fecha_hora_pago_utc=NOW + timedelta(hours=2)),
            ("sweep",),
        ),
        ["REVERSADO_PERO_EN_COB"],
        ["REVERSADO", "APLICADO"],
        ["REVERSADO_PERO_EN_COB"],
        sin_linea=1,
        entregas=3,
    ),
    "llega el segundo aviso de una línea doble": Caso(
        (
            pay("T1"),
            cob(a_cobro(), a_cobro()),
            pay("T2"),
            ("sweep",),
        ),
        ["CONCILIADO", "CONCILIADO"],
        ["APLICADO", "EN_PUENTE"],
        ["DUPLICADO_EN_COB", "YA_PAGADA"],
    ),
    "archivo repetido": Caso((pay(), cob(a_cobro()), cob(a_cobro())), ["CONCILIADO"], ["APLICADO"], entregas=1),
    "archivo corregido: vino una línea más": Caso(
        (pay(), cob(a_cobro()), cob(a_cobro(), a_cobro(None), replace=True)),
        ["CONCILIADO", "SOLO_EN_COB"],
        ["APLICADO", "APLICADO"],
    ),
    "archivo corregido: cambió un importe": Caso(
        (pay(), cob(a_cobro(importe_centavos=150051)), cob(a_cobro(), replace=True)),
        ["CONCILIADO"],
        ["APLICADO"],
        ["DIF_IMPORTE"],
    ),
    "archivo corregido: ya no está lo que se imputó": Caso(
        (cob(a_cobro()), cob(replace=True)), [], ["APLICADO"], ["LINEA_RETIRADA"], sin_linea=1, entregas=1
    ),
    "archivo corregido: la línea pasó al día siguiente": Caso(
        (cob(a_cobro(None)), cob(replace=True), cob(a_cobro(None), fecha=PASADO)),
        ["SOLO_EN_COB"],
        ["APLICADO"],
        ["LINEA_RETIRADA"],
        entregas=1,
        dia=PASADO,
    ),
    "la línea pasó al día siguiente, y ese archivo vino antes": Caso(
        (cob(a_cobro(None)), cob(a_cobro(None), fecha=PASADO), cob(replace=True), ("sweep",)),
        ["SOLO_EN_COB"],
        ["APLICADO"],
        ["DUPLICADO_EN_COB"],
        entregas=1,
        dia=PASADO,
    ),
    "archivo corregido dos veces: vuelve lo que había": Caso(
        (cob(a_cobro()), cob(replace=True), cob(a_cobro(), a_cobro("F2", id_cliente="C2"), replace=True)),
        ["SOLO_EN_COB", "SOLO_EN_COB"],
        ["APLICADO"],
        ["LINEA_RETIRADA"],
    ),
    "pago en otra moneda": Caso(
        (pay(moneda="USD"), cob(a_cobro())),
        ["SOLO_EN_COB"],
        ["EN_PUENTE", "APLICADO"],
        ["MONEDA_DISTINTA"],
        sin_linea=1,
    ),
    "la empresa no tiene el servicio de avisos": Caso(
        (("no service",), cob(a_cobro())), ["SOLO_EN_COB"], ["APLICADO"], entregas=1
    ),
}


def _play(caja, steps):
    world = caja.world
    for what, *how in steps:
        match what:
            case "pay" | "reverse":
                args, said = how
                getattr(world, what)(*args, **said)
            case "cob":
                cobros, said = how
                said = dict(said)
                caja.run(*cobros, replace=said.pop("replace", False), **said)
            case "sweep":
                caja.sweep()
            case "clock":
                world.clock.now_utc += how[0]
            case "withdraw":
                world.facturas.withdraw(clave(), MotivoBaja.ANULADA)
            case "no service":
                world.configure(servicios=frozenset())
        caja.check()


@pytest.mark.parametrize("name", CASOS)
def test_each_kind_of_anomaly(sql_world, name):
    caso = CASOS[name]
    due = vencimientos(150050, 160000)
    sql_world.register("F1", vencimientos=due)
    sql_world.register("F2", "C2", vencimientos=due)
    caja = Caja(sql_world) if caso.habiles is None else Caja(sql_world, caso.habiles)
    _play(caja, caso.steps)
    assert caja.ends(caso.dia) == caso.ends
    assert sql_world.money_of_cliente() == caso.money
    assert sorted(caja.alertas()) == sorted(caso.alertas)
    assert len(caja.sin_linea()) == caso.sin_linea
    if caso.entregas is not None:
        assert len([row for row in sql_world.rows("entrega") if row["id_cliente"] == "C1"]) == caso.entregas


def test_there_are_kinds_enough():
    assert len(CASOS) >= 20


FALLAS = {
    "cuenta mal": lambda data: data.replace(b"0000001", b"0000002", 1) if b"9400" in data else data,
    "suma mal": lambda data: data[:-72] + b"9" + data[-71:],
    "cortado": lambda data: data[: -len(data) // 3],
    "sin cierre": lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
}


@pytest.mark.parametrize("falla", FALLAS)
def test_nothing_is_posted_of_a_file_with_a_fault_of_the_whole(sql_world, falla):
    sql_world.register()
    caja = Caja(sql_world)
    data = FALLAS[falla](text_of(a_cobro()))
    corrida = caja.run(archivo=a_cob(data=data))
    assert (corrida.curso.value, corrida.negativa.value) == ("RECHAZADA", "ARCHIVO_CON_FALLAS")
    assert corrida.problemas
    assert sql_world.rows("cob") == sql_world.rows("linea_cob") == sql_world.rows("aviso") == []


def test_nothing_is_posted_of_a_file_whose_name_is_of_another_day(sql_world):
    caja = Caja(sql_world)
    corrida = caja.run(archivo=a_cob(a_cobro(), name="COBAGUA.130326"))
    assert corrida.negativa.value == "ARCHIVO_CON_FALLAS"
    assert sql_world.rows("aviso") == []
