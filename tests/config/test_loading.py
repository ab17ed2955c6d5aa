from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.config.checks import warnings
from broadcaster.config.loading import load, settings_of
from broadcaster.errors import ConfigurationError
from broadcaster.words import Sentence

EXAMPLE = Path(__file__).parents[2] / "config" / "clusters.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def findings(text: str | bytes, folder: Path) -> list[str]:
    path = folder / "clusters.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    return [str(finding) for finding in caught.value.findings]


def changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_example_has_ten_clusters_and_nothing_to_warn_of() -> None:
    example = load(EXAMPLE)
    assert sorted(example.network.numbers) == list(range(1, 11))
    assert warnings(example) == []
    assert example.simulated


SINGLE = [
    ("[station]", "[staton]", "[staton]:", "did you mean station?"),
    ("[station]", "power = 3\n[station]", "power:", "outside of any section"),
    ("lead_in_s = 1.0", "lead_ins = 1.0", "[transmitter] lead_ins:", "did you mean lead_in_s?"),
    ("lead_in_s = 1.0", "lead_in_s = -1", "[transmitter] lead_in_s:", "≥ 0.1, ≤ 30"),
    ("lead_in_s = 1.0", 'lead_in_s = "1"', "[transmitter] lead_in_s:", "not a number"),
    ("lead_in_s = 1.0", "lead_in_s = true", "[transmitter] lead_in_s:", "not a number"),
    ("time_out_s = 3900", "time_out_s = inf", "[transmitter] time_out_s:", "inf"),
    ("time_out_s = 3900", "time_out_s = 3650", "[transmitter] time_out_s:", "longest broadcast"),
    ("channel = 1 ", "channel = 9 ", "[transmitter] channel:", "(8)"),
    ("baud = 9600", "baud = -5", "[relay_board] baud:", "≥ 1200"),
    ("channels = 8", "channels = 9", "[relay_board] channels:", "8"),
    ('kind = "dtmf"', 'kind = "dmtf"', "[encoder] kind:", "did you mean dtmf?"),
    ('"*{cluster}0#"', '"*{cluser}0#"', "[encoder] close_cluster:", "did you mean cluster?"),
    ('"*{cluster}0#"', '"*{cluster.x}0#"', "[encoder] close_cluster:", "{cluster.x}"),
    ('"*{cluster}0#"', '"*{cluster:099999999999}0#"', "[encoder] close_cluster:", "{cluster}"),
    ('"*{cluster}0#"', '"*0#"', "[encoder] close_cluster:", "lacks {cluster}"),
    ('"*{cluster}0#"', '"*{cluster0#"', "[encoder] close_cluster:", "brace"),
    ('"*{cluster}0#"', '"*{cluster}E#"', "[encoder] close_cluster:", "E is no DTMF digit"),
    ('"*{cluster}0#"', '"*{cluster}1#"', "[encoder] close_cluster:", "open_cluster"),
    ('open_all = "*991#"', 'open_all = "*031#"', "[encoder] open_cluster:", "[[cluster]] 3"),
    ('close_all = "*990#"', 'close_all = ""', "[encoder] close_all:", "both"),
    ('"chime-open.wav"', '"chime-opn.wav"', "[sound] opening_chime:", "did you mean chime-open.wav?"),
    ('bed = ""', f'bed = "{"a" * 5000}"', "[sound] bed:", "no sound file"),
    ('quiet_from = "21:00"', "quiet_from = 21:00:00", "[rules] quiet_from:", "quotes"),
    ('quiet_from = "21:00"', 'quiet_from = "25:00"', "[rules] quiet_from:", "25:00"),
    ('quiet_from = "21:00"', 'quiet_from = "12+01"', "[rules] quiet_from:", "12+01"),
    ('quiet_from = "21:00"', 'quiet_from = "05:01"', "[rules] quiet_from:", "whole day"),
    ('"Asia/Ho_Chi_Minh"', '"Asia/Ho_Chi_Min"', "[station] timezone:", "did you mean Asia/Ho_Chi_Minh?"),
    ('siren = "siren.wav"', 'siren = "wale"', "[emergency] siren:", "“wail”"),
    ('siren = "siren.wav"', 'siren = "sirn.wav"', "[emergency] siren:", "did you mean siren.wav?"),
    ('siren = "siren.wav"', 'siren = "3/5"', "[emergency] siren:", "silent_after_s"),
    ('name = "lu"', 'name = "lu"\nsiren = "3/"', "[[emergency.message]] 2 (lu) siren:", "3/2"),
    ("port = 8080", "port = 80800", "[web] port:", "≤ 65535"),
    ('name = "lu"', 'name = "bao"', "[[emergency.message]] 2 (bao) name:", "twice"),
    ('name = "lu"', 'name = "Lũ"', "[[emergency.message]] 2 (Lũ) name:", "without accents"),
    ('code = "93"', 'code = "93"\n[[group]]\nname = "ha"\ncode = "94"', "[[group]] 4 (ha) name:", "twice"),
    ("number = 3", "number = 2", "[[cluster]] 3 (", "number: stands twice"),
    ("number = 3", 'number = "3"', "[[cluster]] 3 (", "not a whole number"),
    ('code = "03"', "code = 3", "[[cluster]] 3 (", "text in quotes"),
    ('code = "03"', 'code = "3x"', "[[cluster]] 3 (", '"07"'),
    ('code = "03"', 'code = "02"', "[[cluster]] 3 (", "is the code of [[cluster]] 2"),
    ('code = "91"', 'code = "03"', "[[group]] 1 (thuong) code:", "is the code of [[cluster]] 3"),
    ('groups = ["ha"]', 'groups = ["hạ"]', "[[cluster]] 6 (", "did you mean ha?"),
    ("position = [50, 48]", "position = [50]", "[[cluster]] 1 (", "position.1: is missing"),
]


