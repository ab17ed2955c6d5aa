"""What the pages look like to a person: nothing cut or sideways, nothing half translated, no barrier (axe-core)."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe

from broadcaster.config.loading import load
from broadcaster.home import Home
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.roles import Role
from broadcaster.model.schedule import Schedule, Target
from broadcaster.seal import secret_key
from broadcaster.storage import deciding, schedules, users
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from tests.browser import Browser, chromium, needs_chromium
from tests.catalogues import vietnamese
from tests.end_to_end.station import Station, station
from tests.people import person

pytestmark = needs_chromium
SHOTS = Path(os.environ["SCREENSHOTS"]) if "SCREENSHOTS" in os.environ else None
PATHS = {
    "today": "/",
    "bulletin": "/bulletin",
    "programme": "/programme",
    "log": "/log",
    "uptime": "/uptime",
    "password": "/password",
    "emergency": "/emergency",
    "mute": "/clusters/3/mute",
    "day-off": "/day-off",
    "day-on": "/day-off/take-back",
    "approvals": "/approvals",
    "rule": "/approvals/rule",
    "library": "/library",
    "glossary": "/glossary",
    "speak": "/speak",
    "people": "/people",
    "person": "/people/2",
    "duty-sheet": "/people/duty-sheet",
    "account": "/account",
    "audit": "/audit",
    "week": "/programme/week",
    "certificate": "/certificate",
    "clusters": "/clusters",
    "heard": "/clusters/3/heard",
    "faults": "/faults",
    "setup": "/setup",
    "station": "/setup/station",
    "devices": "/setup/devices",
    "components": "/components",
    "missing": "/nothing",
}
SIZES = {"wide": (1440, 900), "tablet": (768, 1024), "phone": (360, 780), "narrow": (320, 640)}
"""The narrow one is also what a window of 640 pixels shows at twice the size."""
VISIBLE_TEXT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text && !['SCRIPT', 'NOSCRIPT'].includes(walker.currentNode.parentElement.tagName)) found.push(text);
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll('button, a, h1, h2, h3, p, label, legend, li, dd, td, th')].filter(e => {
  const style = getComputedStyle(e);
  if (style.display === 'inline' || style.clipPath !== 'none' || e.closest('[hidden], .wide, .skip')) return false;
  if (e.closest('details:not([open])') && !e.closest('summary')) return false;
  const box = e.getBoundingClientRect();
  return box.width && (e.scrollWidth > e.clientWidth + 2 || box.right > innerWidth + 1 || box.left < -1);
}).map(e => e.outerHTML.slice(0, 160))"""


REACHABLE = """() => {
  const groups = new Set(), all = 'a[href], button, input, select, textarea, summary, audio[controls]';
  return [...document.querySelectorAll(all)].filter(e => {
    if (e.disabled || e.type === 'hidden' || !e.checkVisibility({ visibilityProperty: true })) return false;
    if (e.closest('details:not([open])') && e.tagName !== 'SUMMARY') return false;
    if (e.type !== 'radio') return true;
    const first = !groups.has(e.name);
    groups.add(e.name);
    return first;
  }).length;
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const group = e.type === 'radio' ? 'radio ' + e.name : '';
  e.dataset.reached ??= String(Math.random());
  const box = e.getBoundingClientRect(), bar = document.querySelector('.emergency');
  const style = getComputedStyle(e.classList.contains('picked') ? document.querySelector('.pick') : e);
  const covered = bar && !bar.contains(e) && box.top >= bar.getBoundingClientRect().top;
  const seen = e.tagName === 'AUDIO' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
  return { key: group || e.dataset.reached, seen: seen && !covered, what: e.outerHTML.slice(0, 120) };
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station with something to show: what sounded, what was refused, what is planned, what is on air."""
    with station(tmp_path_factory.mktemp("appearance")) as one:
        one.await_state(one.announce("--clusters", "2,3,7", "--title", "Tiêm chủng cho trẻ em dưới sáu tuổi"))
        one.run("announce", "--text", "Thử", "--all", "--at", "2026-12-24T17:00", "--title", "Họp mặt cuối năm")
        yield one


