"""Archives of files: what comes out, what does not, and what was made to hurt."""

import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amity.model import Trouble
from amity.sources import archives
from amity.sources.limits import Limits

FILES = {
    "Takeout/Mail/All mail.mbox": b"From x Thu Jan  2 14:04:05 2020\nSubject: a\n\n" * 50,
    "Takeout/Contacts/Alle Kontakte/Alle Kontakte.vcf": b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n",
    "Takeout/Photos/1.JPG": b"\xff\xd8" * 100,
    "__MACOSX/Takeout/._1": b"x",
    ".Sent/cur/1.host:2,S": b"Subject: b\n\n",
}
WANTED = sorted(name for name in FILES if "JPG" not in name and "MACOSX" not in name)
TAR = {"tar": "w", "tgz": "w:gz", "tar.gz": "w:gz", "tar.bz2": "w:bz2", "tar.xz": "w:xz"}


def a_zip(path, files=FILES, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 2, 14, 4, 4)), data, compress_type=method)
    return path


def a_tar(path, files=FILES, mode="w:gz", change=lambda _: None):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1577973844
            change(info)
            archive.addfile(info, io.BytesIO(data))
    return path


def packed(root, kind, files=FILES):
    path = root / f"takeout.{kind}"
    return a_zip(path, files) if kind == "zip" else a_tar(path, files, TAR[kind])


def unpack(path, into, **raised):
    found = list(archives.unpack(path, into, Limits(**raised)))
    return [item for item in found if isinstance(item, Path)], [item for item in found if isinstance(item, Trouble)]


def names(into, files):
    return sorted(file.relative_to(into).as_posix() for file in files)


def dates(root):
    return {path.relative_to(root): path.stat().st_mtime_ns for path in [*sorted(root.rglob("*")), root]}


@pytest.fixture(params=["zip", *TAR])
def kind(request):
    return request.param


def test_what_a_source_may_want_comes_out(tmp_path, kind):
    path = packed(tmp_path, kind)
    assert archives.recognise(path, path.read_bytes()[:4096])
    files, troubles = unpack(path, tmp_path / "out")
    assert troubles == []
    assert names(tmp_path / "out", files) == WANTED
    for file in files:
        assert file.read_bytes() == FILES[file.relative_to(tmp_path / "out").as_posix()]
        assert abs(file.stat().st_mtime - 1577973844) < 2
        assert not file.stat().st_mode & 0o111
    assert not (tmp_path / "out" / "Takeout" / "Photos").exists()


def test_unpacked_twice_the_dates_are_the_same(tmp_path, kind):
    path = packed(tmp_path, kind)
    unpack(path, tmp_path / "one")
    unpack(path, tmp_path / "two")
    assert dates(tmp_path / "one") == dates(tmp_path / "two")


def test_where_a_byte_has_changed_the_dates_differ_up_to_the_root(tmp_path, kind):
    unpack(packed(tmp_path, kind), tmp_path / "one")
    changed = {name: data.replace(b"Ana", b"Eva") for name, data in FILES.items()}
    unpack(packed(tmp_path, kind, changed), tmp_path / "two")
    one, two = dates(tmp_path / "one"), dates(tmp_path / "two")
    card = Path("Takeout/Contacts/Alle Kontakte/Alle Kontakte.vcf")
    assert {name for name in one if one[name] != two[name]} == {card, *card.parents}


@pytest.mark.parametrize("inner", ["zip", "tgz", "tar.xz"])
def test_an_archive_inside_is_opened_but_none_inside_that(tmp_path, kind, inner):
    deep = packed(tmp_path, "zip", {"a.vcf": b"c"}).read_bytes()
    within = packed(tmp_path, inner, {"chat.txt": b"a", "deep.zip": deep}).read_bytes()
    path = packed(tmp_path, kind, {"Export/part.": b"b", f"Export/inner.{inner}": within})
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == sorted(["Export/part.", f"Export/inner.{inner}/chat.txt"])
    (trouble,) = troubles
    assert trouble.place == f"Export/inner.{inner}/deep.zip"
    assert sorted(p.name for p in (tmp_path / "out").rglob("*") if p.is_file()) == ["chat.txt", "part."]


@pytest.mark.parametrize(
    "name",
    ["../out of it.vcf", "/tmp/amity-was-here.vcf", "a/../../b.vcf", "..\\b.vcf", "C:\\b.vcf", "\\\\host\\b.vcf"],
)
def test_no_name_leads_out(tmp_path, kind, name):
    path = packed(tmp_path, kind, {name: b"x", "good.vcf": b"y"})
    before = set(tmp_path.rglob("*"))
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == ["good.vcf"]
    assert len(troubles) == 1
    assert {p for p in tmp_path.rglob("*") if "out" not in p.relative_to(tmp_path).parts} == before
    assert not Path("/tmp/amity-was-here.vcf").exists()


