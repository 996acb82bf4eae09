"""People of the consola, and the browsers that they entered with."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table

from pmc_soap.domain.usuario import Rol
from pmc_soap.storage.columns import Instant, metadata, one_of

usuario = Table(
    "usuario",
    metadata,
    Column("usuario", String, primary_key=True),
    Column("nombre", String, nullable=False),
    Column("rol", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("activo", Boolean, nullable=False),
    Column("debe_cambiar", Boolean, nullable=False),
    Column("creado_utc", Instant, nullable=False),
    Column("clave_utc", Instant, nullable=False),
    one_of("rol", Rol),
)

sesion = Table(
    "sesion",
    metadata,
    Column("huella", String, primary_key=True),
    Column("usuario", String, ForeignKey("usuario.usuario"), nullable=False, index=True),
    Column("creada_utc", Instant, nullable=False),
    Column("vista_utc", Instant, nullable=False),
    Column("vence_utc", Instant, nullable=False, index=True),
)