@pytest.fixture(scope="module")
def browser(running: Station) -> Iterator[Browser]:
    with chromium(f"http://127.0.0.1:{running.port}") as one:
        one.first_sign_in("admin", running.printed_password)
        one.decide_on_one_person()
        _plan(one)
        _ask_for_approval(one, running)
        yield one


def _plan(browser: Browser) -> None:
    page, tomorrow = browser.page, datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(days=1)
    for title, at in (("Bản tin buổi chiều của Ủy ban nhân dân xã", "17:00"), ("Nhạc hiệu", "17:00")):
        browser.type_bulletin(title, "Kính mời bà con đến nhà văn hóa thôn họp.")
        page.get_by_role("button", name="Toàn xã").click()
        browser.next("phát khi nào")
        page.get_by_role("radio", name="Lặp lại nhiều ngày").check()
        page.get_by_label("Giờ", exact=True).fill(at)
        page.get_by_label("Từ ngày").fill(f"{tomorrow:%Y-%m-%d}")
        browser.save()
        page.get_by_role("heading", name="Lịch phát").wait_for()


def _ask_for_approval(browser: Browser, running: Station) -> None:
    """Somebody who may not approve has written something."""
    engine = open_database(database_url(running.home / "broadcaster.sqlite3", {}))
    users.add(engine, "Chị Lan, văn phòng", 0.0, role=Role.EDITOR, groups=["bac"])
    rule = Recurrence(time(6, 30), date(2026, 1, 1))
    sound = next((running.home / "library").glob("*.json")).stem
    one = Schedule("s-lan", "Cúp điện khu Đông", sound, Target((1, 2)), rule, text="Ngày mai cúp điện.", duration=30)
    schedules.add(engine, one, person(engine, "Chị Lan, văn phòng"), clock.time())
    returned = replace(one, id="s-back", title="Chợ phiên tháng Chạp", at_once=True)
    schedules.add(engine, returned, person(engine, "Chị Lan, văn phòng"), clock.time())
    key, network = secret_key(Home(running.home)), load(running.config).network
    ground = Ground(ZoneInfo("Asia/Ho_Chi_Minh"), network, clock.time(), key)
    seen = schedules.get(engine, "s-back")
    assert seen is not None
    deciding.give_back(engine, seen, person(engine, "admin"), "Ghi rõ ngày nào.", ground)
    engine.dispose()
    browser.go("/")


def look(browser: Browser, name: str, size: str, language: str) -> None:
    """Judge what stands on the page now."""
    page = browser.page
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    if SHOTS:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}-{language}-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), f"{name} {size}: sideways"
    assert page.evaluate(CUT) == [], f"{name} {size} {language}"
    if size != "narrow":
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def half_translated(browser: Browser, language: str) -> list[str]:
    """Return the texts on the page that are a sentence of the other language."""
    other = set()
    for message in vietnamese():
        english, there = str(message.id), str(message.string)
        if message.id and english != there and "{" not in english:
            other.add(english if language == "vi" else there)
    return [text for text in browser.page.evaluate(VISIBLE_TEXT) if text in other]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PATHS)
def test_every_page(name: str, language: str, browser: Browser) -> None:
    browser.go(f"/language/{language}?next=/")
    browser.go(PATHS[name])
    for size in SIZES:
        look(browser, name, size, language)
    assert half_translated(browser, language) == []


