"""The tables of the ledger, as the newest migration leaves them.

Importes are whole centavos, instants are UTC, days are those of Argentina. Texts carry no length here: the contract
limits them at the edge, and a database that refuses a long text would lose an aviso. The triggers that make aviso,
repeticion, aviso_ilegible and auditoria append-only are in the migrations.
"""

from pmc_soap.storage.columns import metadata
from pmc_soap.storage.tables.avisos import aviso, aviso_ilegible, pago, repeticion
from pmc_soap.storage.tables.cargas import carga, exportacion, exportada
from pmc_soap.storage.tables.cobranza import cierre_cob, cob, linea_cob
from pmc_soap.storage.tables.consultas import consulta, cotizacion
from pmc_soap.storage.tables.entregas import alerta, auditoria, entrega, intento
from pmc_soap.storage.tables.facturas import cliente, factura
from pmc_soap.storage.tables.intercambios import intercambio
from pmc_soap.storage.tables.nonces import nonce
from pmc_soap.storage.tables.usuarios import sesion, usuario

__all__ = [
    "alerta",
    "auditoria",
    "aviso",
    "aviso_ilegible",
    "carga",
    "cierre_cob",
    "cliente",
    "cob",
    "consulta",
    "cotizacion",
    "entrega",
    "exportacion",
    "exportada",
    "factura",
    "intento",
    "intercambio",
    "linea_cob",
    "metadata",
    "nonce",
    "pago",
    "repeticion",
    "sesion",
    "usuario",
]
