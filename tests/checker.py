"""Whether a ledger's database keeps the promises: the invariants of its avisos, read by SQL, whatever wrote it.

check() gives one sentence for each breach and an empty list if there is none. It looks at the tables, never at the
code that fills them: only the identity, the content and the meaning of an aviso are the domain's own words.
Run it when the writers have ended; a story adds what was acknowledged to its callers. Importes are centavos.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text

from pmc_soap.domain.acta import Accion
from pmc_soap.domain.aviso import (
    Acuse,
    Aviso,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    ReversaPago,
    TipoAviso,
    contenido,
    huella,
    identidad,
    linea_cob_of,
)
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.resultado import Resultado
from pmc_soap.storage import tables as t
from pmc_soap.storage.rows import read_aviso

Row = Mapping[str, Any]
_CLAVE = ("codigo_empresa", "id_cliente", "id_factura")
_SENT_AGAIN = {Accion.REENVIAR, Accion.RECUPERAR}
_IN_THE_WAY = {EstadoEntrega.TOMADA, EstadoEntrega.DETENIDA}
_UNTOUCHED = {EstadoFactura.PENDIENTE, EstadoFactura.BAJA, EstadoFactura.REEMPLAZADA}  # no money moves these


class Acknowledged(NamedTuple):
    """What a caller sent, and what it was told."""

    aviso: Aviso
    acuse: Acuse


@dataclass(frozen=True)
class _Story:
    """All rows that the invariants speak of."""

    avisos: dict[str, AvisoGuardado]
    pagos: dict[str, Row]
    facturas: list[Row]
    entregas: list[Row]
    alertas: list[Row]
    actas: list[Row]
    repeticiones: Counter[str]
    acknowledged: Collection[Acknowledged]
    destinos: Mapping[str, Collection[str]]

    def of(self, tipo: type[Aviso]) -> Iterator[tuple[str, AvisoGuardado]]:
        """Give the avisos of a kind, in the order of their secuencia."""
        return ((id_aviso, each) for id_aviso, each in self.avisos.items() if isinstance(each.aviso, tipo))

    def taken_back(self) -> Counter[str | None]:
        """Count the reversas that took each pago back."""
        return Counter(each.original for _, each in self.of(ReversaPago) if each.estado is EstadoAviso.APLICADO)

    def with_money(self) -> Iterator[tuple[str, AvisoGuardado]]:
        """Give the pagos, but for avisos that came after the COB told of their payment: that one has the money."""
        return ((id_aviso, each) for id_aviso, each in self.of(AvisoPago) if not self.is_late(each))

    def is_late(self, kept: AvisoGuardado) -> bool:
        """Tell that the COB had told of a pago before this aviso of it came."""
        other = self.avisos.get(kept.original or "")
        return isinstance(kept.aviso, AvisoPago) and other is not None and linea_cob_of(other.aviso) is not None

    @cached_property
    def applied(self) -> dict[str, dict[str, Any]]:
        """Give what an operator took out of the puente: id_aviso → where he said that it goes."""
        return {row["id_aviso"]: json.loads(row["despues"]) for row in self.actas if row["accion"] == Accion.APLICAR}

    @cached_property
    def returned(self) -> set[str]:
        """Give what an operator gave back."""
        return {row["id_aviso"] for row in self.actas if row["accion"] == Accion.DEVOLVER}

    def clave_of(self, id_aviso: str) -> tuple[str | None, ...]:
        """Name the factura that a pago is for: its aviso's, or the one that an operator assigned."""
        aviso, assigned = self.avisos[id_aviso].aviso, self.applied.get(id_aviso, {})
        return tuple(assigned.get(name, getattr(aviso, name)) for name in _CLAVE)

    def is_imputed(self, id_aviso: str | None) -> bool:
        """Tell whether a pago was imputed, when it came or by an operator later."""
        kept = self.avisos.get(id_aviso or "")
        return kept is not None and (kept.estado is EstadoAviso.APLICADO or id_aviso in self.applied)

    def paid_as_withdrawn(self) -> set[tuple[str | None, ...]]:
        """Name the facturas that the empresa had withdrawn, and that an operator had paid knowing it."""
        return {
            self.clave_of(id_aviso)
            for id_aviso, how in self.applied.items()
            if how["estado_factura"] == EstadoFactura.BAJA
        }


def check(
    connection: Connection,
    acknowledged: Collection[Acknowledged] = (),
    destinos: Mapping[str, Collection[str]] | None = None,
) -> list[str]:
    """Give every breach, by the name of its invariant; destinos: where an empresa's avisos go ("pull" if not said)."""
    story = _read(connection, acknowledged, destinos or {})
    breaches = [f"{invariant.__name__}: {breach}" for invariant in INVARIANTS for breach in invariant(story)]
    return breaches + [f"sums_agree: {breach}" for breach in _sums_differ(connection)]


