"""A real Chromium, driven by role and visible label only; it must never ask anything of another machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser as Chrome
from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@dataclass
class Browser:
    """One window on one station; ``asked`` are the addresses of all requests."""

    page: Page
    context: BrowserContext
    address: str
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def another(self, *, scripts: bool = True) -> Iterator[Browser]:
        """Yield another window, of a person of its own."""
        assert self.context.browser is not None
        context = self.context.browser.new_context(java_script_enabled=scripts, locale="vi-VN")
        context.set_default_timeout(15_000)
        yield Browser(context.new_page(), context, self.address)
        context.close()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, name: str, password: str) -> None:
        self.go("/sign-in")
        self.page.get_by_label("Tên", exact=True).fill(name)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.get_by_role("button", name="Đăng nhập").click()

    def first_sign_in(self, name: str, one_time: str, chosen: str = "nui-cao-song-dai") -> None:
        """Sign in with the printed password, and choose another as one is asked to."""
        self.sign_in(name, one_time)
        self.choose_password(chosen)
        self.page.get_by_role("heading", name="Thiết lập đài").wait_for()
        self.page.get_by_role("link", name="Về trang Hôm nay").click()
        self.page.get_by_role("heading", name="Hôm nay").wait_for()

    def choose_password(self, chosen: str = "nui-cao-song-dai") -> None:
        """Choose a password in place of the one that was given."""
        self.page.get_by_label("Mật khẩu mới", exact=True).fill(chosen)
        self.page.get_by_label("Gõ lại mật khẩu mới").fill(chosen)
        self.page.get_by_role("button", name="Lưu").click()

    def decide_on_one_person(self) -> None:
        """Write down, as an administrator, that one person is enough in this commune."""
        self.go("/approvals/rule")
        self.page.get_by_role("radio", name="Một người là đủ").check()
        self.page.get_by_label("Số và ngày của quyết định").fill("12/QĐ-UBND, 05/01/2026")
        self.page.get_by_role("button", name="Lưu").click()
        self.page.get_by_role("heading", name="Duyệt tin").wait_for()

    def type_bulletin(self, title: str, text: str) -> None:
        """Go to a new bulletin and fill in its first step with a text; the second is shown then."""
        self.go("/bulletin")
        self.page.get_by_label("Tên bản tin").fill(title)
        self.page.get_by_role("radio", name="Gõ văn bản").check()
        self.page.get_by_label("Văn bản để máy đọc").fill(text)
        self.next("phát ở đâu")

    def next(self, step: str) -> None:
        """Press the button that leads on."""
        self.page.get_by_role("button", name=f"Tiếp: {step}").click()

    def save(self, button: str = "Lưu") -> None:
        """From the third step: look at it once more, then save."""
        self.next("xem lại")
        self.page.locator("#summary, #problems").first.wait_for()
        if self.page.locator("#problems").count():  # what overlaps is said once
            if not self.page.locator("#summary").count():
                self.next("xem lại")
            self.page.locator("#summary").wait_for()
        self.page.get_by_role("button", name=button, exact=True).click()


@contextmanager
def chromium(address: str, *, width: int = 1280, height: int = 900, scripts: bool = True) -> Iterator[Browser]:
    """Yield a browser that sees ``address``, with an empty profile."""
    with sync_playwright() as driver, _launched(driver) as chrome:
        size: ViewportSize = {"width": width, "height": height}
        context = chrome.new_context(viewport=size, java_script_enabled=scripts, locale="vi-VN")
        context.set_default_timeout(15_000)
        browser = Browser(context.new_page(), context, address)
        context.on("request", lambda request: browser.asked.append(request.url))
        yield browser
        context.close()


@contextmanager
def _launched(driver: Playwright) -> Iterator[Chrome]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS, chromium_sandbox=False)
    try:
        yield browser
    finally:
        browser.close()
