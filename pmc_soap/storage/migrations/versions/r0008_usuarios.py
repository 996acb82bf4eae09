"""People of the consola, and the browsers that they entered with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROLES = "rol IN ('integrador', 'operador', 'finanzas', 'auditor', 'administrador')"


def upgrade() -> None:
    """Make the tables, and let what was done be found by who did it."""
    op.create_table(
        "usuario",
        sa.Column("usuario", sa.String, nullable=False),
        sa.Column("nombre", sa.String, nullable=False),
        sa.Column("rol", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("activo", sa.Boolean, nullable=False),
        sa.Column("debe_cambiar", sa.Boolean, nullable=False),
        sa.Column("creado_utc", INSTANT, nullable=False),
        sa.Column("clave_utc", INSTANT, nullable=False),
        sa.CheckConstraint(ROLES, name=op.f("ck_usuario_rol")),
        sa.PrimaryKeyConstraint("usuario", name=op.f("pk_usuario")),
    )
    op.create_table(
        "sesion",
        sa.Column("huella", sa.String, nullable=False),
        sa.Column("usuario", sa.String, nullable=False),
        sa.Column("creada_utc", INSTANT, nullable=False),
        sa.Column("vista_utc", INSTANT, nullable=False),
        sa.Column("vence_utc", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["usuario"], ["usuario.usuario"], name=op.f("fk_sesion_usuario")),
        sa.PrimaryKeyConstraint("huella", name=op.f("pk_sesion")),
    )
    op.create_index(op.f("ix_sesion_usuario"), "sesion", ["usuario"])
    op.create_index(op.f("ix_sesion_vence_utc"), "sesion", ["vence_utc"])
    op.create_index(op.f("ix_auditoria_operador"), "auditoria", ["operador"])
