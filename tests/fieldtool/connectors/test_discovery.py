from __future__ import annotations

import sys
from pathlib import Path

import pytest

import fieldtool.connectors
from fieldtool.connectors import connector_names, load_all, load_connector
from fieldtool.connectors.errors import ConnectorUnavailable, ConnectorUnknown
from fieldtool.explain import explain


def test_connectors_are_found_by_their_place() -> None:
    assert connector_names() == ["chirpstack", "ngsi-ld", "open311"]
    loaded, broken = load_all()
    assert loaded["ngsi-ld"].handles == {"asset", "device", "observation"}
    assert broken == []


def test_an_unknown_one_is_told_what_there_is() -> None:
    with pytest.raises(ConnectorUnknown) as caught:
        load_connector("http")
    assert "ngsi-ld" in explain(caught.value).advice


def test_one_that_fails_to_import_does_not_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_one.py").write_text("import a_module_nobody_has\n", encoding="utf-8")
    monkeypatch.setattr(fieldtool.connectors, "__path__", [*fieldtool.connectors.__path__, str(tmp_path)])
    assert "broken-one" in connector_names()
    with pytest.raises(ConnectorUnavailable) as caught:
        load_connector("broken-one")
    assert "a_module_nobody_has" in explain(caught.value).message
    assert [error.name for error in load_all()[1]] == ["broken-one"]
    sys.modules.pop("fieldtool.connectors.broken_one", None)
