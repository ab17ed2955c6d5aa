from __future__ import annotations

import csv

import pytest

from broadcaster.model.evidence import Evidence
from broadcaster.storage import intervals
from tests.web.conftest import Person
from web.station import Station


def test_the_figures_of_a_period_with_their_definition(lan: Person, station: Station) -> None:
    begin = 1_795_360_000.0  # 2026-11-22 in Viet Nam
    for device, state in (("controller", "up"), ("transmitter", "on"), ("cluster-02", "open")):
        intervals.enter(station.log_book, device, state, Evidence.ACKNOWLEDGED, begin)
    intervals.end_all(station.log_book, begin + 3725)
    page = lan.client.get("/uptime?first=2026-11-22&last=2026-11-22").text
    for shown in (
        "1 giờ 2 phút 5 giây",
        "Độ sẵn sàng của máy phát: phần thời gian",
        "đã gửi lệnh mở 1 lần",
        "mất điện",
    ):
        assert shown in page
    table = lan.client.get("/uptime.csv?first=2026-11-22&last=2026-11-22")
    assert table.data.startswith("\ufeff".encode())
    assert ["transmitter", "on", "3725", "s"] in list(csv.reader(table.text.splitlines()))


def test_before_the_first_use(lan: Person) -> None:
    assert "chưa được sử dụng" in lan.client.get("/uptime").text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("first=x", "Xin ghi cả hai ngày"),
        ("first=2026-11-02&last=2026-11-01", "trước ngày bắt đầu"),
        ("last=9999-12-31", "Xin ghi cả hai ngày"),
    ],
)
def test_a_period_that_is_none(asked: str, sentence: str, lan: Person) -> None:
    answer = lan.client.get(f"/uptime?{asked}")
    assert answer.status_code == 422
    assert sentence in answer.text
