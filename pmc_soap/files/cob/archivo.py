"""Read a COB. It is an operations.revision.ArchivoCobros; its fecha is the day on which the money is credited."""

import re
from collections.abc import Mapping
from datetime import date

from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.archivo import ArchivoDePmc
from pmc_soap.files.cob.codigos import Codigo, problema
from pmc_soap.files.cob.cuerpo import DetallesCob
from pmc_soap.files.cob.registros import ANCHO, HEADER
from pmc_soap.files.formato import Formato
from pmc_soap.files.registro import read_fecha

FORMATO = Formato(
    prefijo="COB",
    ancho=ANCHO,
    nombre=re.compile(r"COB([A-Z0-9]{4})\.([0-9]{6})", re.IGNORECASE),
    header=HEADER,
    codigos=Codigo,
    problema=problema,
)


class ArchivoCob(ArchivoDePmc[RenglonCobro]):
    """A COB that can be opened again and again."""

    _tablas = FORMATO

    def _detalles(self, header: Mapping[str, str]) -> DetallesCob:
        return DetallesCob(read_fecha(header.get("fecha", "")) or date.min)
