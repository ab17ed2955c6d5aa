"""The pages as an official uses them: a real Chromium, by role and visible label only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.browser import Browser, chromium, needs_chromium
from tests.end_to_end.station import BULLETIN, Station, correlation, samples, station
from tests.judges import multimon_digits, needs_multimon, needs_spandsp, pcm_of, spandsp_digits

pytestmark = needs_chromium
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("pages")) as one:
        yield one


@pytest.fixture(scope="module")
def browser(running: Station) -> Iterator[Browser]:
    with chromium(f"http://127.0.0.1:{running.port}") as one:
        one.first_sign_in("admin", running.printed_password)
        yield one


@needs_multimon
@needs_spandsp
def test_a_bulletin_from_the_page_sounds_where_and_when_it_should(
    running: Station, browser: Browser, tmp_path: Path
) -> None:
    page = browser.page
    page.get_by_role("link", name="Bản tin mới", exact=True).click()
    page.get_by_label("Tên bản tin").fill("Tiêm chủng")
    page.get_by_label("Tệp âm thanh (MP3").set_input_files(BULLETIN)
    page.get_by_role("status").filter(has_text="Xong").wait_for()
    for hamlet in ("2 · Thôn Tây", "3 · Thôn Nam", "7 · Thôn Trung"):
        page.get_by_role("checkbox", name=hamlet).check()
    due = (datetime.now(ZONE) + timedelta(seconds=100)).replace(second=0, microsecond=0)
    page.get_by_label("Giờ", exact=True).fill(f"{due:%H:%M}")
    page.get_by_label("Ngày", exact=True).fill(f"{due:%Y-%m-%d}")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_text("Đã lưu. “Tiêm chủng” phát một lần").wait_for()
    running.wait(lambda: running.latest("completed") is not None, 120, "the bulletin did not sound")
    row = running.latest("completed")
    assert row is not None
    assert abs(row["on_air_at"] - due.timestamp()) < 0.1
    running.wait(lambda: not running.open_clusters, 3, "clusters stayed open")
    air = pcm_of(running.air(row["id"]))
    assert multimon_digits(air, tmp_path) == "*021#*031#*071#*990#"
    assert spandsp_digits(air) == "*021#*031#*071#*990#"
    for number in range(1, 11):
        heard = running.recordings(number)
        assert len(heard) == (1 if number in {2, 3, 7} else 0)
        assert all(correlation(running.ingested(), samples(path)) > 0.9 for path in heard)
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    entry = page.get_by_role("listitem").filter(has_text="Tiêm chủng")
    entry.get_by_text("đã phát trọn vẹn").wait_for()
    heard_s = entry.locator("audio").evaluate(
        "a => new Promise(done => { a.onloadedmetadata = () => done(a.duration); a.preload = 'auto'; a.load(); })"
    )
    assert heard_s == pytest.approx(len(samples(running.air(row["id"]))) / 48000, abs=0.1)


def test_nothing_was_asked_of_another_machine(running: Station, browser: Browser) -> None:
    assert browser.asked
    assert [one for one in browser.asked if not one.startswith(f"http://127.0.0.1:{running.port}/")] == []