def _read(
    connection: Connection, acknowledged: Collection[Acknowledged], destinos: Mapping[str, Collection[str]]
) -> _Story:
    def rows(table: Any) -> list[Row]:
        return list(connection.execute(select(table).order_by(*table.primary_key.columns)).mappings())

    return _Story(
        avisos={row["id_aviso"]: read_aviso(row) for row in rows(t.aviso)},
        pagos={row["id_aviso"]: row for row in rows(t.pago)},
        facturas=rows(t.factura),
        entregas=rows(t.entrega),
        alertas=rows(t.alerta),
        actas=rows(t.auditoria),
        repeticiones=Counter(row["id_aviso"] for row in rows(t.repeticion)),
        acknowledged=acknowledged,
        destinos=destinos,
    )


def acknowledged_is_kept(story: _Story) -> Iterator[str]:
    """P1: what a caller was told is kept, and says what the caller said."""
    for aviso, acuse in story.acknowledged:
        kept = story.avisos.get(acuse.id_aviso)
        if kept is None:
            yield f"{acuse.id_aviso} was acknowledged and is not kept"
        elif kept.contenido != contenido(aviso) and kept.huella != huella(aviso):
            yield f"{acuse.id_aviso} was acknowledged with another content than is kept"


def same_question_same_answer(story: _Story) -> Iterator[str]:
    """P6: one identity and content has one answer, the one that is kept; and one arrival at most is the first."""
    answers = defaultdict(set)
    arrivals: Counter[str] = Counter()
    for aviso, acuse in story.acknowledged:
        ending = acuse.ending
        asked = aviso.codigo_empresa, aviso.tipo, identidad(aviso), contenido(aviso)
        answers[asked].add((acuse.id_aviso, acuse.estado, ending.resultado))
        arrivals[acuse.id_aviso] += 1
        kept = story.avisos.get(acuse.id_aviso)
        if kept is not None and (kept.estado, kept.resultado) != (acuse.estado, ending.resultado):
            yield f"{acuse.id_aviso} was answered {acuse.estado}, {ending.resultado}; kept {kept.estado}"
    for asked, given in answers.items():
        if len(given) > 1:
            yield f"{asked} had {len(given)} answers: {sorted(given)}"
    for id_aviso, count in arrivals.items():
        if story.repeticiones[id_aviso] < count - 1:
            yield f"{id_aviso} was acknowledged {count} times and repeated {story.repeticiones[id_aviso]} times"


def kept_is_as_it_was_said(story: _Story) -> Iterator[str]:
    """The identity, hash and fingerprint of an aviso are those of what it says."""
    for id_aviso, kept in story.avisos.items():
        aviso = kept.aviso
        conflict = f"X:{identidad(aviso)}:{contenido(aviso)}"
        expected = conflict if kept.estado is EstadoAviso.CONFLICTO else identidad(aviso)
        if kept.identidad != expected:
            yield f"{id_aviso} has the identity {kept.identidad}, which is not its own"
        if kept.contenido != contenido(aviso):
            yield f"{id_aviso} does not say any more what its hash says"
        if kept.huella not in {None, huella(aviso)}:
            yield f"{id_aviso} has a fingerprint that is not its own"
        told = Resultado.TRANSACCION_DISTINTA
        if (kept.estado is EstadoAviso.CONFLICTO) != (kept.resultado is told):
            yield f"{id_aviso} is {kept.estado} and its sender was told {kept.resultado}"


def identities_are_unique(story: _Story) -> Iterator[str]:
    """P6: one aviso is kept for each empresa, identity and kind."""
    seen = Counter((a.aviso.codigo_empresa, a.identidad, a.aviso.tipo) for a in story.avisos.values())
    for (_, identity, tipo), count in seen.items():
        if count > 1:
            yield f"the {tipo} {identity} is kept {count} times"


def each_pago_has_its_money(story: _Story) -> Iterator[str]:
    """An aviso of a pago has one row of money, which says the same as the aviso; nothing else has any.

    One that came after the COB told of its payment has none: it is the same payment.
    """
    for id_aviso, kept in story.with_money():
        row = story.pagos.get(id_aviso)
        if row is None:
            yield f"the money of {id_aviso} is nowhere"
            continue
        if row["importe_centavos"] != kept.aviso.importe_centavos:
            yield f"the money of {id_aviso} is another importe than its aviso's"
        if tuple(row[name] for name in _CLAVE) != story.clave_of(id_aviso):
            yield f"the money of {id_aviso} is not where its aviso, or an operator, put it"
    for id_aviso in story.pagos.keys() - dict(story.with_money()).keys():
        yield f"there is money of {id_aviso}, which is no pago"


