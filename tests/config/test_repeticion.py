"""A destino that is a database: what a repeat of its INSERT would break is refused, and nothing else is."""

import pytest
from tablas import problems, with_destino

from pmc_soap.config import check

ASKS = (
    "«empresas.1234.destinos.erp.existe» hace falta: un aviso puede llegar dos veces, y el INSERT de «{}» no admite"
    ' que se lo repita. Por ejemplo: existe = "SELECT 1 FROM pago WHERE id_aviso = :id_aviso".'
)
EXISTE = "SELECT 1 FROM pago WHERE id = :id_aviso"


@pytest.mark.parametrize(
    "imputar",
    [
        "INSERT INTO pago (id) VALUES (:id_aviso)",
        "\n    insert into pago (id)\n    values (:id_aviso)\n",
        "SET NOCOUNT ON; INSERT pago VALUES (:id_aviso)",
        "WITH x AS (SELECT :id_aviso AS id) INSERT INTO pago SELECT id FROM x",
        "WITH n AS (INSERT INTO pago (id) VALUES (:id_aviso) RETURNING id) SELECT id AS nro_comprobante FROM n",
        "/* ON CONFLICT */ INSERT INTO pago VALUES (:id_aviso) -- ON DUPLICATE KEY",
        "INSERT INTO pago VALUES (:id_aviso, 'sin ON CONFLICT, que MERGE no''s')",
    ],
)
def test_an_insert_that_a_repeat_would_break_needs_existe(imputar):
    assert problems(with_destino("sql", imputar=imputar)) == [ASKS.format("imputar")]
    assert check(with_destino("sql", imputar=imputar, existe=EXISTE))


@pytest.mark.parametrize(
    "imputar",
    [
        "INSERT INTO pago VALUES (:id_aviso) ON CONFLICT (id) DO NOTHING",
        "INSERT INTO pago VALUES (:id_aviso) on  duplicate key UPDATE id = id",
        "INSERT IGNORE INTO pago VALUES (:id_aviso)",
        "INSERT OR IGNORE INTO pago VALUES (:id_aviso)",
        "INSERT OR REPLACE INTO pago VALUES (:id_aviso)",
        "REPLACE INTO pago VALUES (:id_aviso)",
        "MERGE INTO pago USING (SELECT :id_aviso AS id) n ON (pago.id = n.id) WHEN NOT MATCHED THEN INSERT VALUES (1)",
        "INSERT INTO pago SELECT :id_aviso WHERE NOT EXISTS (SELECT 1 FROM pago WHERE id = :id_aviso)",
        "IF NOT EXISTS (SELECT 1 FROM pago WHERE id = :id_aviso) INSERT INTO pago VALUES (:id_aviso)",
        "UPDATE factura SET paga = 1 WHERE id = :id_factura",
        "CALL insert_pago(:id_aviso)",
        "UPDATE factura SET nota = 'x; insert into' WHERE id = :id_factura",
    ],
)
def test_what_may_be_repeated_needs_no_existe(imputar):
    assert check(with_destino("sql", imputar=imputar)).empresas["1234"].destinos["erp"].existe is None


def test_a_reversa_that_inserts_is_held_to_the_same():
    reversar = "INSERT INTO reversa VALUES (:id_aviso)"
    assert problems(with_destino("sql", reversar=reversar)) == [ASKS.format("reversar")]
    assert check(with_destino("sql", reversar=reversar, existe=EXISTE))
