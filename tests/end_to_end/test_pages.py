"""The pages as an official uses them: a real Chromium, by role and visible label only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.browser import Browser, chromium, needs_chromium
from tests.end_to_end.station import BULLETIN, Station, correlation, samples, station
from tests.judges import closed_once, multimon_digits, needs_multimon, needs_spandsp, pcm_of, spandsp_digits
from tests.visitor import Visitor

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
        one.decide_on_one_person()
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
    browser.next("phát ở đâu")
    for hamlet in ("2 · Thôn Tây", "3 · Thôn Nam", "7 · Thôn Trung"):
        page.get_by_role("checkbox", name=hamlet).check()
    browser.next("phát khi nào")
    due = (datetime.now(ZONE) + timedelta(seconds=90)).replace(second=0, microsecond=0)
    page.get_by_label("Giờ", exact=True).fill(f"{due:%H:%M}")
    page.get_by_label("Ngày", exact=True).fill(f"{due:%Y-%m-%d}")
    browser.save()
    page.get_by_text("Đã lưu. “Tiêm chủng” phát một lần").wait_for()
    running.wait(lambda: running.latest("completed") is not None, 120, "the bulletin did not sound")
    row = running.latest("completed")
    assert row is not None
    assert abs(row["on_air_at"] - due.timestamp()) < 0.4
    running.wait(lambda: not running.open_clusters, 3, "clusters stayed open")
    air = pcm_of(running.air(row["id"]))
    assert closed_once(multimon_digits(air, tmp_path)) == "*021#*031#*071#*990#"
    assert closed_once(spandsp_digits(air)) == "*021#*031#*071#*990#"
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


def test_the_emergency_button_wants_to_be_held_and_the_stop_button_ends_it(running: Station, browser: Browser) -> None:
    page = browser.page
    bulletin = running.announce("--clusters", "4")
    running.await_state(bulletin, "on_air")
    browser.go("/")
    page.get_by_text("ĐANG PHÁT: “bulletin”").wait_for()
    button = page.get_by_role("button", name="KHẨN CẤP")
    where = button.bounding_box()
    button.click(delay=700)
    page.get_by_text("thả tay sớm quá").wait_for()
    assert running.status()["current"]["priority"] == "routine"
    assert button.bounding_box() == where, "what is said moves the button from under the finger"
    button.hover()
    page.mouse.down()
    page.mouse.move(5, 5)  # a hand that trembles
    page.wait_for_timeout(1800)
    page.mouse.up()
    page.get_by_text("ĐANG PHÁT KHẨN CẤP:").wait_for()
    running.wait(lambda: running.open_clusters == set(range(1, 11)), 5, "not everywhere")
    assert running.row(bulletin)["state"] == "aborted"
    page.get_by_role("button", name="Dừng phát").click()
    running.wait(lambda: not running.carrier, 10, "the emergency did not end")
    page.get_by_text("Hiện không phát").wait_for()
    row = running.latest("aborted")
    assert row is not None
    assert (row["priority"], row["origin"], row["asked_by"]) == ("emergency", "page", "admin")


def test_pressed_while_the_controller_is_away_it_is_asked_again(running: Station, browser: Browser) -> None:
    page = browser.page
    browser.go("/log")
    button = page.get_by_role("button", name="KHẨN CẤP")
    button.hover()
    page.mouse.down()
    page.wait_for_timeout(1400)
    running.kill("daemon")
    page.wait_for_timeout(300)
    page.mouse.up()
    page.locator(".answer", has_text="Đã gửi lệnh. Đang bật máy phát").wait_for(timeout=20_000)
    page.locator(".answer", has_text="ĐANG PHÁT KHẨN CẤP").wait_for(timeout=20_000)
    assert len(running.open_clusters) == 10
    page.get_by_role("button", name="Dừng phát").click()
    running.wait(lambda: not running.carrier, 10, "the emergency did not end")


def test_the_button_by_keyboard(running: Station, browser: Browser) -> None:
    browser.go("/log")
    button = browser.page.get_by_role("button", name="KHẨN CẤP")
    button.focus()
    browser.page.keyboard.down("Enter")
    browser.page.wait_for_timeout(300)
    browser.page.keyboard.up("Enter")
    browser.page.wait_for_timeout(1600)
    assert running.status()["current"] is None
    browser.page.keyboard.down("Space")
    running.wait(lambda: running.carrier, 10, "no emergency")
    browser.page.keyboard.up("Space")
    assert running.run("emergency", "stop").returncode == 0
    running.wait(lambda: not running.carrier, 10, "the emergency did not end")


def test_without_scripts_it_is_asked_once_more(running: Station, browser: Browser) -> None:
    with browser.another(scripts=False) as plain:
        plain.sign_in("admin", "nui-cao-song-dai")
        plain.page.get_by_role("link", name="KHẨN CẤP").click()
        plain.page.get_by_role("button", name="Đúng, phát khẩn cấp ngay").click()
        running.wait(lambda: running.carrier, 10, "no emergency")
        plain.page.get_by_role("button", name="Dừng phát").click()
        running.wait(lambda: not running.carrier, 10, "the emergency did not end")


@pytest.mark.usefixtures("browser")
def test_a_hundred_open_pages_are_fed_and_take_nothing_from_the_sound(running: Station) -> None:
    """Whether the card stumbles meanwhile is a matter of the machine: bench/years.py tells."""
    alone = running.await_state(running.announce("--clusters", "8"))
    with Visitor(running.port, Visitor.CHOSEN).live_pages(100) as came:
        row = running.await_state(running.announce("--clusters", "8"))
        running.wait(lambda: all(count > 1000 for count in came), 10, "not all pages were fed")
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: running.carrier, 5, "no emergency beside the pages")
        assert running.run("emergency", "stop").returncode == 0
    assert row["state"] == "completed"
    assert running.air(row["id"]).read_bytes() == running.air(alone["id"]).read_bytes()


def test_killing_the_pages_changes_no_sample_and_they_come_back(running: Station, browser: Browser) -> None:
    undisturbed = running.await_state(running.announce("--clusters", "2,3"))
    browser.go("/")
    broadcast = running.announce("--clusters", "2,3")
    running.await_state(broadcast, "on_air")
    killed = running.pid("web")
    running.kill("web")
    browser.page.get_by_text("Mất kết nối với đài").wait_for(timeout=20_000)
    running.await_state(broadcast, "completed")
    assert running.air(broadcast).read_bytes() == running.air(undisturbed["id"]).read_bytes()
    running.wait(lambda: running.pid("web") not in (None, killed), 20, "the pages did not come back")
    browser.page.get_by_text("Mất kết nối với đài").wait_for(state="hidden", timeout=20_000)


def test_an_emergency_without_pages_and_without_a_log_book(tmp_path: Path) -> None:
    with station(tmp_path) as bare:
        bare.kill("web")
        for path in bare.home.glob("broadcaster.sqlite3*"):
            path.unlink()
        assert bare.run("emergency", "start").returncode == 0
        bare.wait(lambda: bare.open_clusters == set(range(1, 11)), 10, "no emergency")
        assert bare.run("emergency", "stop").returncode == 0
        bare.wait(lambda: not bare.carrier, 10, "the emergency did not end")