@pytest.mark.parametrize(
    "type_", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(tmp_path, type_):
    def change(info):
        if info.name == "evil":
            info.type, info.linkname, info.size = type_, "/etc/passwd", 0

    path = a_tar(tmp_path / "a.tgz", {"evil": b"", "evil2/b.vcf": b"x"}, change=change)
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == ["evil2/b.vcf"]
    assert [trouble.place for trouble in troubles] == ["evil"]


def test_a_link_in_a_zip_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("evil")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc")
        archive.writestr("evil/passwd.vcf", "x")
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == ["evil/passwd.vcf"]
    assert [(trouble.place, trouble.reason) for trouble in troubles] == [("evil", "a link")]
    assert not any(found.is_symlink() for found in (tmp_path / "out").rglob("*"))


def test_a_bomb_does_not_go_off(tmp_path, kind):
    bomb = {"a.vcf": b"small", "bomb.mbox": bytes(60_000_000), "z.vcf": b"small"}
    path = packed(tmp_path, kind, bomb)
    if kind == "tar":
        assert len(unpack(path, tmp_path / "out")[0]) == 3  # nothing is packed in it
        return
    files, troubles = unpack(path, tmp_path / "out")
    assert "a.vcf" in names(tmp_path / "out", files)
    assert any("one packed byte" in trouble.reason for trouble in troubles)
    assert sum(found.stat().st_size for found in (tmp_path / "out").rglob("*") if found.is_file()) < 10_000_000
    files, troubles = unpack(path, tmp_path / "raised", archive_ratio=10**9)
    assert (len(files), troubles) == (3, [])  # the owner knows better


def test_a_bomb_of_what_is_skipped_does_not_go_off(tmp_path):
    path = a_tar(tmp_path / "a.tgz", {"film.mp4": bytes(100_000_000), "z.vcf": b"small"})
    files, troubles = unpack(path, tmp_path / "out")
    assert files == []
    assert len(troubles) == 1


def test_limits_of_number_and_size(tmp_path, kind):
    path = packed(tmp_path, kind, {f"{i}.vcf": os.urandom(1000) for i in range(50)})
    files, troubles = unpack(path, tmp_path / "few", archive_entries=10)
    assert (len(files), len(troubles)) == (10, 1)
    files, troubles = unpack(path, tmp_path / "small", archive_bytes=5500)
    assert (len(files), len(troubles)) == (5, 1)
    assert sorted(found.name for found in (tmp_path / "small").iterdir()) == [f"{i}.vcf" for i in range(5)]
    outer = packed(tmp_path, "zip", {"in.tgz": packed(tmp_path, "tgz", {f"{i}": b"x" for i in range(50)}).read_bytes()})
    files, troubles = unpack(outer, tmp_path / "nested", archive_nested=20)
    assert (len(files), len(troubles)) == (20, 1)


def test_how_deep_archives_are_opened_is_up_to_the_owner(tmp_path, kind):
    path = packed(tmp_path, kind, {"c.vcf": b"c"})
    for name in ("b", "a"):
        path = packed(tmp_path, kind, {f"{name}.{kind}": path.read_bytes(), f"{name}.vcf": b"x"})
    at = f"a.{kind}/b.{kind}"
    expected = ["a.vcf", f"a.{kind}/b.vcf", f"{at}/c.vcf"]
    left = [[f"a.{kind}"], [at], []]
    for depth in range(3):
        files, troubles = unpack(path, tmp_path / f"out{depth}", archive_depth=depth)
        assert names(tmp_path / f"out{depth}", files) == sorted(expected[: depth + 1])
        assert [trouble.place for trouble in troubles] == left[depth]


def test_pictures_do_not_count(tmp_path):
    path = a_zip(tmp_path / "a.zip", {**{f"{i}.jpg": b"x" for i in range(50)}, "a.vcf": b"y"})
    files, troubles = unpack(path, tmp_path / "out", archive_entries=1)
    assert (len(files), troubles) == (1, [])


def test_many_like_troubles_are_counted_not_listed(tmp_path):
    path = a_zip(tmp_path / "a.zip", {f"../{i}.vcf": b"x" for i in range(500)})
    _, troubles = unpack(path, tmp_path / "out")
    assert len(troubles) == 21
    assert troubles[-1].reason.startswith("480 more files")


def test_a_zip_locked_by_a_password_says_so(tmp_path):
    path = a_zip(tmp_path / "a.zip", {"a.vcf": b"x", "b.vcf": b"y"})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        data[start + at] |= 1
    path.write_bytes(data)
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == ["b.vcf"]
    (trouble,) = troubles
    assert "password" in trouble.reason


def test_an_archive_cut_short_gives_what_stands_before_the_cut(tmp_path, kind):
    files = {f"{i}.mbox": os.urandom(30_000).hex().encode() for i in range(10)}
    path = packed(tmp_path, kind, files)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    found, troubles = unpack(path, tmp_path / "out")
    assert troubles
    whole = [file for file in found if file.read_bytes() == files[file.name]]
    assert len(whole) >= (0 if kind == "tar.bz2" else 4)
    for file in found:
        assert files[file.name].startswith(file.read_bytes())


def test_a_zip_streamed_without_lengths_and_without_end(tmp_path):
    path = tmp_path / "a.zip"

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.out = path.open("wb")

        def writable(self):
            return True

        def write(self, data):
            return self.out.write(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(5):
            archive.writestr(f"{i}.vcf", f"BEGIN:VCARD {i}" * 100)
    pipe.out.close()
    data = path.read_bytes()
    path.write_bytes(data[: data.find(b"PK\x01\x02")])
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == [f"{i}.vcf" for i in range(5)]
    assert len(troubles) == 1


def test_a_damaged_member_is_kept_and_told(tmp_path):
    path = a_zip(tmp_path / "a.zip", {"a.mbox": b"From a" * 1000, "b.mbox": b"From b" * 1000}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"From aFrom a", b"From xFrom a", 1))
    files, troubles = unpack(path, tmp_path / "out")
    assert names(tmp_path / "out", files) == ["a.mbox", "b.mbox"]
    assert [trouble.place for trouble in troubles] == ["a.mbox"]


def test_two_files_of_one_name(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for data in (b"first", b"second"):
            info = tarfile.TarInfo("a.vcf")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    files, troubles = unpack(path, tmp_path / "out")
    assert [file.read_bytes() for file in files] == [b"first"]
    assert len(troubles) == 1


def test_a_tar_header_that_asks_for_gigabytes(tmp_path):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf() + bytes(2048))
    files, troubles = unpack(path, tmp_path / "out")
    assert (files, len(troubles)) == ([], 1)


def test_an_xz_that_asks_for_gigabytes(tmp_path):
    path = tmp_path / "a.tar.xz"
    inner = packed(tmp_path, "tar", {"a.vcf": b"x"}).read_bytes()
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    path.write_bytes(lzma.compress(inner, filters=filters))
    files, troubles = unpack(path, tmp_path / "out")
    assert (files, len(troubles)) == ([], 1)


def test_what_is_an_archive_and_what_only_looks_like_one(tmp_path, kind):
    path = packed(tmp_path, kind)
    assert archives.recognise(tmp_path / "no-suffix", path.read_bytes()[:4096])
    document = a_zip(tmp_path / "a.docx", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert not archives.recognise(document, document.read_bytes()[:4096])
    table = b"when,from,to\n" * 100
    for name, data in {
        "t.csv.gz": zlib.compress(table, wbits=31), "t.csv.xz": lzma.compress(table), "t.csv": table, "t.zip": b"",
        "mail": b"From x Thu Jan  2 14:04:05 2020\n" * 100,
    }.items():  # fmt: skip
        assert not archives.recognise(tmp_path / name, data[:4096]), name


def test_an_archive_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OSError):
        list(archives.unpack(tmp_path / "nowhere.zip", tmp_path / "out"))


def test_a_file_without_a_name_is_told_and_the_rest_is_read(tmp_path):
    path = packed(tmp_path, "zip", {"a.vcf": b"BEGIN:VCARD", "b.vcf": b"BEGIN:VCARD"})
    path.write_bytes(path.read_bytes().replace(b"a.vcf", b"\0.vcf"))
    found = list(archives.unpack(path, tmp_path / "out"))
    assert [one.name for one in found if isinstance(one, Path)] == ["b.vcf"]
    assert any(isinstance(one, Trouble) for one in found)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_archive_ever_raises_or_writes_elsewhere(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("any")
    name = data.draw(st.sampled_from(["zip", *TAR]))
    content = bytearray(
        packed(root, name, {"a/b.vcf": b"BEGIN:VCARD" * 20, "in.zip": b"PK\x03\x04" + b"x" * 60}).read_bytes()
    )
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        if not content:
            break
    path = root / "changed"
    path.write_bytes(content)
    archives.recognise(path, bytes(content[:4096]))
    before = {p for p in root.rglob("*") if p != root / "out"}
    for item in archives.unpack(path, root / "out"):
        repr(item).encode()
        if isinstance(item, Path):
            assert item.is_relative_to(root / "out")
    assert {p for p in root.rglob("*") if not p.is_relative_to(root / "out")} == before
