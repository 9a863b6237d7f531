"""Two cities at one broker, from the command line: the same numbers, and nothing of one reaches the other."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli import main
from fieldtool.cli.target import arguments
from fieldtool.jsontypes import Json
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from tests.fieldtool.connectors.broker import TOKEN, Broker, Request, running
from tests.fieldtool.replaying import problems

LIST = "Mastnummer;Lon;Lat;Bemerkung\n4711;7,465;51,514;{remark}\n4712;7,466;51,515;{remark}\n"


@dataclass
class Tenants(Broker):
    """Each tenant has entities of its own."""

    kept: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))

    def answer(self, request: Request) -> tuple[int, Any, dict[str, str]]:
        self.entities = self.kept[request.headers["ngsild-tenant"]]
        return super().answer(request)

    def text(self, tenant: str) -> str:
        return json.dumps(self.kept[tenant], ensure_ascii=False)


@dataclass
class Desk:
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, Any, str]:
        status = main(["--profile", str(self.folder / "profile"), *words])
        told = self.capsys.readouterr()
        return status, json.loads(told.out) if "--json" in words else told.out, told.err

    def lines(self, *words: str) -> list[dict[str, Any]]:
        assert main(["--profile", str(self.folder / "profile"), *words, "--json"]) == 0
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]

    def take_over(self, remark: str, *words: str) -> dict[str, Any]:
        path = self.folder / "sensormasten.csv"
        path.write_text(LIST.format(remark=remark), encoding="utf-8")
        status, document, told = self.run("import", str(path), "--class", "sensor_mast", *words, "--json")
        assert (status, violation(document, "import")) == (0, None), told
        found: dict[str, Any] = document
        return found

    def add(self, name: str, url: str, *words: str) -> dict[str, Any]:
        (self.folder / "token").write_text(TOKEN, encoding="utf-8")
        status, document, told = self.run(
            *("target", "add", name, "--type", "ngsi-ld", "--url", url, "--tenant", name),
            *("--token-file", str(self.folder / "token"), *words, "--json"),
        )
        assert (status, violation(document, "target")) == (0, None), told
        found: dict[str, Any] = document["target"]
        return found

    def sync(self) -> None:
        status, document, told = self.run("sync", "--json")
        assert (status, document["pending"]) == (0, 0), told


@pytest.fixture
def broker() -> Iterator[Tenants]:
    with running(Tenants()) as made:
        assert isinstance(made, Tenants)
        yield made


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("FIELDTOOL_PASSPHRASE", "correct horse")
    yield Desk(tmp_path, capsys)
    with open_profile(tmp_path / "profile", write=False) as opened:
        assert problems(opened) == []


def test_nothing_of_one_city_reaches_the_other(desk: Desk, broker: Tenants) -> None:
    desk.take_over("Ruhrtal", "--operator", "Schwerte")
    assert desk.add("dortmund", broker.url, "--operator", "dortmund")["operator"] == "dortmund"
    assert desk.add("schwerte", broker.url, "--operator", "schwerte")["operator"] == "schwerte"
    document = desk.take_over("Westfalen", "--operator", "dortmund")
    assert (document["imported"], document["updated"]) == (2, 0)
    document = desk.take_over("Ruhraue", "--operator", "schwerte")
    assert (document["imported"], document["updated"]) == (0, 2)
    desk.sync()
    assert {tenant: len(kept) for tenant, kept in broker.kept.items()} == {"dortmund": 2, "schwerte": 2}
    assert "Westfalen" in broker.text("dortmund")
    assert "Ruhr" not in broker.text("dortmund")
    assert "Ruhraue" in broker.text("schwerte")
    assert "Westfalen" not in broker.text("schwerte")
    for request in broker.requests:
        other = {"dortmund": "Ruhr", "schwerte": "Westfalen"}[request.headers["ngsild-tenant"]]
        assert other not in json.dumps([request.path, request.query, request.body])


def test_whose_it_is_is_seen(desk: Desk, broker: Tenants) -> None:
    desk.take_over("Ruhrtal", "--operator", "schwerte")
    desk.add("schwerte", broker.url, "--operator", "schwerte", "--option", "page=50")
    mast = desk.lines("assets")[0]
    (entry,) = desk.lines("history", "--id", mast["id"])
    assert (entry["operator"], violation(entry, "history")) == ("schwerte", None)
    assert "Betreiber: schwerte" in desk.run("history", "--id", mast["id"])[1]
    status, document, _ = desk.run("target", "list", "--json")
    assert (status, violation(document, "target")) == (0, None)
    assert document["targets"][0]["operator"] == "schwerte"
    assert document["targets"][0]["options"] == {"page": 50}
    line = f"schwerte  ngsi-ld  {broker.url}  Mandant schwerte  nur schwerte  page=50\n"
    assert desk.run("target", "list")[1] == line


def test_a_list_without_an_operator_is_the_first_targets(desk: Desk, broker: Tenants) -> None:
    desk.take_over("Westfalen")
    desk.add("dortmund", broker.url, "--operator", "dortmund")
    desk.add("schwerte", broker.url, "--operator", "schwerte")
    assert desk.take_over("Ruhrtal", "--operator", "schwerte")["imported"] == 2
    assert desk.take_over("Westfalen")["unchanged"] == 2
    desk.sync()
    assert {tenant: len(kept) for tenant, kept in broker.kept.items()} == {"dortmund": 2, "schwerte": 2}
    assert "Ruhrtal" not in broker.text("dortmund")


def test_a_dry_run_sees_the_operator_too(desk: Desk) -> None:
    desk.take_over("Westfalen", "--operator", "dortmund")
    assert desk.take_over("Ruhrtal", "--operator", "schwerte", "--dry-run")["imported"] == 2
    assert desk.take_over("Westfalen", "--operator", "dortmund", "--dry-run")["unchanged"] == 2


def test_a_list_over_things_of_two_operators_is_refused(desk: Desk) -> None:
    desk.take_over("Westfalen", "--operator", "dortmund")
    path = desk.folder / "masten.csv"
    path.write_text("Mastnummer;Lon;Lat\n5000;7,47;51,52\n", encoding="utf-8")
    words = ["import", str(path), "--class", "sensor_mast"]
    assert desk.run(*words, "--operator", "schwerte")[0] == 0
    path.write_text("Mastnummer;Lon;Lat\n5000;7,48;51,52\n4711;7,48;51,53\n", encoding="utf-8")
    status, document, told = desk.run(*words, "--json")
    assert (status, document["error"]["code"]) == (1, "operators_mixed")
    assert told.startswith("Das würde Dinge von schwerte mit Dingen von dortmund vermischen")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1", 1),
        ("a=1.5", 1.5),
        ("a=true", True),
        ('a={"b": [1, "x"]}', {"b": [1, "x"]}),
        ("a=null", "null"),
        ("a=NaN", "NaN"),
        ("a=1e999", "1e999"),
        ('a="1"', '"1"'),
        ("a=", ""),
        ("a=b=c", "b=c"),
        ("a=Straßenlicht", "Straßenlicht"),
    ],
)
def test_values_of_options(text: str, value: Json) -> None:
    parser = argparse.ArgumentParser()
    arguments(parser)
    words = ["add", "n", "--type", "t", "--url", "u", "--option", text]
    assert parser.parse_args(words).option == [("a", value)]


@pytest.mark.parametrize("words", [("--option", "a"), ("--option", "=1"), ("--operator", "  ")])
def test_options_that_say_nothing_are_wrong_usage(words: tuple[str, ...]) -> None:
    parser = argparse.ArgumentParser()
    arguments(parser)
    with pytest.raises(SystemExit) as exit_:
        parser.parse_args(["add", "n", "--type", "t", "--url", "u", *words])
    assert exit_.value.code == 2
