"""A COB meets the pagos: each kind of anomaly, over SQLite and PostgreSQL."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from fakes.examples import NOW, clave
from operations.cobros import MANANA, PASADO, Caja, a_cob, a_cobro, text_of, una

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.calendario import to_local
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.resultado import Ending
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.operations import conciliacion, ensayo
from pmc_soap.operations.corrida import Curso, Negativa


@pytest.fixture
def caja(sql_world):
    sql_world.register()
    return Caja(sql_world)


def test_a_line_meets_the_aviso_of_its_payment(caja):
    caja.world.pay(canal="PC", nro_control="A1")
    corrida = caja.run(a_cobro(nro_control="A1"))
    assert (corrida.curso, corrida.cuadro) == (Curso.HECHA, {Desenlace.CONCILIADO: una()})
    assert caja.world.money(clave()) == ["APLICADO"]
    assert caja.sin_linea() == []
    assert caja.alertas() == []


def test_a_line_without_an_aviso_is_imputed_once_and_owed_to_the_empresa(caja):
    assert caja.run(a_cobro()).cuadro == {Desenlace.SOLO_EN_COB: una()}
    assert caja.world.estado(clave()) is EstadoFactura.PAGADA
    assert caja.world.money(clave()) == ["APLICADO"]
    assert len(caja.world.rows("entrega")) == 1
    assert caja.run(a_cobro()).curso is Curso.YA_ESTABA
    assert len(caja.world.rows("entrega")) == 1


def test_a_late_aviso_meets_the_pago_of_the_cob_and_adds_nothing(caja):
    caja.run(a_cobro(nro_control="A1"))
    acuse = caja.world.pay(canal="PC", nro_control="A1")
    assert (acuse.ending.resultado.value, acuse.ending.duplicado, acuse.estado) == (
        "EXITOSA",
        False,
        EstadoAviso.APLICADO,
    )
    again = caja.world.pay(canal="PC", nro_control="A1")
    assert (again.id_aviso, again.ending.duplicado) == (acuse.id_aviso, True)
    assert caja.world.money(clave()) == ["APLICADO"]
    assert len(caja.world.rows("entrega")) == 1
    caja.sweep()
    assert caja.ends() == ["CONCILIADO"]
    caja.check()


def test_a_reversa_takes_back_the_pago_that_the_late_aviso_it_names_told_of(caja):
    caja.run(a_cobro(None, nro_control="A1"), a_cobro(None, nro_control="B2"))
    caja.world.pay("T1", None, codigo_movimiento=1, canal="PC", nro_control="A1")
    caja.world.pay("T2", None, codigo_movimiento=1, canal="PC", nro_control="B2")
    acuse = caja.world.reverse("R1", id_transaccion_original="T2")
    assert (acuse.ending, acuse.estado) == (Ending(), EstadoAviso.APLICADO)
    [taken] = [row["id_aviso"] for row in caja.world.rows("pago") if row["estado"] == "REVERSADO"]
    assert [row["nro_control"] for row in caja.world.rows("aviso") if row["id_aviso"] == taken] == ["B2"]


def test_without_ids_a_late_aviso_told_once_more_after_its_reversa_is_a_new_payment(caja):
    caja.run(a_cobro())
    first = caja.world.pay(None)
    caja.world.reverse("R1", id_factura="F1")
    caja.world.clock.now_utc += timedelta(minutes=5)
    again = caja.world.pay(None)
    assert (again.ending.duplicado, again.id_aviso == first.id_aviso) == (False, False)
    assert sorted(caja.world.money(clave())) == ["APLICADO", "REVERSADO"]


def test_a_late_aviso_is_answered_as_the_pago_of_the_cob_was_judged(caja):
    caja.run(a_cobro("F9"))
    assert caja.world.pay("T1", "F9").estado is EstadoAviso.DESCONOCIDA
    assert caja.world.money_of_cliente() == ["EN_PUENTE"]
    assert caja.alertas() == ["DESCONOCIDA"]


def test_an_aviso_of_another_day_or_importe_is_no_late_one(caja):
    caja.run(a_cobro())
    later = NOW + timedelta(days=3)
    assert caja.world.pay("T1", fecha_hora_pago_utc=later).estado is EstadoAviso.YA_PAGADA
    assert caja.world.pay("T2", importe_centavos=150051).estado is EstadoAviso.YA_PAGADA
    assert caja.world.pay("T3", moneda="USD").estado is EstadoAviso.MONEDA_DISTINTA


def test_the_empresa_sees_the_day_of_the_payment_at_noon_and_where_it_was_told(caja):
    caja.run(a_cobro(nro_control="A1", codigo_provincia="C01"))
    [row] = caja.world.rows("aviso")
    assert (row["linea_cob"], row["id_mensaje"]) == (row["identidad"].removeprefix("C:"), "COBAGUA.110326")
    assert row["descripcion"] == "Informado en el archivo COBAGUA.110326"
    with caja.world.ledger.read() as reading:
        aviso = reading.aviso(row["id_aviso"]).aviso
    assert to_local(aviso.momento_utc).isoformat() == "2026-03-10T12:00:00-03:00"
    assert (aviso.fecha_acreditacion, aviso.codigo_provincia) == (MANANA, "C01")


def test_a_file_of_any_name_makes_no_pago_that_breaks_the_contract(caja):
    data, name = text_of(a_cobro()), f"{'cobros ' * 30}.txt"
    archivo = ArchivoCob(name, lambda: io.BytesIO(data), any_name=True)
    assert caja.run(archivo=archivo).curso is Curso.HECHA
    [row] = caja.world.rows("aviso")
    assert (len(row["id_mensaje"]), len(row["descripcion"])) == (36, 100)


def test_another_file_of_the_day_is_refused_unless_it_corrects(caja):
    caja.run(a_cobro())
    refused = caja.run(a_cobro(), a_cobro("F2"))
    assert (refused.curso, refused.negativa) == (Curso.RECHAZADA, Negativa.OTRO_ARCHIVO_DEL_DIA)
    assert refused.previo.nombre == "COBAGUA.110326"
    assert len(caja.world.rows("aviso")) == 1
    corrected = caja.run(a_cobro(), a_cobro("F2"), replace=True)
    assert (corrected.curso, corrected.cob.version) == (Curso.HECHA, 2)
    assert caja.run(a_cobro()).negativa is Negativa.OTRO_ARCHIVO_DEL_DIA


def test_a_dry_run_tells_what_would_come_and_writes_nothing(caja):
    caja.world.pay(canal="PC", nro_control="A1")
    before = {table: caja.world.rows(table) for table in ("aviso", "pago", "entrega", "alerta", "factura")}
    said = [a_cobro(nro_control="A1"), a_cobro(None), a_cobro(None), a_cobro("F9", id_cliente="C9")]
    foreseen = caja.run(*said, dry_run=True)
    assert foreseen.curso is Curso.PRUEBA
    assert {table: caja.world.rows(table) for table in before} == before
    assert caja.world.rows("cob") == caja.world.rows("linea_cob") == []
    assert caja.run(*said).cuadro == foreseen.cuadro
    assert caja.run(*said, dry_run=True).curso is Curso.YA_ESTABA


def test_a_file_is_tried_out_in_as_many_readings_as_it_takes(caja, monkeypatch):
    monkeypatch.setattr(ensayo, "LINEAS_EN_MEMORIA", 3)
    said = [a_cobro(None, id_cliente=f"C{n % 7}", nro_control=f"{n}") for n in range(20)]
    assert caja.run(*said, dry_run=True).cuadro == {Desenlace.SOLO_EN_COB: una(20 * 150050, 20)}


def test_a_run_that_is_cut_anywhere_is_taken_up_and_nothing_is_imputed_twice(caja, monkeypatch):
    monkeypatch.setattr(conciliacion, "LOTE", 2)
    monkeypatch.setattr(conciliacion, "CLIENTES", 2)
    said = [a_cobro(None, id_cliente=f"C{n}", nro_control=f"{n}") for n in range(9)]
    archivo = a_cob(*said)
    write, count = caja.world.ledger.write, 0

    def cut(at):
        def writing(*args):
            nonlocal count
            count += 1
            if count == at:
                raise KeyboardInterrupt
            return write(*args)

        return writing

    cuts = 0
    while cuts < 50:
        monkeypatch.setattr(caja.world.ledger, "write", cut(2 + cuts))
        count = 0
        try:
            corrida = caja.conciliaciones.run(archivo)
            break
        except KeyboardInterrupt:
            cuts += 1
    assert cuts > 3
    assert corrida.cuadro == {Desenlace.SOLO_EN_COB: una(9 * 150050, 9)}
    assert len(caja.world.rows("aviso")) == len(caja.world.rows("linea_cob")) == 9
    assert Counter(row["estado"] for row in caja.world.rows("pago")) == {"APLICADO": 1, "EN_PUENTE": 8}


def test_a_correction_that_is_cut_leaves_what_was_decided_until_it_is_whole(caja, monkeypatch):
    monkeypatch.setattr(conciliacion, "LOTE", 1)
    caja.run(a_cobro(None, nro_control="A1"), a_cobro(None, nro_control="B2"))
    write, calls = caja.world.ledger.write, []

    def cut(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(*args)

    corrected = [a_cobro(None, nro_control="B2"), a_cobro(None, nro_control="C3")]
    monkeypatch.setattr(caja.world.ledger, "write", cut)
    with pytest.raises(KeyboardInterrupt):
        caja.run(*corrected, replace=True)
    monkeypatch.setattr(caja.world.ledger, "write", write)
    caja.run(a_cobro(None, nro_control="D4"), fecha=PASADO)  # another day decides on the same cliente meanwhile
    assert [row["desenlace"] for row in caja.world.rows("linea_cob")] == ["SOLO_EN_COB"] * 3
    assert caja.run(*corrected).curso is Curso.HECHA
    assert caja.ends() == ["SOLO_EN_COB", "SOLO_EN_COB"]
    assert Counter(row["desenlace"] for row in caja.world.rows("linea_cob")) == {"SOLO_EN_COB": 3, "RETIRADA": 1}
    assert len(caja.world.rows("aviso")) == 3  # A1 was corrected to C3, and is the same pago


def test_lines_that_cannot_be_read_are_kept_with_their_text_and_why(caja):
    good, bad = a_cobro(), a_cobro("F2", importe_centavos=777)
    lines = text_of(good, bad).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"777" + b"2", b"777" + b"9")  # a movimiento that does not exist
    corrida = caja.run(archivo=a_cob(data=b"".join(lines)))
    assert corrida.cuadro == {Desenlace.SOLO_EN_COB: una(), Desenlace.LINEA_INVALIDA: una(777)}
    [bad] = [row for row in caja.world.rows("linea_cob") if row["texto"]]
    assert (bad["texto"], bad["codigos"]) == (lines[2].decode().rstrip(), "COB-231")
    assert caja.alertas() == ["LINEA_INVALIDA"]
    assert caja.run(archivo=a_cob(data=b"".join(lines))).curso is Curso.YA_ESTABA
    assert caja.alertas() == ["LINEA_INVALIDA"]


def test_a_line_with_a_nul_in_it_is_kept_all_the_same(caja):
    data = text_of(a_cobro()).replace(b"C1 ", b"C\x00 ")
    assert caja.run(archivo=a_cob(data=data)).cuadro == {Desenlace.LINEA_INVALIDA: una()}
    [row] = caja.world.rows("linea_cob")
    assert "C· " in row["texto"]


def test_more_clientes_than_one_transaction_takes(caja, monkeypatch):
    monkeypatch.setattr(conciliacion, "CLIENTES", 3)
    monkeypatch.setattr(conciliacion, "LOTE", 4)
    said = [a_cobro(None, id_cliente=f"C{n % 10}", nro_control=f"{n}") for n in range(40)]
    assert caja.run(*said).cuadro == {Desenlace.SOLO_EN_COB: una(40 * 150050, 40)}


def test_a_file_of_an_unknown_empresa_is_refused(caja):
    assert caja.run(a_cobro(), codigo_empresa="NADA").negativa is Negativa.EMPRESA_INEXISTENTE


def test_a_file_under_a_code_that_the_empresa_had_is_its_own(caja):
    caja.world.empresas.former["VIEJ"] = caja.world.empresas["AGUA"]
    caja.world.pay()
    assert caja.run(a_cobro(), codigo_empresa="VIEJ").cuadro == {Desenlace.CONCILIADO: una()}
    assert caja.run(a_cobro("F2"), codigo_empresa="AGUA").curso is Curso.HECHA
    assert {row["codigo_empresa"] for row in caja.world.rows("linea_cob")} == {"AGUA"}


def test_a_file_that_changes_while_it_is_read_is_not_decided(caja):
    archivo = a_cob(a_cobro())
    hashes = iter(["one", "another"])
    archivo.sha256 = lambda: next(hashes)
    assert caja.run(archivo=archivo).negativa is Negativa.ARCHIVO_CAMBIO
    assert caja.world.rows("aviso") == []