def money_is_where_its_avisos_put_it(story: _Story) -> Iterator[str]:
    """A pago's state is a fold of its judgement, what an operator did, and the reversa that took it back."""
    taken_back = story.taken_back()
    for id_aviso, kept in story.with_money():
        estado = story.pagos[id_aviso]["estado"] if id_aviso in story.pagos else None
        if taken_back[id_aviso] or kept.estado is EstadoAviso.REVERSADA_ANTES:
            expected = {EstadoPago.REVERSADO}
        elif story.is_imputed(id_aviso):
            expected = {EstadoPago.APLICADO}
        else:
            expected = {EstadoPago.DEVUELTO if id_aviso in story.returned else EstadoPago.EN_PUENTE}
        if estado is not None and estado not in expected:
            yield f"the pago {id_aviso}, judged {kept.estado}, is {estado}"


def at_most_one_live_pago(story: _Story) -> Iterator[str]:
    """P5: a factura is paid once."""
    for clave, live in _live(story).items():
        if live > 1:
            yield f"{'/'.join(clave)} has {live} live pagos"


def paid_means_a_live_pago(story: _Story) -> Iterator[str]:
    """A factura of the base is PAGADA if and only if a live pago paid it, but one that was paid as withdrawn."""
    live, withdrawn = _live(story), story.paid_as_withdrawn()
    for row in story.facturas:
        clave = tuple(row[name] for name in _CLAVE)
        if clave in withdrawn and row["estado"] == EstadoFactura.BAJA:
            continue
        if (row["estado"] == EstadoFactura.PAGADA) != (live[clave] > 0):
            yield f"{'/'.join(clave)} is {row['estado']} with {live[clave]} live pagos"


def a_factura_is_the_fold_of_its_avisos(story: _Story) -> Iterator[str]:
    """P11: its avisos, and what an operator did with them, leave each factura where it is.

    Their order does not matter, for at most one pago is live: it is paid if one was imputed and not taken back.
    """
    taken_back, withdrawn = story.taken_back(), story.paid_as_withdrawn()
    paid = {
        story.clave_of(id_aviso)
        for id_aviso, _ in story.with_money()
        if story.is_imputed(id_aviso) and not taken_back[id_aviso]
    }
    for row in story.facturas:
        clave = tuple(row[name] for name in _CLAVE)
        expected = {EstadoFactura.PAGADA} if clave in paid - withdrawn else _UNTOUCHED
        if row["estado"] not in expected:
            yield f"{'/'.join(clave)} is {row['estado']}, but its avisos leave it paid: {clave in paid}"


def reversas_take_back_what_they_mean(story: _Story) -> Iterator[str]:
    """A reversa takes back one whole pago that it means, and a pago is taken back once."""
    for id_aviso, count in story.taken_back().items():
        if count > 1:
            yield f"{id_aviso} was taken back {count} times"
    met: Counter[str | None] = Counter()
    for id_aviso, kept in story.avisos.items():
        other = story.avisos.get(kept.original or "")
        if isinstance(kept.aviso, ReversaPago) and kept.estado is EstadoAviso.APLICADO:
            yield from _meet(id_aviso, kept.aviso, other)
        if isinstance(kept.aviso, AvisoPago) and kept.estado is EstadoAviso.REVERSADA_ANTES and not story.is_late(kept):
            met[kept.original] += 1
            if other is None or not isinstance(other.aviso, ReversaPago):
                yield f"{id_aviso} was reversed before it came, but by nothing"
            elif other.estado is not EstadoAviso.DESCONOCIDA:
                yield f"{id_aviso} met the reversa {kept.original}, which had found its pago"
            else:
                yield from _meet(kept.original or "", other.aviso, kept)
    for id_aviso, count in met.items():
        if count > 1:
            yield f"the reversa {id_aviso} took {count} pagos"


