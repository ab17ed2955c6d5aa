from __future__ import annotations

import json
from pathlib import Path

import pytest

from broadcaster.cli import main

EXAMPLE = str(Path(__file__).parents[2] / "config" / "clusters.toml")
COMMANDS = [
    "run",
    "daemon",
    "web",
    "simulate",
    "announce",
    "emergency",
    "stop",
    "unkey",
    "acknowledge",
    "status",
    "check",
]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADCASTER_HOME", str(tmp_path))
    monkeypatch.setenv("BROADCASTER_LANGUAGE", "en")
    monkeypatch.setenv("CONFIG", EXAMPLE)
    monkeypatch.delenv("PORT", raising=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert "--config" in capsys.readouterr().out


def test_help_is_in_vietnamese_by_default(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BROADCASTER_LANGUAGE")
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "Bộ điều khiển phát thanh" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([], 2, "--help"),
        (["dance"], 2, "dance"),
        (["announce"], 2, "--file"),
        (["status"], 1, "does not answer"),
        (["announce", "--text", "x", "--clusters", "99"], 2, "no cluster 99"),
        (["announce", "--text", "x", "--all", "--repeat", "0"], 2, "once to 10 times"),
        (["announce", "--text", "x", "--all", "--repeat", "2", "--gap", "-1"], 2, "from 0 to 600 seconds"),
        (["announce", "--text", "x", "--all"], 1, "does not answer"),
        (["check", "--config", "/nowhere.toml"], 2, "not there"),
        (["emergency", "start"], 1, "does not answer"),
        (["unkey"], 1, "is not there"),
        (["simulate", "--faults", "silent"], 1, "No simulated station"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize("port", ["0", "65536", "abc"])
def test_a_bad_port_is_told(port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", port)
    assert main(["check"]) == 2
    assert "PORT" in capsys.readouterr().err


def test_check_without_a_board_has_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert [finding["ok"] for finding in findings][-1] is False


def test_check_tells_what_the_voice_may_read_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIG", _with_one_message(tmp_path, "Họp ở nhà văn hóa."))
    assert "will be read" not in _checked(capsys)
    monkeypatch.setenv("CONFIG", _with_one_message(tmp_path, "Họp tại TT xã."))
    assert "“TT” will be read: thị trấn" in _checked(capsys)
    (tmp_path / "glossary.txt").write_text("TT = trung tâm\n", encoding="utf-8")
    assert "will be read" not in _checked(capsys)


def test_check_fails_when_an_emergency_message_cannot_be_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    monkeypatch.setenv("CONFIG", _with_one_message(tmp_path, "Họp.", file=str(tmp_path / "broken.wav")))
    assert main(["check", "--json"]) == 1
    findings = {one["sentence"]: one["ok"] for one in json.loads(capsys.readouterr().out)}
    (told,) = [sentence for sentence in findings if sentence.startswith("NOT ARMED: the emergency message “Tin”")]
    assert not findings[told]


def _with_one_message(folder: Path, text: str, file: str = "") -> str:
    """Return the example with this emergency message instead of its own."""
    before, *_, after = Path(EXAMPLE).read_text(encoding="utf-8").split("[[emergency.message]]")
    message = f'[[emergency.message]]\nname = "tin"\ntitle = "Tin"\ntext = "{text}"\nfile = "{file}"\n'
    path = folder / "clusters.toml"
    path.write_text(before + message + after[after.index("[recordings]") :], encoding="utf-8")
    return str(path)


def _checked(capsys: pytest.CaptureFixture[str]) -> str:
    main(["check"])
    return capsys.readouterr().out
