"""The Intercambios port and its book in a list; tests/storage/test_intercambios.py keeps it honest."""

from dataclasses import replace
from datetime import timedelta

from pmc_soap.operations.intercambios import PAGE_MAX, TECNICA, TODOS, Grupo, Intercambio
from pmc_soap.operations.tiempos import OPERACIONES, Medidas


class FakeIntercambios:
    """The exchanges, in memory. origenes: what origins() tells."""

    at_once = 100

    def __init__(self):
        self.kept, self.origenes, self._last = [], {}, 0

    def add(self, kept):
        for intercambio, documentos in kept:
            self._last += 1
            self.kept.append((replace(intercambio, id=self._last), documentos))

    def purge(self, before_utc, limit):
        old = sorted((each for each in self.kept if each[0].fecha_hora_utc < before_utc), key=_when)[:limit]
        self.kept = [each for each in self.kept if each not in old]
        return len(old)

    def recent(self, filtro=TODOS, before_id=None, limit=PAGE_MAX):
        found = sorted((each for each in self.kept if _fits(filtro, each[0])), key=_when, reverse=True)
        if before_id is not None:
            [last] = [_when(each) for each in self.kept if each[0].id == before_id]
            found = [each for each in found if _when(each) < last]
        return [each[0] for each in found[:limit]]

    def after(self, id_, filtro=TODOS, limit=PAGE_MAX):
        return [each for each, _ in self.kept if each.id > id_ and _fits(filtro, each)][:limit]

    def last_id(self):
        return max((each.id for each, _ in self.kept), default=0)

    def find(self, id_pedido):
        return next((each for each in self.kept if each[0].id_pedido == id_pedido), None)

    def ids(self, texto):
        return [each.id_pedido for each, _ in self.kept if each.id_pedido == texto.strip().lower()]

    def groups(self, desde_utc, hasta_utc, codigos_empresa=None):
        times = {}
        for each in self._of(desde_utc, hasta_utc, codigos_empresa):
            hora = each.fecha_hora_utc.replace(minute=0, second=0, microsecond=0)
            key = (hora, each.operacion or "", each.falla or each.codigo or "", each.severidad, each.operacion)
            times.setdefault(key, []).append(each.us)
        return [
            Grupo(hora_utc=hora, operacion=operacion, codigo=codigo, severidad=severidad, medidas_us=Medidas.of(us))
            for (hora, _, codigo, severidad, operacion), us in sorted(times.items(), key=lambda item: item[0][:4])
        ]

    def minutes_down(self, desde_utc, hasta_utc, codigos_empresa=None):
        minutes = {}
        for each in self._of(desde_utc, hasta_utc, codigos_empresa):
            if each.operacion in OPERACIONES and (each.severidad == TECNICA or each.falla is None):
                minute = each.fecha_hora_utc.replace(second=0, microsecond=0)
                minutes.setdefault(minute, []).append(each.severidad == TECNICA)
        return sum(all(failed) for failed in minutes.values())

    def origins(self, *_):
        return self.origenes

    def _of(self, desde_utc, hasta_utc, codigos_empresa):
        for each, _ in self.kept:
            mine = codigos_empresa is None or each.codigo_empresa in codigos_empresa
            if mine and desde_utc <= each.fecha_hora_utc < hasta_utc:
                yield each


def _when(each):
    return each[0].fecha_hora_utc, each[0].id


def _fits(filtro, each):
    names = ("puerto", "operacion", "codigo", "falla", "id_cliente", "id_factura", "id_aviso")
    return (
        all(getattr(filtro, name) in {None, getattr(each, name)} for name in names)
        and (filtro.codigos_empresa is None or each.codigo_empresa in filtro.codigos_empresa)
        and (not filtro.con_problemas or each.con_problema)
        and (filtro.minimo_ms is None or each.us >= filtro.minimo_ms * 1000)
        and (filtro.desde_utc is None or each.fecha_hora_utc >= filtro.desde_utc)
        and (filtro.hasta_utc is None or each.fecha_hora_utc < filtro.hasta_utc)
    )


def an_intercambio(n, at_utc, **said):
    """Give the n-th exchange: a good consulta of DEMO, but for what is said."""
    plain = {
        "id_pedido": f"{n:032x}",
        "fecha_hora_utc": at_utc + timedelta(microseconds=n),
        "puerto": "PagoMisCuentas",
        "operacion": "ConsultaDeuda",
        "codigo_empresa": "DEMO",
        "codigo": "00",
        "severidad": 0,
        "http": 200,
        "us": 1_000,
        "fases_us": {"lectura": 10, "operacion": 900},
        "bytes_in": 700,
        "bytes_out": 800,
    }
    return Intercambio(**(plain | said))
