import time
from pathlib import Path

import pytest

from pmc_soap.operations.ports import Unavailable
from pmc_soap.storage import disk, schema
from pmc_soap.storage.engine import BaseNoAdmitida, open_base
from pmc_soap.storage.ledger import SqlLedger

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /srv/red rw shared:1 - nfs4 10.0.0.1:/export rw,vers=4.2
31 30 0:41 / /srv/red/local rw - xfs /dev/vdb rw
32 22 0:42 / /srv/con\040espacio rw master:2 - cifs //server/share rw
33 22 0:43 / /srv/twice rw - nfs server:/old rw
34 22 0:44 / /srv/twice rw - btrfs /dev/vdc rw
35 22 0:45 / /srv/ssh rw - fuse.sshfs user@host: rw
36 22 0:46 / /srv/sandbox rw - 9p share rw
""".strip()


@pytest.mark.parametrize(
    ("path", "tipo"),
    [
        ("/var/lib/pmc/ledger.db", None),
        ("/srv/red/ledger.db", "nfs4"),
        ("/srv/red/deep/er/ledger.db", "nfs4"),
        ("/srv/red/local/ledger.db", None),
        ("/srv/redundant/ledger.db", None),
        ("/srv/con espacio/ledger.db", "cifs"),
        ("/srv/twice/ledger.db", None),
        ("/srv/ssh/ledger.db", "fuse.sshfs"),
        ("/srv/sandbox/ledger.db", None),
    ],
)
def test_the_deepest_mount_tells_whether_the_disk_is_local(path, tipo):
    assert disk.network_file_system(Path(path), MOUNTINFO) == tipo


def test_a_link_to_a_network_disk_is_a_network_disk(tmp_path):
    (tmp_path / "red").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "red")
    mounts = f"{MOUNTINFO}\n40 22 0:50 / {tmp_path / 'red'} rw - nfs server:/ rw"
    assert disk.network_file_system(tmp_path / "link" / "ledger.db", mounts) == "nfs"


def test_sqlite_on_a_network_disk_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mountinfo").write_text(f"40 22 0:50 / {tmp_path} rw - nfs4 server:/ rw")
    monkeypatch.setattr(disk, "MOUNTINFO", tmp_path / "mountinfo")
    with pytest.raises(BaseNoAdmitida, match=r"disco de red \(nfs4\)"):
        open_base(f"sqlite:///{tmp_path}/ledger.db")


def test_a_system_without_mountinfo_is_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MOUNTINFO", tmp_path / "none")
    assert disk.network_file_system(tmp_path) is None


def test_a_ticket_is_free_again_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError), disk.ticket(tmp_path / "lock", 1):
        raise ZeroDivisionError
    with disk.ticket(tmp_path / "lock", 1):
        pass


def test_nobody_waits_for_ever_behind_a_writer_that_does_not_end(tmp_path):
    began = time.monotonic()
    with disk.ticket(tmp_path / "lock", 1), pytest.raises(disk.SinTurno), disk.ticket(tmp_path / "lock", 0.1):
        pass
    assert 0.1 <= time.monotonic() - began < 1


def test_a_ledger_that_cannot_write_in_time_says_that_it_is_unavailable(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    schema.migrate(url)
    ledger = SqlLedger(open_base(url, turn_timeout_s=0.1))
    with disk.ticket(tmp_path / "ledger.db.lock", 1), pytest.raises(Unavailable):
        ledger.write("AGUA", "C1", lambda _: None)
    ledger.close()
