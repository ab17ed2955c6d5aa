"""A bulletin on the air: from an MP3 to the clusters that hear it, judged by foreign programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from broadcaster.config.settings import AUDIO
from tests.end_to_end.station import Station, correlation, samples, station
from tests.judges import closed_once, multimon_digits, needs_multimon, needs_spandsp, pcm_of, spandsp_digits

ALL = set(range(1, 11))
CUSTOM = {
    "open_cluster": "A{cluster}D",
    "close_cluster": "B{cluster}D",
    "open_group": "A{group}#",
    "close_group": "B{group}#",
    "open_all": "A00D",
    "close_all": "B00D",
    "repeats": 2,
}


@pytest.fixture(scope="module")
def custom(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with station(tmp_path_factory.mktemp("custom"), encoder=CUSTOM) as running:
        yield running


@needs_multimon
@needs_spandsp
@pytest.mark.parametrize(
    ("which", "target", "opened", "codes"),
    [
        ("shared", ("--clusters", "2,3,7"), {2, 3, 7}, "*021#*031#*071#*990#"),
        ("shared", ("--all",), ALL, "*991#*990#"),
        ("shared", ("--group", "bac"), {1, 2, 3, 4}, "*911#*990#"),
        ("custom", ("--clusters", "2,3,7"), {2, 3, 7}, "A02DA03DA07D" * 2 + "B00D" * 2),
    ],
)
def test_the_right_clusters_hear_it_and_nobody_else(
    which: str,
    target: tuple[str, ...],
    opened: set[int],
    codes: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    running: Station = request.getfixturevalue(which)
    before = {number: len(running.recordings(number)) for number in ALL}
    row = running.await_state(broadcast := running.announce(*target))
    assert row["state"] == "completed"
    running.wait(lambda: not running.open_clusters, 3, "clusters stayed open")
    air = pcm_of(running.air(broadcast))
    closing = "B00D" * 2 if which == "custom" else "*990#"
    assert closed_once(multimon_digits(air, tmp_path), closing) == codes
    assert closed_once(spandsp_digits(air), closing) == codes
    (bulletin,) = map(samples, (running.home / "library").glob("*.wav"))
    for number in ALL:
        new = running.recordings(number)[before[number] :]
        assert len(new) == (1 if number in opened else 0), number
        for path in new:
            assert correlation(bulletin, samples(path)) > 0.9


def test_what_is_repeated_sounds_twice_to_the_sample_in_the_silence_between_codes(shared: Station) -> None:
    broadcast = shared.announce("--clusters", "6", "--repeat", "2", "--gap", "0.5")
    row = shared.await_state(broadcast)
    assert row["state"] == "completed"
    (sound,) = map(pcm_of, (shared.home / "library").glob("*.wav"))
    chimes = [pcm_of(AUDIO / f"chime-{name}.wav") for name in ("open", "close")]
    pause, gap = (bytes(2 * samples) for samples in (14_400, 24_000))
    around = bytes(2 * 14_400)  # nothing of the codes is nearer than 300 ms
    whole = around + chimes[0] + pause + sound + gap + sound + pause + chimes[1]
    after = pcm_of(shared.air(broadcast)).split(whole)[1]
    assert after.startswith(around)


def test_the_row_is_complete(shared: Station) -> None:
    row = shared.await_state(shared.announce("--clusters", "5", "--title", "Tiêm chủng"))
    assert (row["state"], row["title"], row["priority"], row["reason"]) == (
        "completed",
        "Tiêm chủng",
        "routine",
        None,
    )
    assert row["keyed_at"] < row["on_air_at"] < row["ended_at"]
    bulletin = shared.ingested()
    assert row["sounded_s"] >= len(bulletin) / 48000


def test_the_wire_carries_the_manuals_frames_with_read_back(shared: Station) -> None:
    shared.await_state(shared.announce("--clusters", "1"))
    wire = (shared.home / "run" / "wire.log").read_text()
    for frame in ("01 05 00 00 FF 00 8C 3A", "01 05 00 00 00 00 CD CA"):
        assert f"> {frame}" in wire
        assert f"< {frame}" in wire
        after = wire.split(f"< {frame}")[1]
        assert "> 01 01 00 00 00 08 3D CC" in after.splitlines()[1]


def test_typed_text_is_spoken(shared: Station) -> None:
    before = len(shared.recordings(9))
    done = shared.run("announce", "--text", "Mời bà con đi họp thôn.", "--clusters", "9", "--json")
    assert done.returncode == 0, done.stderr
    shared.wait(lambda: len(shared.recordings(9)) > before and not shared.open_clusters, 30, "not sounded")


def test_everything_says_that_it_is_simulated(shared: Station) -> None:
    assert "SIMULATION" in shared.run("status").stdout
    assert shared.status()["simulated"] is True
    vietnamese = subprocess.run(
        ["env", "BROADCASTER_LANGUAGE=vi", *shared.run("status").args],
        env=shared.variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "MÔ PHỎNG" in vietnamese.stdout
    assert "MÔ PHỎNG" in (shared.home / "log" / "daemon.log").read_text()


def test_one_cluster_can_be_tried_by_somebody_under_its_pole(shared: Station) -> None:
    before = {number: len(shared.recordings(number)) for number in ALL}
    assert shared.run("check", "--cluster", "6").returncode == 0
    shared.wait(lambda: len(shared.recordings(6)) > before[6] and not shared.open_clusters, 15, "not tried")
    assert all(len(shared.recordings(number)) == before[number] for number in ALL - {6})
    assert shared.run("check", "--cluster", "66").returncode == 2