@pytest.mark.parametrize(("old", "new", "entry", "fragment"), SINGLE, ids=[row[1][:40] for row in SINGLE])
def test_one_fault_is_one_finding(old: str, new: str, entry: str, fragment: str, tmp_path: Path) -> None:
    found = findings(changed((old, new)), tmp_path)
    matching = [finding for finding in found if finding.startswith(entry) and fragment in finding]
    assert found == matching
    assert len(found) == 1


UNREADABLE = [
    (b"\xff\xfe", "UTF-8"),
    (b"[station]\nname = \n", "line 2"),
    (b"[station]\n[station]\n", "line 2 repeats"),
    (b"[station]\nname = 'x", "end of the file"),
    (b"a = 1" + b"0" * 5000, "absurd"),
    (b"a = " + b"[" * 5000, "absurd"),
    (b"", "[station]: is missing"),
]


@pytest.mark.parametrize(("content", "fragment"), UNREADABLE)
def test_a_file_that_cannot_be_read(content: bytes, fragment: str, tmp_path: Path) -> None:
    assert fragment in findings(content, tmp_path)[0]


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
def test_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load(tmp_path / name)


def test_the_mark_that_some_editors_write_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "clusters.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert load(path) == load(EXAMPLE)


def test_ten_mistakes_are_ten_findings(tmp_path: Path) -> None:
    text = changed(
        ('code = "02"', 'code = "01"'),
        ("number = 5", "number = 4"),
        ('name = "Chợ thôn Nam"', 'nmae = "Chợ thôn Nam"'),
        ("lead_in_s = 1.0", "lead_in_s = -1"),
        ("time_out_s = 3900", "time_out_s = 10"),
        ('kind = "dtmf"', 'kind = "dmtf"'),
        ('quiet_from = "21:00"', 'quiet_from = "25:00"'),
        ('groups = ["ha"]', 'groups = ["haa"]'),
        ('"Asia/Ho_Chi_Minh"', '"Asia/Ho_Chi_Min"'),
        ("[rules]", "[ruels]\n[rules]"),
    )
    assert len(findings(text, tmp_path)) == 10


def test_an_emergency_that_outlasts_the_time_out_is_refused(tmp_path: Path) -> None:
    text = changed(
        ("time_out_s = 3900", "time_out_s = 130"),
        ("longest_broadcast_min = 60", "longest_broadcast_min = 0.2"),
    )
    assert [finding.partition(":")[0] for finding in findings(text, tmp_path)] == [
        f"[[emergency.message]] {place} text" for place in ("1 (bao)", "2 (lu)", "3 (chay)")
    ]


def test_equal_hours_mean_no_quiet_hours(tmp_path: Path) -> None:
    path = tmp_path / "clusters.toml"
    path.write_text(changed(('quiet_from = "21:00"', 'quiet_from = "05:00"')), encoding="utf-8")
    assert load(path).quiet_hours.earliest_start(0.0, 86_400.0) == 0.0


@pytest.mark.parametrize(("mhz", "watts", "count"), [(60.5, 30, 0), (60.5, 50, 1), (98.0, 30, 1), (75.0, 10, 1)])
def test_what_a_licence_rarely_allows_is_a_warning(mhz: float, watts: float, count: int) -> None:
    data = tomllib.loads(TEXT)
    data["station"] |= {"frequency_mhz": mhz, "licensed_power_w": watts}
    assert len(warnings(settings_of(data))) == count


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.times() | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SOUND = tomllib.loads(TEXT)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_stands_in_a_file_ends_as_settings_or_findings(data: st.DataObject) -> None:
    garbage: dict[str, Any] = dict(SOUND)
    for name in data.draw(st.lists(st.sampled_from(sorted(SOUND)), max_size=4, unique=True)):
        section = SOUND[name]
        entry = dict(section if isinstance(section, dict) else section[0])
        entry |= data.draw(st.dictionaries(st.sampled_from(sorted(entry)) | st.text(), VALUES, max_size=3))
        garbage[name] = data.draw(VALUES | st.just(entry) | st.just([entry, *section][:3]))
    found: Sequence[Sentence] = ()
    try:
        settings_of(garbage)
    except ConfigurationError as error:
        found = error.findings
    assert all(": " in str(finding) for finding in found)
