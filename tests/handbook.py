"""Makes the printable handbook: ``python -m tests.handbook``. Its pictures are taken from the real pages."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.browser import Browser, chromium
from tests.end_to_end.station import station

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "handbook" / "so-tay.html"
TARGET = ROOT / "web" / "static" / "so-tay.pdf"
_TALL = 2600
"""So that nothing has to be scrolled, and what keeps to the edge of the window covers nothing."""


def main() -> None:
    """Take the pictures, lay out the pages, print them."""
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        place = Path(folder)
        changes = {"station": {"name": "Đài truyền thanh xã"}, "rules": {"quiet_from": "21:00", "quiet_until": "05:00"}}
        with (
            station(place, **changes) as running,
            chromium(f"http://127.0.0.1:{running.port}", width=420, height=_TALL) as browser,
        ):
            browser.first_sign_in("admin", running.printed_password)
            told = running.run("user", "add", "Hoa", "--role", "head").stdout
            _take(browser, place, told.split("password: ")[1].split()[0])
        shutil.copy(SOURCE, place / "so-tay.html")
        with chromium("about:blank") as printer:
            printer.page.goto((place / "so-tay.html").as_uri())
            printer.page.pdf(path=TARGET, format="A4", prefer_css_page_size=True, print_background=True)
    print(TARGET)  # noqa: T201


def _take(browser: Browser, place: Path, one_time: str) -> None:
    page = browser.page

    def shot(name: str, above: str = "main", on: Browser = browser) -> None:
        on.page.evaluate("document.querySelector('.simulated').style.position = 'static'")
        on.page.locator(above).first.screenshot(path=place / f"{name}.png")

    browser.go("/bulletin?pattern=power")
    shot("step1", "form.bulletin")
    page.get_by_label("Văn bản để máy đọc").fill(
        "Ngày mai từ 7 giờ đến 11 giờ tạm ngừng cấp điện tại thôn Tây, thôn Nam."
    )
    browser.next("phát ở đâu")
    page.get_by_role("checkbox", name="2 · Thôn Tây").check()
    page.get_by_role("checkbox", name="3 · Thôn Nam").check()
    shot("step2", "form.bulletin")
    browser.next("phát khi nào")
    page.get_by_role("radio", name="Lặp lại nhiều ngày").check()
    page.get_by_label("Giờ", exact=True).fill("17:00")
    shot("step3", "form.bulletin")
    browser.save("Lưu và gửi duyệt")
    page.get_by_role("heading", name="Lịch phát").wait_for()
    with browser.another() as head:  # who approves is not who wrote it
        head.page.set_viewport_size({"width": 420, "height": _TALL})
        head.sign_in("Hoa", one_time)
        head.choose_password()
        head.go("/approvals")
        shot("approve", on=head)
    browser.decide_on_one_person()
    browser.go("/programme")
    page.get_by_role("link", name="Sửa: Tạm ngừng cấp điện").click()
    browser.next("phát ở đâu")
    browser.next("phát khi nào")
    browser.save()
    browser.go("/")
    shot("today")
    page.set_viewport_size({"width": 900, "height": _TALL})
    browser.go("/programme/week")
    shot("week")


if __name__ == "__main__":
    main()
