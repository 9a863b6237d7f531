from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from fieldtool.cli import main
from fieldtool.crs import utm32
from fieldtool.schemas import schema, violation
from tests.drivers.receiver import epochs, receiver


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldtool", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_document() -> None:
    with receiver("loop", "0.003") as on:
        on.write(epochs(60))
        done = run("locate", "--port", on.port, "--fixes", "4", "--seconds", "20", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert violation(document, "locate") is None
    assert document.keys() == {*schema("locate")["properties"]}
    assert (document["lon"], document["lat"]) == pytest.approx((7.465, 51.513335), abs=1e-5)
    assert (document["easting"], document["northing"]) == pytest.approx(
        utm32(document["lon"], document["lat"]), abs=0.001
    )
    assert (document["fixes"], document["accuracy_source"], document["altitude_m"]) == (4, "HDOP", 86.5)
    assert abs(datetime.fromisoformat(document["time"]) - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_schema_is_strict() -> None:
    assert violation({"lon": 7.4}, "locate") is not None


def test_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    rolled_over = datetime.now(UTC) - timedelta(weeks=1024)
    with receiver("loop", "0.003") as on:
        on.write(epochs(60, start=rolled_over.replace(microsecond=0)))
        status = main(["locate", "--port", on.port, "--fixes", "2", "--seconds", "20"])
    told = capsys.readouterr()
    assert status == 0
    assert "gemittelt aus 2 Positionen" in told.out
    assert "EPSG:25832: 39348" in told.out
    assert "51,51333" in told.out
    assert f"Das Datum des Empfängers ist falsch ({rolled_over:%Y-%m-%d})" in told.err


def test_no_fix(capsys: pytest.CaptureFixture[str]) -> None:
    with receiver("once") as on:
        status = main(["--json", "locate", "--port", on.port, "--seconds", "0,2"])
    told = capsys.readouterr()
    assert status == 1
    assert json.loads(told.out)["error"]["code"] == "no_fix"
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "wrong",
    [["--fixes", "0"], ["--fixes", "x"], ["--seconds", "-1"], ["--seconds", "inf"], ["--seconds", "nan"]],
)
def test_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["locate", "--port", "/dev/null", *wrong])
    assert caught.value.code == 2
    assert "locate" in capsys.readouterr().err
