from __future__ import annotations

from pathlib import Path

from fieldtool.portals import FILE, KnownPortal, from_the_start, read_portals, with_portal, write_portals


def test_a_portal_is_known_from_the_start(tmp_path: Path) -> None:
    portals = read_portals(tmp_path)
    assert portals.known == from_the_start()
    chosen = portals.portal()
    assert chosen is not None
    assert chosen.kind == "opendatasoft"


def test_what_was_typed_is_kept_and_chosen(tmp_path: Path) -> None:
    added = KnownPortal("Anderswo", "https://daten.example.org", "ckan")
    write_portals(tmp_path, with_portal(read_portals(tmp_path), added))
    kept = read_portals(tmp_path)
    assert kept.portal() == added
    assert kept.known == (*from_the_start(), added)
    write_portals(tmp_path, with_portal(kept, added))
    assert read_portals(tmp_path) == kept


def test_a_broken_file_is_as_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"known": [7]}', encoding="utf-8")
    assert read_portals(tmp_path).known == from_the_start()
