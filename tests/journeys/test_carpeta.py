"""pmc-soap facturas watch, a real process: what is put into the folder becomes the base, whatever happens to it."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
from archivos import COUNT, end_lease, fac, one, run

from pmc_soap.files.fac.archivo import ArchivoFac

SETTLE = ["--settle", "0.2"]


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "entrada"
    path.mkdir()
    return path


@pytest.fixture
def made(tmp_path):
    """Make a FAC outside of the folder."""
    outside = tmp_path / "afuera"
    outside.mkdir()
    return lambda count, first=0: fac(outside, count, first)


def put(path, folder):
    """Put a file there as one should: whole at once."""
    shutil.copy(path, folder / f"{path.name}.tmp")
    (folder / f"{path.name}.tmp").rename(folder / path.name)


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@contextmanager
def watching(pmc_soap, folder):
    line = [*pmc_soap, "facturas", "watch", "--dir", str(folder), *SETTLE]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert "Mirando" in process.stderr.readline()
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(20)


def test_what_appears_is_loaded_once_it_is_whole_and_goes_to_where_it_can_be_seen(pmc_soap, db_url, folder, made):
    path = made(3)
    with watching(pmc_soap, folder) as process:
        shutil.copy(path, folder / f"{path.name}.part")
        time.sleep(1.5)
        assert one(db_url, "SELECT count(*) FROM carga") == 0
        half, whole = path.read_bytes()[:400], path.read_bytes()
        with (folder / path.name).open("wb") as file:
            file.write(half)
            file.flush()
            time.sleep(0.1)
            file.write(whole[400:])
        until(lambda: names(folder / "procesados"))
        until(lambda: path.name not in names(folder))
    assert process.returncode == 0
    assert one(db_url, "SELECT count(*) FROM factura") == 3
    assert names(folder / "procesados") == [path.name, f"{path.name}.informe.txt"]
    assert "Nuevas: 3" in (folder / "procesados" / f"{path.name}.informe.txt").read_text()
    assert [item.factura.clave.id_factura for item in ArchivoFac.at(folder / "procesados" / path.name).read()] == [
        "F-0",
        "F-1",
        "F-2",
    ]


def test_what_is_bad_goes_aside_with_its_report_and_what_is_to_be_mended(pmc_soap, db_url, folder, made):
    path = made(2)
    path.write_bytes(path.read_bytes().replace(b"020260409", b"020260231", 1))
    put(path, folder)
    done = run(pmc_soap, "facturas", "watch", "--dir", folder, *SETTLE, "--once")
    assert (done.returncode, "→ rechazados/" in done.stdout) == (1, True), done.stdout + done.stderr
    aside = folder / "rechazados"
    assert names(aside) == [
        path.name,
        *(f"{path.name}.{kind}" for kind in ("corregir", "informe.txt", "problemas.csv")),
    ]
    assert "FAC-214" in (aside / f"{path.name}.problemas.csv").read_text("utf-8-sig")
    assert one(db_url, "SELECT count(*) FROM factura") == 0
    mended = aside / f"{path.name}.corregir"
    mended.write_bytes(mended.read_bytes().replace(b"020260231", b"020260409"))
    assert run(pmc_soap, "facturas", "load", mended, "--any-name").returncode == 0
    assert one(db_url, "SELECT count(*) FROM factura") == 1


def test_the_same_file_again_is_nothing_and_is_kept_apart_from_the_first(pmc_soap, db_url, folder, made):
    for count in (2, 2, 3):
        put(made(count), folder)
        assert run(pmc_soap, "facturas", "watch", "--dir", folder, *SETTLE, "--once").returncode == 0
    name = made(2).name
    assert names(folder / "procesados") == [
        name,
        f"{name} (2)",
        f"{name} (2).informe.txt",
        f"{name}.informe.txt",
    ]
    assert one(db_url, "SELECT count(*) FROM factura") == 3
    assert one(db_url, "SELECT count(*) FROM carga") == 2


def test_who_is_killed_before_the_file_was_moved_finds_that_it_was_loaded(pmc_soap, db_url, folder, made):
    put(made(5), folder)
    name = made(5).name
    assert run(pmc_soap, "facturas", "load", folder / name).returncode == 0  # and then it was killed
    done = run(pmc_soap, "facturas", "watch", "--dir", folder, *SETTLE, "--once")
    assert (done.returncode, "ya se cargó: la carga 1" in done.stdout) == (0, True), done.stdout
    assert (names(folder / "procesados"), one(db_url, "SELECT count(*) FROM carga")) == (
        [name, f"{name}.informe.txt"],
        1,
    )


def test_who_is_killed_in_the_middle_of_a_file_goes_on_with_it(pmc_soap, db_url, folder, made):
    put(made(COUNT), folder)
    name = fac(folder.parent, 1).name
    with watching(pmc_soap, folder) as process:
        until(lambda: one(db_url, "SELECT max(hasta_linea) FROM carga"))
        os.kill(process.pid, signal.SIGKILL)
    assert name in names(folder)
    written = one(db_url, "SELECT count(*) FROM factura")
    assert 0 < written < COUNT
    end_lease(db_url)
    done = run(pmc_soap, "facturas", "watch", "--dir", folder, *SETTLE, "--once")
    assert done.returncode == 0, done.stdout + done.stderr
    assert one(db_url, "SELECT count(*) FROM factura") == one(db_url, "SELECT nuevas FROM carga") == COUNT
    told = (folder / "procesados" / f"{name}.informe.txt").read_text()
    assert f"siguió después de la línea {written + 1}" in told


def test_one_process_watches_a_folder(pmc_soap, folder):
    with watching(pmc_soap, folder):
        second = run(pmc_soap, "facturas", "watch", "--dir", folder, "--once")
    assert (second.returncode, "otro proceso ya mira" in second.stderr) == (4, True), second.stderr
    assert run(pmc_soap, "facturas", "watch", "--dir", folder, *SETTLE, "--once").returncode == 0


def test_a_reemplazo_that_would_retire_too_much_is_left_for_a_person(pmc_soap, db_url, folder, made, tmp_path):
    run(pmc_soap, "facturas", "load", made(10))
    with (tmp_path / "pmc-soap.toml").open("a") as config:
        config.write(f'[empresas.1234.archivos]\nentrada = "{folder}"\nmodo = "reemplazo"\n')
    put(made(2), folder)
    done = run(pmc_soap, "facturas", "watch", *SETTLE, "--once")
    assert (done.returncode, "daría de baja 8 de las 10" in done.stdout) == (1, True), done.stdout + done.stderr
    put(made(8), folder)
    assert run(pmc_soap, "facturas", "watch", *SETTLE, "--once").returncode == 0
    assert one(db_url, "SELECT count(*) FROM factura WHERE estado = 'BAJA'") == 2


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ([], 3, "ninguna empresa tiene carpeta de entrada"),
        (["--dir", "no-esta"], 3, "no existe: creala"),
        (["--modo", "reemplazo"], 2, "van con --dir"),
        (["--dir", ".", "--modo", "reemplazo", "--partial"], 2, "--partial no va con reemplazo"),
    ],
)
def test_what_cannot_be_watched_is_told_why(pmc_soap, args, code, told):
    done = run(pmc_soap, "facturas", "watch", "--once", *args)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
