"""Names and addresses that read as Vietnamese ones do and belong to nobody: each says that it is an example."""

import numpy as np

from layers.demo.land import Commune
from layers.demo.recipe import pick

EXAMPLE = ("Minh Họa", "Minh Họa", "Minh Họa", "Thí Dụ", "Ví Dụ")

_FIRST = (
    *("An", "Bình", "Đại", "Đông", "Đức", "Gia", "Hải", "Hòa", "Hoàng", "Hồng", "Hưng", "Hương", "Khánh", "Kim"),
    *("Lam", "Long", "Mai", "Minh", "Nam", "Ngọc", "Nhật", "Phong", "Phú", "Phúc", "Phương", "Quang", "Sao", "Sơn"),
    *(
        "Tân",
        "Tây",
        "Thái",
        "Thanh",
        "Thiên",
        "Thịnh",
        "Thuận",
        "Tiến",
        "Toàn",
        "Trung",
        "Trường",
        "Vạn",
        "Việt",
        "Xuân",
    ),
)
_SECOND = (
    *("An", "Bảo", "Cường", "Đạt", "Dương", "Giang", "Hà", "Hạnh", "Hoa", "Khang", "Khê", "Lâm", "Lộc", "Lợi"),
    *("Mỹ", "Nguyên", "Nhân", "Phát", "Quế", "Sen", "Tâm", "Thành", "Thảo", "Thủy", "Tín", "Trúc", "Vân", "Vinh"),
)
_LANDSCAPE = (
    *(
        "Sông Hồng",
        "Sông Hương",
        "Sông Thu",
        "Sông Tiền",
        "Sông Lam",
        "Núi Xanh",
        "Đồng Xanh",
        "Biển Xanh",
        "Cánh Đồng",
    ),
    *("Hoa Sen", "Hoa Ban", "Hướng Dương", "Lúa Vàng", "Tre Xanh", "Ngọc Lan", "Hải Âu", "Bồ Câu", "Bình Minh"),
    *("Trường Xuân", "Phù Sa", "Đất Lành", "Mặt Trời", "Ban Mai", "Thảo Nguyên", "Cao Nguyên", "Bến Nước", "Đồi Chè"),
)
_STREETS = (
    *("Nguyễn Trãi", "Lê Lợi", "Trần Hưng Đạo", "Hai Bà Trưng", "Lý Thường Kiệt", "Quang Trung", "Nguyễn Huệ"),
    *("Phan Chu Trinh", "Phan Bội Châu", "Lê Hồng Phong", "Hùng Vương", "Nguyễn Du", "Ngô Quyền", "Lê Duẩn"),
    *("Trường Chinh", "Nguyễn Văn Cừ", "Võ Nguyên Giáp", "Phạm Văn Đồng", "Điện Biên Phủ", "Cách Mạng Tháng Tám"),
    *("Hoàng Hoa Thám", "Bà Triệu", "Nguyễn Thị Minh Khai", "Tôn Đức Thắng", "Lê Thánh Tông", "Chu Văn An"),
    *("Đinh Tiên Hoàng", "Lý Thái Tổ", "Trần Phú", "Nguyễn Công Trứ", "Hoàng Văn Thụ", "Lê Đại Hành"),
)
_VILLAGES = ("thôn Đông", "thôn Đoài", "thôn Trung", "thôn Thượng", "xóm Mới", "xóm Bến", "khu Chợ")
_ROADS = ("tỉnh lộ", "quốc lộ", "đường liên xã số")


def proper_name(rng: np.random.Generator) -> str:
    """A name that marks itself as an example, such as `Minh Họa Sông Hồng`."""
    if rng.random() < 0.3:
        return f"{pick(rng, EXAMPLE)} {pick(rng, _LANDSCAPE)}"
    return f"{pick(rng, EXAMPLE)} {pick(rng, _FIRST)} {pick(rng, _SECOND)}"


def address(rng: np.random.Generator, commune: Commune) -> str:
    """An address in a commune as it is written today."""
    return ", ".join([_spot(rng, commune), _lower(commune.full_name), _lower(commune.province.full_name)])


def legacy_address(rng: np.random.Generator, commune: Commune) -> str:
    """An address as old papers have it, with the province of before July 2025; "" where that is not known."""
    if not commune.legacy_province:
        return ""
    return ", ".join([_spot(rng, commune), commune.name, commune.legacy_province])


def _spot(rng: np.random.Generator, commune: Commune) -> str:
    if commune.is_ward or rng.random() < 0.25:
        return f"Số {rng.integers(1, 400)}, đường {pick(rng, _STREETS)}"
    if rng.random() < 0.4:
        return f"Km {rng.integers(1, 90)}, {pick(rng, _ROADS)} {rng.integers(1, 60)}"
    return f"Số {rng.integers(1, 120)}, {pick(rng, _VILLAGES)}"


def _lower(full_name: str) -> str:
    """`Phường Hà Đông` → `phường Hà Đông`, as within a sentence."""
    return full_name[:1].lower() + full_name[1:]
