"""A watched folder: what is whole is given, what is not is left, and nothing is covered or lost on its way."""

import errno
import os
from pathlib import Path

import pytest

from pmc_soap.files import entrada as module
from pmc_soap.files.entrada import Entrada, Ocupada


@pytest.fixture
def clock(monkeypatch):
    """Have time pass when told."""
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])

    def passes(seconds):
        now[0] += seconds

    return passes


@pytest.fixture
def entrada(tmp_path, clock):
    return Entrada(tmp_path, settle_s=5)


def names(paths):
    return [path.name for path in paths]


def test_a_file_is_given_once_it_stayed_as_it_is_for_long_enough(entrada, tmp_path, clock):
    (tmp_path / "a").write_text("1")
    assert names(entrada.ready()) == []
    clock(4)
    (tmp_path / "a").write_text("12")
    assert names(entrada.ready()) == []
    clock(4)
    assert (names(entrada.ready()), entrada.is_settling()) == ([], True)
    clock(1)
    assert names(entrada.ready()) == ["a"]
    assert not entrada.is_settling()


def test_the_first_to_come_is_the_first_given(entrada, tmp_path, clock):
    for n, name in enumerate(("c", "a", "b")):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (n, n))
    entrada.ready()
    clock(5)
    assert names(entrada.ready()) == ["c", "a", "b"]


@pytest.mark.parametrize("name", ["a.tmp", "a.PART", "a.filepart", "a.crdownload", ".a", "a~"])
def test_what_is_on_its_way_is_not_looked_at(entrada, tmp_path, clock, name):
    (tmp_path / name).write_text("x")
    entrada.ready()
    clock(60)
    assert names(entrada.ready()) == []


def test_neither_folders_nor_links_nor_empty_files_are_given(entrada, tmp_path, clock):
    (tmp_path / "procesados").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("/etc/passwd")
    entrada.ready()
    clock(60)
    assert names(entrada.ready()) == []


def test_one_at_a_time_looks_after_a_folder(entrada, tmp_path):
    with entrada.held(), pytest.raises(Ocupada), Entrada(tmp_path, 5).held():
        pass
    with Entrada(tmp_path, 5).held():
        pass


def placed(entrada, path):
    target = entrada.place(path, "procesados")
    path.unlink(missing_ok=True)
    return target


def test_a_placed_file_never_covers_another_of_its_name(entrada, tmp_path):
    for text in ("uno", "dos", "tres"):
        (tmp_path / "FAC").write_text(text)
        placed(entrada, tmp_path / "FAC")
    found = {path.name: path.read_text() for path in (tmp_path / "procesados").iterdir()}
    assert found == {"FAC": "uno", "FAC (2)": "dos", "FAC (3)": "tres"}
    assert not (tmp_path / "FAC").exists()


def test_who_was_killed_before_the_old_name_was_gone_finds_the_new_one(entrada, tmp_path):
    (tmp_path / "FAC").write_text("uno")
    assert entrada.place(tmp_path / "FAC", "procesados") == entrada.place(tmp_path / "FAC", "procesados")
    assert names((tmp_path / "procesados").iterdir()) == ["FAC"]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_disk_without_links_covers_nothing_either(entrada, tmp_path, monkeypatch, is_there):
    def link(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    (tmp_path / "procesados").mkdir()
    if is_there:
        (tmp_path / "procesados" / "FAC").write_text("otro")
    (tmp_path / "FAC").write_text("uno")
    target = placed(entrada, tmp_path / "FAC")
    assert (target.name, target.read_text()) == ("FAC (2)" if is_there else "FAC", "uno")


def test_a_disk_that_fails_loses_nothing(entrada, tmp_path, monkeypatch):
    def link(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", link)
    (tmp_path / "FAC").write_text("uno")
    with pytest.raises(OSError, match="full"):
        entrada.place(tmp_path / "FAC", "procesados")
    assert Path(tmp_path / "FAC").read_text() == "uno"
