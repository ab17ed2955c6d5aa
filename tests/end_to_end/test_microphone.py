"""Somebody speaks live: Chromium's own fake microphone, a beep a second, into the simulated air."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from broadcaster.config.settings import AUDIO
from tests.browser import Browser, chromium, needs_chromium
from tests.end_to_end.station import Station, samples, station

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("live")) as one:
        yield one


@pytest.fixture(scope="module")
def browser(running: Station) -> Iterator[Browser]:
    with chromium(f"http://127.0.0.1:{running.port}") as one:
        one.first_sign_in("admin", running.printed_password)
        one.decide_on_one_person()
        yield one


def begin(browser: Browser) -> None:
    browser.go("/speak")
    browser.page.get_by_label("Nội dung").fill("Tìm trẻ lạc")
    browser.page.get_by_role("checkbox", name="Thôn Nam").check()
    browser.page.get_by_role("button", name="Bắt đầu nói").click()


def speaking(browser: Browser) -> None:
    browser.page.get_by_text("MỜI NÓI", exact=True).wait_for(timeout=20_000)


def over(running: Station) -> None:
    running.wait(lambda: not running.carrier and not running.open_clusters, 10, "not closed")


def test_what_is_spoken_is_heard_where_it_was_asked_for(running: Station, browser: Browser) -> None:
    begin(browser)
    speaking(browser)
    assert running.open_clusters == {3}
    browser.page.wait_for_timeout(4000)
    browser.page.get_by_role("button", name="Tôi nói xong rồi").click()
    browser.page.get_by_text("Đã nói xong").wait_for()
    over(running)
    row = running.latest("completed")
    assert row is not None
    assert (row["title"], row["origin"]) == ("Tìm trẻ lạc", "live")
    assert (row["asked_by"], row["approved_by"]) == ("admin", "admin")
    sound = samples(running.air(row["id"]))
    assert 4 < row["sounded_s"] < 14
    assert len(sound) / 48000 >= row["sounded_s"]


LOUD = 6000
NOTES_WHEN_SOUND_LEAVES = f"""
    window.left = [];
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {{
      const loud = data instanceof ArrayBuffer && new Int16Array(data).some((one) => Math.abs(one) > {LOUD});
      if (loud) window.left.push(Date.now() / 1000);
      return send.call(this, data);
    }};"""


def beginnings(moments: list[float]) -> list[float]:
    """Return the first of each run of moments."""
    return [one for at, one in enumerate(moments) if at == 0 or one - moments[at - 1] > 0.3]


def beeps(running: Station, row: dict[str, Any]) -> list[float]:
    """Return when beeps sounded (Unix seconds), by the recording of the air: between its two chimes."""
    sound = samples(running.air(row["id"]))
    chime = samples(AUDIO / "chime-open.wav")
    size = 1 << (len(sound) + len(chime)).bit_length()
    begins = int(np.argmax(np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(chime, size)), size)))
    programme = sound[begins : begins + int(row["sounded_s"] * 48000)][: -len(chime)]
    loud = np.flatnonzero(np.abs(programme[len(chime) :]) > LOUD / 32768) / 48000
    return [row["on_air_at"] + len(chime) / 48000 + at for at in beginnings(list(loud))]


def test_from_the_page_to_the_air_it_takes_less_than_400_ms(running: Station, browser: Browser) -> None:
    """Mouth to page adds the capture's own delay, about 70 ms: 100 are left for it."""
    with browser.another() as other:
        other.page.add_init_script(NOTES_WHEN_SOUND_LEAVES)
        other.sign_in("admin", "nui-cao-song-dai")
        begin(other)
        speaking(other)
        other.page.wait_for_timeout(8000)
        left = beginnings(other.page.evaluate("window.left"))
        other.page.get_by_role("button", name="Tôi nói xong rồi").click()
        over(running)
    row = running.latest("completed")
    assert row is not None
    heard = beeps(running, row)
    between = [one for one in left if heard[0] < one < heard[-2]]
    delays = sorted(min(at - one for at in heard if at > one) for one in between)
    assert len(delays) >= 4
    assert delays[round(0.95 * (len(delays) - 1))] < 0.4


def test_a_network_that_is_unplugged_closes_within_five_seconds(running: Station, browser: Browser) -> None:
    with browser.another() as other:
        other.sign_in("admin", "nui-cao-song-dai")
        begin(other)
        speaking(other)
        other.context.set_offline(True)
        running.wait(lambda: not running.open_clusters, 5, "the cluster stands open")
        running.wait(lambda: not running.carrier, 2, "the carrier stands")
        other.page.locator("#speak-trouble", has_text="Mất kết nối").wait_for()
    row = running.latest("aborted")
    assert row is not None
    assert "connection to the microphone was lost" in row["reason"]


def test_a_second_speaker_is_refused_by_name(running: Station, browser: Browser) -> None:
    begin(browser)
    speaking(browser)
    with browser.another() as other:
        other.sign_in("admin", "nui-cao-song-dai")
        begin(other)
        other.page.get_by_text("admin đang nói trực tiếp: xin đợi").wait_for(timeout=10_000)
    assert running.open_clusters == {3}
    browser.page.get_by_role("button", name="Tôi nói xong rồi").click()
    over(running)


def test_an_emergency_takes_over_and_the_speaker_is_told(running: Station, browser: Browser) -> None:
    begin(browser)
    speaking(browser)
    assert running.run("emergency", "start").returncode == 0
    browser.page.get_by_text("Bị ngắt để nhường cho: Khẩn cấp").wait_for(timeout=10_000)
    running.wait(lambda: len(running.open_clusters) == 10, 10, "not everywhere")
    assert running.run("emergency", "stop").returncode == 0
    over(running)


def test_without_a_safe_address_the_page_says_what_to_do(browser: Browser) -> None:
    with browser.another() as other:
        other.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
        other.sign_in("admin", "nui-cao-song-dai")
        other.go("/speak")
        other.page.get_by_text("Micrô chỉ dùng được ở địa chỉ an toàn").wait_for()
        assert other.page.get_by_role("button", name="Bắt đầu nói").is_disabled()
        other.page.get_by_role("link", name="Cách vào bằng địa chỉ an toàn").click()
        other.page.get_by_role("heading", name="Vào trang an toàn").wait_for()


ASKS_LONG = """
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (what) => {
      await new Promise((allowed) => setTimeout(allowed, 1500));
      return ask(what);
    };"""


def test_who_finishes_while_the_browser_still_asks_does_not_go_on_air(running: Station, browser: Browser) -> None:
    before = len(running.events("relay"))
    with browser.another() as other:
        other.page.add_init_script(ASKS_LONG)
        other.sign_in("admin", "nui-cao-song-dai")
        begin(other)
        other.page.get_by_role("button", name="Tôi nói xong rồi").click()
        other.page.wait_for_timeout(4000)
        assert other.page.get_by_role("button", name="Bắt đầu nói").is_visible()
    assert len(running.events("relay")) == before
