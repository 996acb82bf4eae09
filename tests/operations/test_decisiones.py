"""The decision table of contract.md §7, cell by cell: what the gateway does is what fixtures/decisiones says."""

from collections import defaultdict

import pytest
from operations.decisiones import (
    AVISOS,
    CELLS,
    CELLS_REVERSA,
    REVERSAS,
    SITUACIONES,
    Cell,
    CellReversa,
    play,
    read,
)

ROWS = {Cell(*list(row.values())[:4]): row for row in read(AVISOS)}
ROWS_REVERSA = {CellReversa(*list(row.values())[:3]): row for row in read(REVERSAS)}


def _differences(golden, played):
    return [(golden[cell], row) for cell, row in played.items() if golden[cell] != row]


def test_the_table_has_each_of_its_810_cells_once():
    assert list(ROWS) == list(CELLS)
    assert len(read(AVISOS)) == 810


def test_the_table_of_reversas_has_each_of_its_72_cells_once():
    assert list(ROWS_REVERSA) == list(CELLS_REVERSA)
    assert len(read(REVERSAS)) == 72


@pytest.mark.parametrize("situacion", SITUACIONES)
def test_every_cell_ends_over_the_fake_as_the_table_says(world, situacion):
    cells = [cell for cell in CELLS if cell.factura == situacion]
    assert _differences(ROWS, play(world, cells)) == []


def test_every_cell_ends_over_sqlite_as_the_table_says(fresh_world):
    with fresh_world("sqlite") as world:
        assert _differences(ROWS, play(world, CELLS, threads=True)) == []
        world.check()


@pytest.mark.postgres
def test_every_cell_ends_over_postgres_as_the_table_says_with_one_of_the_clocks(fresh_world):
    cells = [cell for n, cell in enumerate(CELLS) if n % 3 == (n // 3 + n // 18) % 3]
    with fresh_world("postgres") as world:
        assert _differences(ROWS, play(world, cells, threads=True)) == []
        world.check()


def test_every_reversa_ends_as_the_table_says(any_world):
    assert _differences(ROWS_REVERSA, play(any_world, CELLS_REVERSA)) == []


def test_no_decision_depends_on_our_clock():
    by_clock = defaultdict(set)
    for cell, row in ROWS.items():
        by_clock[cell[:3]].add(tuple(row.values())[4:])
    assert {len(outcomes) for outcomes in by_clock.values()} == {1}


def test_no_aviso_is_refused_and_only_a_conflict_is_told_so():
    told = {(row["codigo"], row["estado"] == "CONFLICTO") for row in ROWS.values()}
    assert told == {("00", False), ("24", True)}


def test_no_factura_has_two_live_pagos_and_is_paid_exactly_when_it_has_one():
    assert {row["aplicados"] for row in ROWS.values()} == {"0", "1"}
    for row in ROWS.values():
        assert (row["estado_factura"] == "PAGADA") == (row["aplicados"] == "1"), row


def test_a_concurrent_repeat_ends_as_one_that_came_later():
    for cell, row in ROWS.items():
        if cell.llegada == "repeticion concurrente":
            later = ROWS[cell._replace(llegada="repeticion identica")]
            assert row == later | {"llegada": cell.llegada}


def test_a_repeat_is_told_so_and_moves_nothing():
    for cell, row in ROWS.items():
        if cell.llegada == "repeticion identica":
            assert row == ROWS[cell._replace(llegada="primera")] | {"llegada": cell.llegada, "duplicado": "si"}


def test_thirty_days_on_the_way_change_nothing():
    for cell, row in ROWS.items():
        if cell.llegada == "30 dias tarde":
            assert row == ROWS[cell._replace(llegada="primera")] | {"llegada": cell.llegada}


def test_a_conflict_adds_only_its_own_money_to_the_puente():
    for cell, row in ROWS.items():
        if cell.llegada == "repeticion conflictiva":
            before = ROWS[cell._replace(llegada="repeticion identica")]
            assert int(row["en_puente"]) == int(before["en_puente"]) + 1
            for column in ("estado_factura", "aplicados", "reversados", "entregas"):
                assert row[column] == before[column]


def test_what_was_reversed_before_it_came_is_never_imputed():
    for cell, row in ROWS.items():
        if cell.llegada == "despues de la reversa" and cell.factura != "pagada misma tx":
            assert row["estado"] == "REVERSADA_ANTES"


def test_money_is_imputed_only_where_it_is_exact_in_pesos_and_due():
    applied = {(c.factura, c.importe) for c, row in ROWS.items() if row["estado"] == "APLICADO"}
    assert applied == {
        (factura, "exacto") for factura in ("pendiente", "pagada misma tx", "vencida al 1er vto", "reversada")
    }
