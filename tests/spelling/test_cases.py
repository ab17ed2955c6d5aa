"""What is written, and the words that are said for it: ``cases.txt``, read as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.spelling import SOUTHERN, spelt

CASES = [
    line.split(" => ")
    for line in (Path(__file__).parent / "cases.txt").read_text(encoding="utf-8").splitlines()
    if " => " in line and not line.startswith("#")
]


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_what_is_written_is_said_and_needs_nobody(written: str, spoken: str) -> None:
    found = spelt(written)
    assert (found.spoken, found.unsure) == (spoken, ())


def test_there_are_enough_cases() -> None:
    assert len({written for written, _ in CASES}) >= 300


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("có 24 hộ", "có hai mươi bốn hộ"),
        ("có 105 hộ", "có một trăm lẻ năm hộ"),
        ("có 12.005 hộ", "có mười hai ngàn không trăm lẻ năm hộ"),
        ("giá 50k", "giá năm mươi ngàn"),
        ("tháng 4", "tháng tư"),
        ("thứ 4", "thứ tư"),
        ("năm 2005", "năm hai ngàn không trăm lẻ năm"),
    ],
)
def test_numbers_of_the_south(written: str, spoken: str) -> None:
    assert spelt(written, SOUTHERN).spoken == spoken


@pytest.mark.parametrize(
    ("written", "choices"),
    [
        ("TT", ("thị trấn", "thông tư", "trung tâm", "thứ tự")),
        ("họp CN", ("Chủ nhật", "công nhân", "công nghiệp")),
        ("P. 5", ("phường", "phòng")),
        ("1/2", ("ngày một tháng hai", "một phần hai", "một trên hai")),
        ("5/2", ("ngày năm tháng hai", "năm trên hai")),
        ("ngày 5-7", ("năm đến bảy", "năm tháng bảy")),
        ("5-2", ("năm, hai", "năm đến hai")),
        ("5.5", ("năm phẩy năm", "năm chấm năm")),
        ("T7", ("thứ bảy", "tháng bảy")),
        ("5g", ("năm gam", "năm giờ")),
        ("5A", ("năm am-pe", "năm a")),
        ("II", ("hai", "i i")),
        ("là -5", ("âm năm", "năm")),
        ("XYZ", ("ích-xì i-cờ-rét dét", "xyz")),
        ("Agribank", ("Agribank", "a giê e-rờ i bê a en-nờ ca")),
        ("12/QQQ", ("mười hai trên quy quy quy",)),
        ("12/13/2026", ("12/13/2026",)),
        ("1.2.3.4", ("1.2.3.4",)),
        ("anh5", ("anh5",)),
        ("ngày 31/2", ("ba mươi mốt tháng hai",)),
        ("ngày 5/1/26", ("năm tháng một năm hai nghìn không trăm hai mươi sáu",)),
        ("xa.gov.vn", ("xa chấm gov chấm vn",)),
        ("😀", ("",)),
    ],
)
def test_what_only_a_person_can_know_is_never_guessed(written: str, choices: tuple[str, ...]) -> None:
    (part,) = spelt(written).unsure
    assert part.choices == choices


def test_twelve_million_or_a_code() -> None:
    (part,) = spelt("12345678").unsure
    assert len(part.choices) == 2


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Gọi 0912345678\n2. Trạm xá", "Gọi không chín một hai, ba bốn năm, sáu bảy tám\nhai. Trạm xá"),
        ("ngày 24/11\n- 25 hộ", "ngày hai mươi tư tháng mười một\n hai mươi lăm hộ"),
        ("Tổ 3\n- 15 hộ", "Tổ ba\n mười lăm hộ"),
    ],
)
def test_a_line_is_not_joined_to_the_next(written: str, spoken: str) -> None:
    assert spelt(written).spoken == spoken
