from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from fieldtool.cli import main
from fieldtool.schemas import schema_names, violation


@pytest.mark.parametrize("name", schema_names())
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_every_schema_is_printed_and_sound(
    name: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", name, *options]) == 0
    printed = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(printed)
    assert printed["$schema"].endswith("2020-12/schema")


def test_without_a_name_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert violation(document, "schema") is None
    assert {"import", "mapping", "plan", "doctor"} <= set(document["schemas"])
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.split() == document["schemas"]


def test_an_unknown_name_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "nix", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "unknown_schema"
    assert "import" in json.loads(out)["error"]["advice"]
    assert len(err.splitlines()) == 1