def each_debt_of_news_is_owed_once(story: _Story) -> Iterator[str]:
    """P9: each aviso to impute is owed to each destino exactly once; nothing else is owed.

    A reversa is owed if its pago was: the empresa is not told of the end of what it never heard of.
    """
    expected: Counter[tuple[str, str]] = Counter()
    for id_aviso, kept in story.avisos.items():
        if isinstance(kept.aviso, AvisoPago):
            is_news = story.is_imputed(id_aviso) and not story.is_late(kept)
        else:
            is_news = kept.estado is EstadoAviso.APLICADO and story.is_imputed(kept.original)
        if is_news:
            for destino in dict.fromkeys(story.destinos.get(kept.aviso.codigo_empresa, ("pull",))):
                expected[id_aviso, destino] += 1
    owed = Counter((row["id_aviso"], row["destino"]) for row in story.entregas)
    for id_aviso, destino in sorted({*expected, *owed}):
        wanted, found = expected[id_aviso, destino], owed[id_aviso, destino]
        if wanted != found:
            yield f"{id_aviso} is owed to {destino} {found} times, not {wanted}"


def each_line_has_one_first(story: _Story) -> Iterator[str]:
    """P9: of all that a cliente is still owed at a destino, only the oldest that was not stopped can be taken.

    What an operator sends again is behind whatever was on its way, or stopped, at that moment.
    """
    sent_again = {row["codigo_empresa"] for row in story.actas if row["accion"] in _SENT_AGAIN}
    lines = defaultdict(list)
    for row in story.entregas:
        if row["estado"] != EstadoEntrega.ENTREGADA:
            lines[row["codigo_empresa"], row["destino"], row["id_cliente"]].append(row)
    for line, rows in lines.items():
        first = [row["id"] for row in rows if row["primera"]]
        if line[0] in sent_again and any(row["primera"] and row["estado"] in _IN_THE_WAY for row in rows):
            continue
        if len(first) != 1 and any(row["estado"] != EstadoEntrega.DETENIDA for row in rows):
            yield f"{line} has {len(first)} entregas that can be taken"
        behind = [
            row["id"] for row in rows if row["estado"] != EstadoEntrega.DETENIDA and row["id"] < max(first, default=0)
        ]
        if behind:
            yield f"{line} lets {first} go before {behind}"


def what_is_parked_is_alerted(story: _Story) -> Iterator[str]:
    """P7: whatever is kept without being imputed has its alert, which names the reason."""
    alerts = Counter((row["id_aviso"], row["motivo"]) for row in story.alertas)
    for id_aviso, kept in story.avisos.items():
        if story.is_late(kept):
            continue
        if kept.estado is not EstadoAviso.APLICADO and alerts[id_aviso, kept.estado] != 1:
            yield f"{id_aviso}, judged {kept.estado}, has {alerts[id_aviso, kept.estado]} alerts"


INVARIANTS: tuple[Callable[[_Story], Iterator[str]], ...] = (
    acknowledged_is_kept,
    same_question_same_answer,
    kept_is_as_it_was_said,
    identities_are_unique,
    each_pago_has_its_money,
    money_is_where_its_avisos_put_it,
    at_most_one_live_pago,
    paid_means_a_live_pago,
    a_factura_is_the_fold_of_its_avisos,
    reversas_take_back_what_they_mean,
    each_debt_of_news_is_owed_once,
    each_line_has_one_first,
    what_is_parked_is_alerted,
)

_SUMS = text(
    f"""
    SELECT codigo_empresa, SUM(avisado), SUM(contado) FROM (
        SELECT codigo_empresa, importe_centavos AS avisado, 0 AS contado FROM aviso WHERE tipo = '{TipoAviso.PAGO}'
        AND NOT EXISTS (SELECT 1 FROM aviso AS cob WHERE cob.id_aviso = aviso.original AND cob.linea_cob IS NOT NULL)
        UNION ALL
        SELECT codigo_empresa, 0, importe_centavos FROM pago
        WHERE estado IN ({", ".join(f"'{estado}'" for estado in EstadoPago)})
    ) AS movimiento GROUP BY codigo_empresa HAVING SUM(avisado) <> SUM(contado)
    """  # noqa: S608 — the words are the domain's own
)


def _sums_differ(connection: Connection) -> Iterator[str]:
    """Compare, in each empresa, all centavos told with all centavos that stand somewhere."""
    for codigo_empresa, told, counted in connection.execute(_SUMS):
        yield f"in {codigo_empresa} {told} centavos were told and {counted} are accounted for"


def _live(story: _Story) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(row[name] for name in _CLAVE)
        for row in story.pagos.values()
        if row["estado"] == EstadoPago.APLICADO and row["id_factura"] is not None
    )


def _meet(id_reversa: str, reversa: ReversaPago, pago: AvisoGuardado | None) -> Iterator[str]:
    if pago is None or not isinstance(pago.aviso, AvisoPago):
        yield f"the reversa {id_reversa} took back no pago"
    elif not reversa.means(pago.aviso) or reversa.importe_centavos != pago.aviso.importe_centavos:
        yield f"the reversa {id_reversa} took back {pago.id_aviso}, which it does not mean"
