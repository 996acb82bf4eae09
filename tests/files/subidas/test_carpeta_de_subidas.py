"""What is sent is kept apart, and how far it is can be told by any process at any moment."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from pmc_soap.files.subidas.carpeta import Carpeta
from pmc_soap.operations.subidas import Clase, EstadoSubida, Etapa, NoSePuede, Subida

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
def carpeta(tmp_path):
    return Carpeta(tmp_path / "subidas")


def sent(carpeta, name="FAC1234.100326", at=NOW):
    subida = Subida(id="", clase=Clase.FACTURAS, nombre=name, bytes=0, operador="ana", subida_utc=at)
    return carpeta.add(subida, BytesIO(b"hola"))


def test_what_nobody_works_at_any_more_was_cut(carpeta):
    subida = sent(carpeta)
    with carpeta.held(subida):
        carpeta.tell(subida, EstadoSubida(etapa=Etapa.CARGANDO, filas=3))
        assert carpeta.get(subida.id)[1].etapa is Etapa.CARGANDO
    assert carpeta.get(subida.id)[1].etapa is Etapa.CORTADA


def test_one_that_ends_while_it_is_looked_at_is_never_told_to_be_cut(carpeta, monkeypatch):
    subida = sent(carpeta)
    carpeta.tell(subida, EstadoSubida(etapa=Etapa.CARGANDO))

    def ends(_):
        carpeta.tell(subida, EstadoSubida(etapa=Etapa.LISTA))
        return False

    monkeypatch.setattr(carpeta, "_is_held", ends)
    assert carpeta.get(subida.id)[1].etapa is Etapa.LISTA


def test_two_never_work_at_one_and_it_is_not_forgotten_meanwhile(carpeta):
    subida = sent(carpeta)
    with carpeta.held(subida):
        with pytest.raises(NoSePuede), carpeta.held(subida):
            pass
        with pytest.raises(NoSePuede):
            carpeta.remove(subida.id)
    carpeta.remove(subida.id)
    assert carpeta.get(subida.id) is None


def test_what_was_sent_a_week_ago_is_forgotten(carpeta):
    old, new = sent(carpeta, at=NOW - timedelta(days=8)), sent(carpeta)
    carpeta.forget_old(NOW)
    assert (carpeta.get(old.id), carpeta.get(new.id)[0]) == (None, new)


@pytest.mark.parametrize("id_", ["..", "0" * 15, "z" * 16, "", "../" + "0" * 13])
def test_an_id_that_is_none_finds_nothing(carpeta, id_):
    sent(carpeta)
    assert carpeta.get(id_) is None
