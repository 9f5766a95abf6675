"""Importing again, growing files, two sources of one letter, and taking imports back."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from world import NOW, World, write_table

from amity.app import intake, people, reading, upkeep
from amity.errors import AmityError, Code
from amity.sources import catalog

MAIL = """From {who}@x.example Thu Jan  1 00:00:00 1970
From: {who} <{who}@x.example>
To: me@home.example
Date: Sun, {day:02} Jan 2025 12:00:00 +0000
Subject: no {day}
Message-ID: <{who}.{day}@x.example>

Body of {who}.

"""


def _letters(*told: tuple[str, int]) -> str:
    return "".join(MAIL.format(who=who, day=day) for who, day in told)


def _maildir(folder: Path, *told: tuple[str, int]) -> Path:
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for who, day in told:
        (folder / "cur" / f"{who}.{day}:2,S").write_text(_letters((who, day)).partition("\n")[2], encoding="utf-8")
    return folder


def _subjects(world: World, who: str) -> list[str]:
    return sorted(line.subject for line in world.show(f"{who}@x.example").timeline)


def _import(world: World, *paths: Path, key: str = "") -> intake.ImportReport:
    return intake.import_(world.desk, paths, key=key)


def _counts(report: intake.ImportReport) -> list[tuple[int, int, int]]:
    for source in report.sources:
        assert source.read == source.new + source.known + len(source.troubles)
    return [(source.read, source.new, source.known) for source in report.sources]


@pytest.fixture
def bare(tmp_path: Path) -> World:
    """Make a world whose owner has said who they are, apart from any import."""
    world = World(tmp_path / "bare", me=())
    people.set_me(world.desk, add=["me@home.example"])
    return world


@pytest.fixture(params=["mbox", "maildir", "table", "gzip", "cards"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write one archive of three items from Ana and Bo, of each kind."""
    told = (("Ana", 5), ("Bo", 6), ("Ana", 7))
    if request.param == "mbox":
        file = tmp_path / "mail.mbox"
        file.write_text(_letters(*told), encoding="utf-8")
        return file
    if request.param == "maildir":
        return _maildir(tmp_path / "Maildir", *told)
    if request.param == "cards":
        file = tmp_path / "book.vcf"
        file.write_text(
            "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{who}\nEMAIL:{who}@{day}.example\nEND:VCARD\n" for who, day in told)
        )
        return file
    rows = [
        (f"2025-01-{day:02}", "mail", f"{who} <{who}@x.example>", "me@home.example", *[""] * 5) for who, day in told
    ]
    file = write_table(tmp_path / "table.csv", rows)
    if request.param == "gzip":
        import gzip

        packed = tmp_path / "packed.csv.gz"
        packed.write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
        return packed
    return file


def test_importing_twice_is_importing_once(bare: World, archive: Path) -> None:
    assert _counts(_import(bare, archive)) == [(3, 3, 0)]
    tables, picture, history = bare.tables(), bare.picture(), upkeep.history(bare.desk)
    assert _counts(_import(bare, archive)) == [(3, 0, 3)]
    assert bare.tables() == tables
    assert bare.picture() == picture
    assert bare.undo()[0].id == history[0].id, "an import that found nothing new is not what undo takes back"


def test_what_was_taken_back_comes_back_whole_when_it_is_imported_again(bare: World, archive: Path) -> None:
    _import(bare, archive)
    whole = bare.picture()
    bare.undo()
    assert bare.people() == set()
    assert _counts(_import(bare, archive)) == [(3, 3, 0)]
    assert bare.picture() == whole, "names, ties and all"
    assert upkeep.verify(bare.desk).sound
    bare.undo()
    assert bare.people() == set()
    bare.redo()
    assert bare.picture() == whole


def test_the_same_key_imports_once_and_one_undo_takes_it_back(bare: World, archive: Path) -> None:
    _import(bare, archive, key="k")
    _import(bare, archive, key="k")
    assert [change.kind for change in upkeep.history(bare.desk)].count("import") == 1
    bare.undo()
    assert bare.people() == set()
    with pytest.raises(AmityError) as refusal:
        _import(bare, archive, key="k")
    assert refusal.value.code is Code.REFUSED
    assert bare.people() == set()


def test_a_mailbox_that_grew_yields_what_is_new(bare: World, tmp_path: Path) -> None:
    file = tmp_path / "mail.mbox"
    file.write_text(_letters(("Ana", 5), ("Bo", 6)))
    assert _counts(_import(bare, file)) == [(2, 2, 0)]
    with file.open("a") as stream:
        stream.write(_letters(("Ana", 8), ("Chris", 9)))
    assert _counts(_import(bare, file)) == [(4, 2, 2)]
    assert bare.people() == {"Ana", "Bo", "Chris"}
    bare.undo()
    assert bare.people() == {"Ana", "Bo"}
    assert _subjects(bare, "Ana") == ["no 5"]
    assert _counts(_import(bare, file)) == [(4, 2, 2)]
    assert _subjects(bare, "Ana") == ["no 5", "no 8"]


