"""The connection is lost while somebody types: it is said, nothing is lost, and it mends itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import Browser, chromium, needs_chromium
from tests.end_to_end.station import Station, station

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("lost")) as one:
        yield one


@pytest.fixture(scope="module")
def browser(running: Station) -> Iterator[Browser]:
    with chromium(f"http://127.0.0.1:{running.port}") as one:
        one.first_sign_in("admin", running.printed_password)
        yield one


def test_the_pages_die_while_somebody_types(running: Station, browser: Browser) -> None:
    page, killed = browser.page, running.pid("web")
    browser.go("/bulletin")
    page.get_by_label("Tên bản tin").fill("Chợ phiên")
    running.kill("web")
    page.get_by_role("radio", name="Gõ văn bản").check()
    page.get_by_label("Văn bản để máy đọc").fill("Chợ phiên họp ngày rằm.")
    page.get_by_text("Mất kết nối với đài").wait_for(timeout=20_000)
    running.wait(lambda: running.pid("web") not in (None, killed), 20, "the pages did not come back")
    page.get_by_text("Mất kết nối với đài").wait_for(state="hidden", timeout=20_000)
    page.get_by_text("Đã giữ bản nháp lúc").wait_for(timeout=20_000)
    assert page.get_by_label("Văn bản để máy đọc").input_value() == "Chợ phiên họp ngày rằm."
    browser.go("/bulletin")
    assert page.get_by_label("Văn bản để máy đọc").input_value() == "Chợ phiên họp ngày rằm."


def test_the_sign_in_ends_while_somebody_types(browser: Browser) -> None:
    page = browser.page
    browser.go("/bulletin")
    page.get_by_role("button", name="Soạn lại từ đầu").click()
    page.get_by_label("Tên bản tin").fill("Tin buồn")
    browser.context.clear_cookies(name="broadcaster")
    page.get_by_role("radio", name="Gõ văn bản").check()
    page.get_by_text("đăng nhập lại").wait_for()
    page.get_by_label("Văn bản để máy đọc").fill("Lễ viếng từ bảy giờ.")
    browser.next("phát ở đâu")
    page.get_by_role("checkbox", name="2 · Thôn Tây").check()
    browser.next("phát khi nào")
    browser.next("xem lại")
    page.get_by_label("Tên", exact=True).fill("admin")
    page.get_by_label("Mật khẩu", exact=True).fill("nui-cao-song-dai")
    page.get_by_role("button", name="Đăng nhập").click()
    assert page.get_by_label("Tên bản tin").input_value() == "Tin buồn"
    browser.next("phát ở đâu")
    assert page.get_by_role("checkbox", name="2 · Thôn Tây").is_checked()


def test_a_dead_controller_is_said_on_every_page_and_is_over_by_itself(running: Station, browser: Browser) -> None:
    browser.go("/")
    running.kill("daemon")
    browser.page.get_by_text("không trả lời").first.wait_for(timeout=15_000)
    browser.page.get_by_text("Hiện không phát").wait_for(timeout=30_000)