@pytest.mark.parametrize("name", sorted(set(PATHS) - {"missing", "library", "log"}))
def test_the_keyboard_reaches_everything_and_shows_where_it_is(name: str, browser: Browser) -> None:
    """The log and the library hold players, whose own buttons the browser moves through."""
    browser.go(f"/language/vi?next={PATHS[name]}")
    page, reached = browser.page, set()
    page.set_viewport_size({"width": 1280, "height": 800})
    wanted = page.evaluate(REACHABLE)
    for _ in range(wanted * 3 + 20):
        page.keyboard.press("Tab")
        if (now := page.evaluate(FOCUSED)) is None:
            break
        assert now["seen"], now["what"]
        reached.add(now["key"])
    assert len(reached) >= wanted, f"{len(reached)} of {wanted}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_other_pages_unfold(language: str, browser: Browser) -> None:
    browser.go(f"/language/{language}?next=/library")
    browser.page.locator(".others summary").click()
    for size in SIZES:
        look(browser, "menu", size, language)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_the_form_says_when_something_is_wrong(language: str, browser: Browser) -> None:
    browser.go(f"/language/{language}?next=/bulletin")
    browser.page.locator("[data-go='2']").first.click()
    browser.page.get_by_role("alert").filter(has_text="⚠").first.wait_for()
    for size in SIZES:
        look(browser, "bulletin-missing", size, language)
    with browser.page.expect_navigation():
        browser.page.evaluate("document.querySelector('button[value=check]').click()")
    for size in SIZES:
        look(browser, "bulletin-wrong", size, language)
    assert half_translated(browser, language) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_steps_of_a_bulletin(language: str, browser: Browser) -> None:
    browser.go(f"/language/{language}?next=/bulletin?pattern=power")
    page = browser.page
    page.locator("[name=title]").fill("Sửa đường dây")
    for kind in ("record", "file", "library", "text"):
        page.locator(f"[name=kind][value={kind}]").check()
        look(browser, f"bulletin-1-{kind}", "phone", language)
    page.locator("[name=text]").fill("Từ 7h30 ngày 30/11 tạm ngừng cấp điện tại TT xã.")
    page.locator(".doubt").wait_for()
    page.locator("[data-part='1'] [data-go='2']").click()
    page.locator(".missing").wait_for()
    for size in SIZES:
        look(browser, "bulletin-1-doubts", size, language)
    page.locator(".doubt [value='trung tâm']").check()
    page.locator(".doubt", has_text="✓").wait_for()
    assert "tại trung tâm xã" in page.locator(".said").inner_text()
    page.locator("[data-part='1'] [data-go='2']").click()
    page.locator("[data-tick='']").click()
    page.locator(".chooser [data-number='2']").click()
    assert page.locator("[name=clusters][value='2']").is_checked()
    for size in SIZES:
        look(browser, "bulletin-2", size, language)
    page.locator("[data-part='2'] [data-go='3']").click()
    page.locator("[name=when][value=repeating]").check()
    page.locator("[name=at]").fill("06:10")
    for size in SIZES:
        look(browser, "bulletin-3", size, language)
    page.locator("button[value=check]").click()
    page.locator("#summary").wait_for()
    for size in SIZES:
        look(browser, "bulletin-4", size, language)
    assert half_translated(browser, language) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_today_while_something_sounds(language: str, browser: Browser, running: Station) -> None:
    browser.go(f"/language/{language}?next=/")
    running.await_state(running.announce("--clusters", "2,3", "--title", "Thông báo cúp điện"), "on_air")
    browser.page.locator("[data-on-air=bulletin]").wait_for()
    for size in SIZES:
        look(browser, "today-on-air", size, language)
    running.run("emergency", "start")
    browser.page.locator("[data-on-air=emergency]").wait_for()
    for size in SIZES:
        look(browser, "today-emergency", size, language)
    assert half_translated(browser, language) == []
    running.run("emergency", "stop")
    running.wait(lambda: not running.carrier, 10, "did not end")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_fault_and_a_dead_controller(language: str, browser: Browser, running: Station) -> None:
    browser.go(f"/language/{language}?next=/")
    running.run("simulate", "--faults", "silent")
    running.announce("--clusters", "2")
    browser.page.locator(".faults").wait_for()
    for size in SIZES:
        look(browser, "today-fault", size, language)
    assert half_translated(browser, language) == []
    browser.go("/programme")
    browser.page.get_by_role("alert").get_by_text("⚠").wait_for()
    for size in SIZES:
        look(browser, "programme-fault", size, language)
    browser.go("/")
    running.run("simulate", "--faults", "none")
    running.wait(lambda: running.status()["transmitter"]["on"] is False, 20, "not well again")
    browser.page.locator("button[form=seen]").click()


def test_signing_in(browser: Browser) -> None:
    with browser.another() as stranger:
        for language in ("vi", "en"):
            stranger.go(f"/language/{language}?next=/sign-in")
            for size in SIZES:
                look(stranger, "sign-in", size, language)
            assert half_translated(stranger, language) == []