def test_a_maildir_that_grew_and_was_taken_back_comes_back(bare: World, tmp_path: Path) -> None:
    folder = _maildir(tmp_path / "Maildir", ("Ana", 5))
    _import(bare, folder)
    _maildir(folder, ("Bo", 6))
    assert _counts(_import(bare, folder)) == [(2, 1, 1)]
    bare.undo(2)
    assert _counts(_import(bare, folder)) == [(2, 2, 0)]
    assert bare.people() == {"Ana", "Bo"}


def test_one_letter_in_two_sources_is_one_contact(bare: World, tmp_path: Path) -> None:
    box = tmp_path / "mail.mbox"
    box.write_text(_letters(("Ana", 5), ("Bo", 6)))
    folder = _maildir(tmp_path / "Maildir", ("Ana", 5), ("Chris", 7))
    assert _counts(_import(bare, box, folder)) == [(2, 2, 0), (2, 1, 1)]
    assert bare.tie("Ana").received == 1


def test_what_two_sources_tell_stands_while_either_does(bare: World, tmp_path: Path) -> None:
    box = tmp_path / "mail.mbox"
    box.write_text(_letters(("Ana", 5), ("Bo", 6)))
    _import(bare, box)
    whole = bare.picture()
    copy = Path(shutil.copy(box, tmp_path / "copy.mbox"))
    assert _counts(_import(bare, copy)) == [(2, 0, 2)]
    assert _counts(_import(bare, copy)) == [(2, 0, 2)]
    assert upkeep.history(bare.desk)[0].summary == "Looked through copy.mbox: nothing new; 2 told by others before"
    bare.undo()
    assert bare.picture() == whole, "the first still tells it"
    bare.undo()
    assert bare.ties() == set()
    assert _counts(_import(bare, copy)) == [(2, 2, 0)]
    assert bare.picture() == whole
    bare.redo()
    bare.undo()
    assert bare.picture() == whole, "the first was brought back, and the copy taken back"
    bare.undo()
    assert bare.ties() == set()


def test_bringing_back_and_taking_back_in_turns_loses_nothing_that_can_be_read_again(
    bare: World, tmp_path: Path
) -> None:
    box = tmp_path / "mail.mbox"
    box.write_text(_letters(("Ana", 5), ("Bo", 6)))
    copy = Path(shutil.copy(box, tmp_path / "copy.mbox"))
    _import(bare, box)
    bare.undo()
    _import(bare, copy)
    bare.redo()
    bare.undo()
    _import(bare, box)
    assert bare.ties() == {"Ana", "Bo"}


def test_what_cannot_be_read_is_set_aside_with_place_and_reason(bare: World, tmp_path: Path) -> None:
    rows = [
        ("2025-01-05", "mail", "Ana <ana@x.example>", "me@home.example", *[""] * 5),
        ("2025-13-05", "mail", "Bo", "me@home.example", *[""] * 5),
        ("2025-01-06", "pigeon", "Bo", "me@home.example", *[""] * 5),
    ]
    file = write_table(tmp_path / "odd.csv", rows)
    for new in (1, 0):
        report = _import(bare, file)
        assert _counts(report) == [(3, new, 1 - new)]
        assert [trouble.place for trouble in report.sources[0].troubles] == [3, 4]
    assert bare.people() == {"Ana"}


def test_the_reason_of_a_trouble_goes_when_the_file_is_mended(bare: World, tmp_path: Path) -> None:
    row = ("2025-01-05", "mail", "Ana <ana@x.example>", "me@home.example", *[""] * 5)
    file = write_table(tmp_path / "odd.csv", [row, ("soon", *row[1:])])
    assert len(_import(bare, file).sources[0].troubles) == 1
    write_table(file, [row, ("2025-01-06", *row[1:])])
    assert _counts(_import(bare, file)) == [(2, 1, 1)]


def test_a_file_read_under_two_names_is_known(bare: World, archive: Path, tmp_path: Path) -> None:
    _import(bare, archive)
    other = tmp_path / "other" / archive.name
    other.parent.mkdir()
    (shutil.copytree if archive.is_dir() else shutil.copy)(archive, other)
    ((read, new, known),) = _counts(_import(bare, other))
    assert (read, new, known) == (3, 0, 3)


