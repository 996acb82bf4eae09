"""The book of the FACs made for PMC, over SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos

from pmc_soap.domain.exportacion import EstadoExportacion, Exportacion
from pmc_soap.domain.factura import EstadoFactura, Origen
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.libro_exportaciones import SinNumero


def an_export(**said):
    values = {
        "id": 0,
        "codigo_empresa": "AGUA",
        "codigo_archivo": "AGUA",
        "fecha": TODAY,
        "numero": 0,
        "nombre": "",
        "sha256": "",
        "novedades": False,
        "estado": EstadoExportacion.EN_CURSO,
        "cantidad": 0,
        "total_centavos": 0,
        "generada_utc": NOW,
    }
    return Exportacion(**values | said)


@pytest.fixture
def libro(sql_ledger):
    return sql_ledger.libro_exportaciones


@pytest.fixture
def load(sql_ledger):
    def load(*facturas, origen=Origen.BASE):
        batch = [(replace(each, origen=origen), contenido(each)) for each in facturas]
        return sql_ledger.write("AGUA", None, lambda tx: tx.load(batch, None, NOW))

    return load


@pytest.fixture
def payable(libro):
    def payable(day=TODAY, *, novedades=False):
        return [factura.clave.id_factura for factura, _ in libro.payable("AGUA", day, novedades=novedades)]

    return payable


def finished(libro, *told, **said):
    begun = libro.begin(an_export(**said), ())
    libro.mark(begun.id, told)
    done = replace(begun, nombre=f"FAC.{begun.numero}", sha256="x", cantidad=len(told))
    libro.finish([done])
    return replace(done, estado=EstadoExportacion.GENERADA)


def test_what_was_reported_and_can_be_paid_that_day_is_given_whole(libro, load, sql_ledger):
    load(a_factura("F1", nombre_cliente="Ana", vencimientos=vencimientos(100, 200)))
    [(factura, said)] = libro.payable("AGUA", TODAY, novedades=False)
    assert factura == a_factura("F1", nombre_cliente="Ana", vencimientos=vencimientos(100, 200))
    assert said == contenido(factura)


def test_what_cannot_be_paid_or_is_not_reported_is_not_given(payable, load, sql_ledger):
    load(*(a_factura(f"F{n}") for n in range(4)))
    load(a_factura("ERP"), origen=Origen.EMPRESA)
    for id_factura, estado in (("F1", EstadoFactura.PAGADA), ("F2", EstadoFactura.BAJA)):
        sql_ledger.write(
            "AGUA", "C1", lambda tx, f=id_factura, e=estado: tx.move_factura(clave(f), EstadoFactura.PENDIENTE, e)
        )
    assert payable() == ["F0", "F3"]
    assert payable(TODAY + timedelta(days=1)) == []


def test_thousands_are_given_each_once(libro, load):
    facturas = [a_factura(f"F{n:04}", f"C{n % 7}") for n in range(2_003)]
    load(*facturas)
    found = [factura.clave for factura, _ in libro.payable("AGUA", TODAY, novedades=False)]
    assert sorted(found, key=lambda c: (c.id_cliente, c.id_factura)) == found
    assert set(found) == {factura.clave for factura in facturas}


def test_novedades_are_what_no_good_file_told_as_it_is_now(libro, payable, load):
    load(*(a_factura(f"F{n}") for n in range(3)))
    finished(libro, (clave("F0"), contenido(a_factura("F0"))), (clave("F1"), "as it was"))
    assert payable(novedades=True) == ["F1", "F2"]
    assert payable() == ["F0", "F1", "F2"]


def test_what_a_refused_or_a_cut_file_told_is_a_novedad_again(libro, payable, load):
    load(a_factura("F0"), a_factura("F1"))
    told = [(clave(f), contenido(a_factura(f))) for f in ("F0", "F1")]
    refused = finished(libro, told[0])
    assert libro.reject(refused.id, "linea 2: mal", NOW)
    libro.mark(libro.begin(an_export(), ()).id, told[1:])
    assert payable(novedades=True) == ["F0", "F1"]


def test_the_newest_file_that_tells_of_a_factura_stands(libro, payable, load):
    load(a_factura("F0"))
    first = finished(libro, (clave("F0"), contenido(a_factura("F0"))))
    finished(libro, (clave("F0"), contenido(a_factura("F0"))))
    libro.reject(first.id, "", NOW)
    assert payable(novedades=True) == []


def test_the_files_of_a_day_are_numbered_past_those_that_are_there_and_are_nine(libro):
    assert libro.begin(an_export(), ()).numero == 1
    assert libro.begin(an_export(), {3}).numero == 4
    assert libro.begin(an_export(fecha=TODAY + timedelta(days=1)), ()).numero == 1
    assert libro.begin(an_export(codigo_archivo="LUZ1"), ()).numero == 1
    assert libro.begin(an_export(), {8}).numero == 9
    with pytest.raises(SinNumero):
        libro.begin(an_export(), ())


def test_a_file_that_is_forgotten_gives_its_number_back(libro):
    begun = libro.begin(an_export(), ())
    libro.mark(begun.id, [(clave(), "x")])
    libro.discard([begun.id])
    assert libro.begin(an_export(), ()).numero == 1
    kept = finished(libro)
    libro.discard([kept.id])
    assert libro.find(kept.nombre) == kept


def test_a_file_that_was_cut_is_found_once_it_is_old(libro):
    begun = libro.begin(an_export(), ())
    assert list(libro.cut("AGUA", TODAY, NOW)) == []
    assert list(libro.cut("AGUA", TODAY, NOW + timedelta(seconds=1))) == [begun]
    assert list(libro.cut("AGUA", date(2026, 1, 1), NOW + timedelta(seconds=1))) == []


def test_a_refusal_is_noted_once_and_found_by_the_name_in_any_case(libro):
    done = finished(libro)
    assert libro.reject(done.id, "ERROR 7", NOW)
    assert not libro.reject(done.id, "otro texto", NOW)
    found = libro.find(done.nombre.lower())
    assert (found.estado, found.rechazo, found.rechazada_utc) == (EstadoExportacion.RECHAZADA, "ERROR 7", NOW)
    assert [libro.find("otro"), list(libro.exportaciones("LUZ1", 5))] == [None, []]
    assert list(libro.exportaciones(None, 5)) == [found]
