"""One cluster is silenced in the middle of a bulletin, in two presses; the others hear it to its end."""

from __future__ import annotations

from pathlib import Path

from tests.browser import chromium, needs_chromium
from tests.end_to_end.station import station
from tests.sound.sounds import tone, write


@needs_chromium
def test_two_presses_close_one_cluster_and_no_other(tmp_path: Path) -> None:
    sound = write(tmp_path / "tone.wav", tone(20 * 48_000, hertz=700))
    with station(tmp_path) as running, chromium(f"http://127.0.0.1:{running.port}") as browser:
        browser.first_sign_in("admin", running.printed_password)
        broadcast = running.announce("--clusters", "2,3,7", file=sound)
        running.await_state(broadcast, "on_air")
        page = browser.page
        page.get_by_role("link", name="Tắt cụm này Thôn Nam").click()
        page.get_by_role("button", name="Tắt cụm này").click()
        page.get_by_text("Đang đóng cụm loa 3 (Thôn Nam)").wait_for()
        running.wait(lambda: running.open_clusters == {2, 7}, 6, "cluster 3 did not close alone")
        assert running.await_state(broadcast)["state"] == "completed"
        assert not running.open_clusters
        running.await_state(running.announce("--clusters", "3"), "on_air")
        running.wait(lambda: running.open_clusters == {3}, 3, "the next bulletin does not sound there")
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: len(running.open_clusters) == 10, 10, "the emergency is not heard everywhere")
        page.goto(f"{browser.address}/clusters/3/mute")
        page.get_by_role("button", name="Tắt cụm này").click()
        page.get_by_text("Tin khẩn cấp phát ở mọi nơi").wait_for()
        assert len(running.open_clusters) == 10