@pytest.mark.parametrize("content", [b"", b"\x00" * 3000, b"nothing that anybody knows\n" * 20])
def test_what_is_no_archive_is_refused_and_nothing_is_kept(bare: World, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "thing.bin"
    file.write_bytes(content)
    history = upkeep.history(bare.desk)
    with pytest.raises(AmityError) as refusal:
        _import(bare, file)
    assert refusal.value.code is Code.USAGE
    with pytest.raises(AmityError) as refusal:
        _import(bare, tmp_path / "not-there")
    assert refusal.value.code is Code.NOT_FOUND
    assert upkeep.history(bare.desk) == history


def test_small_batches_keep_the_same_as_large_ones(
    bare: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (
            f"2025-01-{1 + number % 28:02}",
            "mail",
            f"P{number % 7} <p{number % 7}@x.example>",
            "me@home.example",
            *[""] * 5,
        )
        for number in range(60)
    ]
    file = write_table(tmp_path / "table.csv", rows)
    _import(bare, file)
    monkeypatch.setattr(reading, "ENOUGH", 1)
    monkeypatch.setattr("amity.sources.interactions._BATCH", 3)
    small = World(tmp_path / "small", me=())
    people.set_me(small.desk, add=["me@home.example"])
    assert _counts(_import(small, file)) == [(60, 60, 0)]
    assert small.picture() == bare.picture()
    assert upkeep.verify(small.desk).sound


def test_phone_numbers_without_a_country_take_the_owners(world: World) -> None:
    """today 2025-02-01"""
    world.settings = type(world.settings)(region="DE")
    world.tell("card Ana tel 030/1234567\ncard Ana <ana@x.example> tel +49301234567")
    assert world.people() == {"Ana"}
    assert len(people.find(world.desk).people) == 1


def test_the_history_tells_what_was_done(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.log("coffee with Ana yesterday")
    world.undo()
    told = upkeep.history(world.desk)
    assert [change.kind for change in told] == ["undo", "log", "import"]
    assert [change.undone for change in told] == [False, True, False]
    assert told[2].summary == "Imported told-1.csv: 1 new"
    assert told[0].at == "2026-01-01T00:00:00Z"
    assert NOW == 1_767_225_600


def test_troubles_are_tried_again_though_one_file_is_gone(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    for name in ("kept", "gone"):
        file = world.folder / f"{name}.csv"
        file.write_text("when,channel,from,to\n2025-01-06,mail,Bo,me@home.example\nnever,mail,Bo,me@home.example\n")
        intake.import_(world.desk, [str(file)])
    (world.folder / "gone.csv").unlink()
    report = intake.retry(world.desk)
    assert [Path(source.path).name for source in report.sources] == ["kept.csv"]
    assert [Path(unread.path).name for unread in report.unread] == ["gone.csv"]
    (world.folder / "kept.csv").unlink()
    with pytest.raises(AmityError) as caught:
        intake.retry(world.desk)
    assert caught.value.code is Code.NOT_FOUND


def test_an_import_that_was_killed_before_its_end_is_counted_whole_and_its_owner_found(tmp_path: Path) -> None:
    world = World(tmp_path / "world", me=())
    world.day = date(2025, 2, 1)
    lines = [f"2025-01-{day:02} mail Ann{day} <ann{day}@x.example> > me" for day in range(1, 29)]
    lines += [f"2024-12-{day:02} mail me > Ann{day} <ann{day}@x.example>" for day in range(1, 29)]
    files = world.files("\n".join(lines))
    run = reading.Run(world.desk, "once", [], reading.Wishes())
    source = catalog.by_name("interactions")
    reading.take_in(run, [reading.Place(source, files[0], str(files[0].absolute()))])
    again = intake.import_(world.desk, files, key="once")
    assert again.me.inferred
    assert "56 new" in upkeep.history(world.desk)[1].summary
    world.close()


def test_the_owner_raises_a_limit_and_tries_again(bare: World, tmp_path: Path) -> None:
    """A mail of long headers is told with what was read of it; with a higher limit nothing is missing."""
    path = tmp_path / "a.mbox"
    path.write_text(_letters(("ana", 1)).replace("\n\nBody", f"\nX-Long: {'a' * 5000}\n\nBody"), encoding="utf-8")
    bare.settings = type(bare.settings)(mail_header_kib=4)
    (low,) = _import(bare, path).sources
    assert [trouble.reason for trouble in low.troubles] == [
        "its headers are longer than 4,096 bytes, and are read so far"
    ]
    assert (low.read, low.new, low.known) == (2, 1, 0)
    bare.settings = type(bare.settings)(mail_header_kib=8)
    assert intake.retry(bare.desk).sources[0].troubles == ()
    assert _subjects(bare, "ana") == ["no 1"]
