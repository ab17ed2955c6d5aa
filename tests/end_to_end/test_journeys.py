"""What officials do, as a new user would: by role and visible label only, counting clicks against docs/journeys.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page

from broadcaster.home import Home
from broadcaster.model.roles import Role
from broadcaster.seal import secret_key
from broadcaster.storage import approvals, users
from broadcaster.storage.database import database_url, open_database
from tests.browser import Browser, chromium, needs_chromium
from tests.clock import NOON
from tests.end_to_end.station import Station, samples, station
from tests.people import person

pytestmark = needs_chromium
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PASSWORD = "nui-cao-song-dai"
TABLE = Path(__file__).parents[2] / "docs" / "journeys.md"


def documented(journey: str) -> tuple[int, int]:
    """Return the clicks that the table gives a journey, and how many it may take."""
    found = re.search(
        rf"^\| {re.escape(journey)} \| (\d+) \| (\d+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found is not None, journey
    return int(found.group(1)), int(found.group(2))


@dataclass
class Finger:
    """Counts what it presses."""

    page: Page
    clicks: int = 0

    def press(self, role: str, name: str, *, exact: bool = False) -> None:
        self.touch(self.page.get_by_role(role, name=name, exact=exact).first)  # type: ignore[arg-type]

    def touch(self, thing: Locator) -> None:
        thing.click()
        self.clicks += 1

    def hear(self, audio: Locator) -> None:
        """Press play, where a browser has it, and wait until it sounds."""
        audio.click(position={"x": 26, "y": 27})
        self.clicks += 1
        audio.evaluate("a => new Promise(done => { a.ontimeupdate = () => a.currentTime > 0.2 && done(true); })")

    def done(self, journey: str) -> None:
        told, most = documented(journey)
        assert self.clicks == told <= most, f"{journey}: {self.clicks} clicks"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("journeys")) as one:
        engine = open_database(database_url(one.home / "broadcaster.sqlite3", {}))
        for name, role in (("Lan", Role.EDITOR), ("Hoa", Role.HEAD)):
            users.choose_password(engine, person(engine, name, role).id, PASSWORD)
        approvals.decide_rule(engine, 2, "Số 2/QĐ-UBND", "admin", NOON, secret_key(Home(one.home)))
        engine.dispose()
        yield one


@pytest.fixture(scope="module")
def lan(running: Station) -> Iterator[Browser]:
    """The editor, at the office computer."""
    with chromium(f"http://127.0.0.1:{running.port}") as one:
        one.context.grant_permissions(["microphone"])
        one.page.add_init_script("window.print = () => { document.title = 'PRINTED'; }")
        yield one


def test_sign_in(lan: Browser) -> None:
    lan.go("/")
    finger = Finger(lan.page)
    lan.page.get_by_label("Tên", exact=True).fill("Lan")
    lan.page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    finger.press("button", "Đăng nhập")
    lan.page.get_by_role("heading", name="Hôm nay").wait_for()
    finger.done("sign in")


def test_record_a_daily_bulletin_for_three_hamlets(lan: Browser, running: Station) -> None:
    lan.go("/")
    page, finger = lan.page, Finger(lan.page)
    finger.press("link", "Bản tin mới", exact=True)
    page.get_by_label("Tên bản tin").fill("Bản tin chiều")
    finger.touch(page.get_by_role("radio", name="Nói vào micrô"))
    finger.press("button", "Bắt đầu ghi âm")
    page.wait_for_timeout(2500)
    finger.press("button", "Ghi xong")
    page.get_by_text("Xong: Ghi âm").wait_for()
    finger.press("button", "Tiếp: phát ở đâu")
    for hamlet in ("2 · Thôn Tây", "3 · Thôn Nam", "7 · Thôn Trung"):
        finger.touch(page.get_by_role("checkbox", name=hamlet))
    finger.press("button", "Tiếp: phát khi nào")
    finger.touch(page.get_by_role("radio", name="Lặp lại nhiều ngày"))
    page.get_by_label("Giờ", exact=True).fill("17:00")
    finger.press("button", "Tiếp: xem lại")
    page.get_by_text("“Bản tin chiều” phát mỗi ngày lúc 17:00").wait_for()
    finger.press("button", "Lưu và gửi duyệt")
    page.get_by_text("đang chờ duyệt; duyệt xong sẽ phát mỗi ngày lúc 17:00").wait_for()
    finger.done("record a daily bulletin for three hamlets and send it for approval")
    assert max(abs(samples(next((running.home / "library").glob("*.wav"))))) > 0.05


def test_approve_it_on_a_phone(lan: Browser) -> None:
    with lan.another() as phone:
        phone.page.set_viewport_size({"width": 390, "height": 844})
        phone.sign_in("Hoa", PASSWORD)
        finger = Finger(phone.page)
        finger.press("link", "Duyệt tin")
        finger.hear(phone.page.get_by_label("Đây là những gì sẽ phát"))
        finger.press("button", "Duyệt: Bản tin chiều")
        phone.page.get_by_text("Đã duyệt: “Bản tin chiều”.").wait_for()
        finger.done("approve it on a phone, heard first")


def test_move_tomorrow_by_half_an_hour(lan: Browser) -> None:
    tomorrow = datetime.now(ZONE) + timedelta(days=1)
    lan.go("/")
    finger = Finger(lan.page)
    finger.press("link", "Lịch phát", exact=True)
    finger.press("link", f"Chuyển giờ buổi này: Bản tin chiều, 17:00 {tomorrow:%d/%m/%Y}")
    lan.page.get_by_label("Giờ mới trong ngày đó").fill("17:30")
    finger.press("button", "Chuyển giờ")
    lan.page.get_by_text("khi chưa duyệt vẫn phát lúc 17:00").wait_for()
    finger.done("move tomorrow's session by half an hour")


def test_silence_cluster_4_while_a_bulletin_sounds(lan: Browser, running: Station) -> None:
    lan.go("/")
    broadcast = running.announce("--clusters", "2,4")
    running.await_state(broadcast, "on_air")
    finger = Finger(lan.page)
    finger.press("link", "Tắt cụm này Thôn Bắc")
    finger.press("button", "Tắt cụm này")
    running.wait(lambda: running.open_clusters == {2}, 6, "cluster 4 stayed open")
    finger.done("silence cluster 4 while a bulletin sounds")
    running.await_state(broadcast)


def test_print_the_week(lan: Browser) -> None:
    lan.go("/")
    finger = Finger(lan.page)
    finger.press("link", "Lịch phát", exact=True)
    finger.press("link", "Lịch tuần để in")
    finger.press("button", "In")
    assert lan.page.title() == "PRINTED"
    lan.page.emulate_media(media="print")
    assert not lan.page.get_by_role("button", name="KHẨN CẤP").is_visible()
    lan.page.emulate_media(media="screen")
    finger.done("print the week")


def test_find_what_was_aired_and_hear_it(lan: Browser) -> None:
    lan.go("/")
    page, finger = lan.page, Finger(lan.page)
    finger.press("link", "Nhật ký", exact=True)
    page.get_by_label("Chỉ xem ngày").fill(f"{datetime.now(ZONE):%Y-%m-%d}")
    finger.press("button", "Xem")
    finger.hear(page.get_by_label("Âm thanh đã đưa ra máy phát").first)
    finger.done("find what was aired on a day and hear it")


def test_hours_on_air_for_a_spreadsheet(lan: Browser) -> None:
    lan.go("/")
    page, finger = lan.page, Finger(lan.page)
    finger.touch(page.get_by_text("Trang khác"))
    finger.press("link", "Giờ hoạt động")
    with page.expect_download() as found:
        finger.press("link", "Tải bảng tính")
    assert found.value.suggested_filename.endswith(".csv")
    finger.done("hours on air of this month, for a spreadsheet")


def test_a_bulletin_of_two_items_that_sounds_twice(lan: Browser) -> None:
    lan.go("/")
    page, finger = lan.page, Finger(lan.page)
    finger.press("link", "Bản tin mới", exact=True)
    page.get_by_label("Tên bản tin").fill("Tin trong ngày")
    finger.touch(page.get_by_role("radio", name="Gõ văn bản"))
    page.get_by_label("Văn bản để máy đọc").fill("Mời bà con đi họp thôn.")
    finger.press("button", "Thêm một mục nữa")
    page.get_by_role("heading", name="Bản tin đang có 1 mục").wait_for()
    page.get_by_label("Văn bản để máy đọc").fill("Sáng mai tiêm chủng cho trẻ em.")
    page.get_by_label("Đọc mấy lần").select_option(label="2 lần liền nhau")
    finger.clicks += 1
    finger.press("button", "Tiếp: phát ở đâu")
    finger.touch(page.get_by_role("checkbox", name="8 · "))
    finger.press("button", "Tiếp: phát khi nào")
    page.get_by_label("Giờ", exact=True).fill("18:00")
    finger.touch(page.get_by_role("radio", name="Lặp lại nhiều ngày"))
    finger.press("button", "Tiếp: xem lại")
    finger.press("button", "Lưu và gửi duyệt")
    page.get_by_text("Mời bà con đi họp thôn. · Sáng mai tiêm chủng cho trẻ em. – 2 lần liền nhau").wait_for()
    finger.done("a bulletin of two typed items, every day, that sounds twice")
