"""Texts that people really ask for, to fill in: what is heard is Vietnamese, whatever language the page has."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.words import Sentence


@dataclass(frozen=True)
class Pattern:
    """``name`` is what the page calls it; ``…`` stands where something is to be filled in."""

    key: str
    name: Sentence
    title: str
    text: str


PATTERNS = (
    Pattern(
        "power",
        Sentence("Power cut"),
        "Tạm ngừng cấp điện",
        "Thông báo tạm ngừng cấp điện. Để sửa chữa đường dây, ngày … từ … giờ đến … giờ sẽ mất điện tại thôn …. "
        "Đề nghị bà con chủ động sắp xếp công việc, tắt thiết bị điện khi không dùng.",
    ),
    Pattern(
        "water",
        Sentence("Water cut"),
        "Tạm ngừng cấp nước",
        "Thông báo tạm ngừng cấp nước. Ngày … từ … giờ đến … giờ sẽ ngừng cấp nước tại thôn …. "
        "Đề nghị bà con trữ nước đủ dùng.",
    ),
    Pattern(
        "vaccination",
        Sentence("Vaccination"),
        "Tiêm chủng",
        "Trạm y tế xã thông báo: … giờ ngày … tiêm chủng cho trẻ em tại …. "
        "Đề nghị các gia đình có con trong độ tuổi mang theo sổ tiêm chủng, đưa trẻ đến đúng giờ.",
    ),
    Pattern(
        "meeting",
        Sentence("Meeting"),
        "Họp thôn",
        "Kính mời đại diện các gia đình thôn … đến nhà văn hóa thôn vào … giờ ngày … để họp bàn về …. "
        "Rất mong bà con có mặt đông đủ, đúng giờ.",
    ),
    Pattern(
        "lost",
        Sentence("Lost person or animal"),
        "Tìm người, tìm vật nuôi lạc",
        "Gia đình … ở thôn … có … bị lạc từ … giờ ngày …. Đặc điểm: …. "
        "Ai thấy xin báo cho gia đình theo số điện thoại …, hoặc báo cho trưởng thôn. Gia đình xin cảm ơn.",
    ),
    Pattern(
        "funeral",
        Sentence("Funeral"),
        "Tin buồn",
        "Tin buồn. Đài truyền thanh xã xin báo tin: cụ …, … tuổi, ở thôn …, đã từ trần … giờ "
        "ngày …. Lễ viếng từ … giờ ngày … tại gia đình. Lễ truy điệu … giờ ngày …, an táng tại nghĩa trang …. "
        "Đài truyền thanh xã xin chia buồn cùng gia quyến.",
    ),
    Pattern(
        "market",
        Sentence("Market"),
        "Chợ phiên",
        "Thông báo: chợ phiên xã họp ngày … tại …. Đề nghị bà con buôn bán đúng nơi quy định, giữ vệ sinh, "
        "để xe đúng chỗ.",
    ),
)
