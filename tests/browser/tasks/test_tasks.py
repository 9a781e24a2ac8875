"""Thirty things that people come for, each answered as the law has it, in few clicks, by any hand.

The questions and the right answers were written before (`tests/data/visitor_tasks.csv`, shown in `docs/tasks.md`).
`SPOKEN=1 pytest …` writes anew what a screen reader was told (`docs/spoken.md`).
"""

import csv
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Model
from playwright.sync_api import Browser, Locator, Page, expect

from layers.models import PlaceOfActivity
from tests.browser.conftest import DESKTOP
from tests.browser.tasks import cast
from tests.browser.tasks.hands import Hand, Keyboard, Pointer, Reader
from tests.conftest import forget_reports

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
TASKS = ROOT / "tests/data/visitor_tasks.csv"
SPOKEN = ROOT / "docs/spoken.md"
HANOI = f"/?at=13/{cast.LAT}/{cast.LON}"
ANSWERED_WITHIN_MS = 20_000
OF_HANOI = "province=01&status=active"
DONE: dict[str, Callable[["Visitor"], None]] = {}


@dataclass
class Visitor:
    """Somebody with a task: a hand on a page, the server's address, and a note of what to keep of it."""

    hand: Hand
    server: str
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.hand.page

    def open(self, address: str) -> None:
        self.page.goto(self.server + address)

    def search(self, words: str, option: str | re.Pattern[str]) -> None:
        """Asks the search of the map, once the map is there, and takes a suggestion."""
        self.hand.enter("combobox", "Tìm", words)
        self.hand.press("option", option)

    def check(self, number: str) -> None:
        self.open("/verify")
        self.hand.enter("textbox", re.compile("^Số"), number)
        self.hand.submit()

    def read(self, *words: str | re.Pattern[str], within: Locator | None = None) -> None:
        for one in words:
            self.hand.read(one, within=within)

    def first_is(self, name: str) -> None:
        """The first place that is named, on the map's list or on the page that finds."""
        first = self.page.locator("#panel-list .card-title, .found-place h3").first
        expect(first).to_have_text(f"{name} (minh họa)", timeout=ANSWERED_WITHIN_MS)

    def nobody_says(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        assert not [one for one in words if one.lower() in text.lower()]


def task(done: Callable[[Visitor], None]) -> Callable[[Visitor], None]:
    """Registers how a task is done, under its name in the table."""
    DONE[done.__name__] = done
    return done


@task
def designated(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("kiểm định cân ô tô", "cân ô tô")
    visitor.first_is("Trung tâm Kiểm định Sông Đáy")
    visitor.hand.press("summary", "Chỉ đường – Trung tâm Kiểm định Sông Đáy")
    visitor.read("Chỉ định 8805/QĐ-TĐC")
    expect(visitor.page.locator("#panel-list .card").first.locator("a[href^='geo:']")).to_be_visible()
    visitor.nobody_says("Hồng Hà", "Hồng Vân", "Tây Hồ", "Ba Vì")


@task
def calibration(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("hiệu chuẩn cân ô tô 60 tấn", "cân ô tô")
    visitor.first_is("Phòng Hiệu chuẩn Hồng Hà")
    visitor.read("Công nhận VILAS 8801")


@task
def lead(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("chì trong nước sạch", "nước sạch")
    visitor.first_is("Phòng Thử nghiệm Kim Ngưu")
    visitor.read("Công nhận VILAS 8812")
    visitor.nobody_says("Yên Sở")


@task
def range(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("hiệu chuẩn cân bàn 150 kg", "cân bàn")
    visitor.first_is("Phòng Hiệu chuẩn Long Biên")
    visitor.nobody_says("Cầu Giấy (minh họa)")


@task
def limit(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("chloramphenicol tôm 0,1 µg/kg", "chloramphenicol")
    visitor.first_is("Phòng Thử nghiệm Gia Lâm")
    visitor.nobody_says("Thanh Trì (minh họa)")


@task
def standard(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("TCVN 98765:2026", "TCVN 98765:2026")
    visitor.first_is("Phòng Thử nghiệm Gia Lâm")


@task
def ask_back(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("cân ô tô", "Kiểm định phương tiện đo")
    visitor.first_is("Trung tâm Kiểm định Sông Đáy")
    visitor.nobody_says("Hồng Hà", "Hồng Vân", "Tây Hồ", "Ba Vì")


@task
def two_at_once(visitor: Visitor) -> None:
    visitor.open("/find")
    visitor.hand.enter("searchbox", "Việc cần làm", "sudan I trong tôm; carbendazim trong vải thiều")
    visitor.hand.submit()
    visitor.read("Ít nơi nhất để làm đủ")
    fewest = visitor.page.locator(".fewest")
    expect(fewest.get_by_role("heading", level=3)).to_have_text(
        [re.compile("Gia Lâm|Xương Giang"), re.compile("Gia Lâm|Xương Giang")]
    )


@task
def nobody(visitor: Visitor) -> None:
    visitor.open("/find")
    visitor.hand.enter("searchbox", "Việc cần làm", "kiểm định cân ô tô 900 tấn")
    visitor.hand.submit()
    visitor.read("Chưa thấy nơi nào")
    visitor.nobody_says("không có ai", "không ai")


@task
def past_day(visitor: Visitor) -> None:
    visitor.open(f"/find?lon={cast.LON}&lat={cast.LAT}&competence=kiểm định cân ô tô")
    visitor.hand.press("summary", "Hoạt động, tỉnh, ngày")
    visitor.page.get_by_label("Vào ngày").fill("2026-09-15")
    visitor.hand.press("button", "Tìm")
    visitor.read(re.compile("15/09/2026"))
    visitor.first_is("Trung tâm Kiểm định Tây Hồ")


@task
def comes_to_you(visitor: Visitor) -> None:
    visitor.open("/find")
    visitor.hand.enter("searchbox", "Việc cần làm", "kiểm định cân ô tô")
    visitor.hand.press("button", "Gần tôi nhất")
    visitor.read("Đến tận nơi")
    visitor.first_is("Trung tâm Kiểm định Sông Đáy")


@task
def here_now(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.hand.press("button", "Nơi tôi đang đứng")
    visitor.hand.press("button", "Số Tám Tám")
    record = visitor.page.locator("#record")
    visitor.read("31/05/2027", "31/10/2026", "Trung tâm Kiểm định Sông Đáy", within=record)
    expect(record.locator("a[href^='/report']").first).to_be_visible()


@task
def valid(visitor: Visitor) -> None:
    visitor.check("VILAS 8834")
    visitor.read(re.compile("^Còn hiệu lực$"), "Hiệu lực đến hết ngày 31/12/2028")


@task
def suspended(visitor: Visitor) -> None:
    visitor.check("vilas 8832")
    visitor.read("Đình chỉ hiệu lực từ 05/10/2026")


@task
def withdrawn(visitor: Visitor) -> None:
    visitor.check("VILAS 8833")
    visitor.read("Đã hủy bỏ, thu hồi từ 01/07/2026")


@task
def expired(visitor: Visitor) -> None:
    visitor.check("VILAS-8831")
    visitor.read("Hết hiệu lực từ 01/09/2026", "31/08/2026")


@task
def part_suspended(visitor: Visitor) -> None:
    _for(visitor, "VILAS 8812", "cadimi trong gạo")
    visitor.read("Còn hiệu lực, nhưng không cho “cadimi trong gạo”", re.compile("đình chỉ hiệu lực, từ 15/09/2026"))


@task
def other_item(visitor: Visitor) -> None:
    _for(visitor, "8805/QĐ-TĐC", "taximet")
    visitor.read("Còn hiệu lực, nhưng không cho “taximet”")


def _for(visitor: Visitor, number: str, item: str) -> None:
    visitor.open("/verify")
    visitor.hand.enter("textbox", re.compile("^Số"), number)
    visitor.hand.press("summary", "Ngày khác")
    visitor.hand.enter("textbox", "Dùng cho", item)
    visitor.hand.submit()


@task
def wrong_number(visitor: Visitor) -> None:
    visitor.check("VILAS 88341")
    visitor.read("Chưa thấy số này trong dữ liệu", "Điều đó không có nghĩa là số này sai", "Có phải số này?")
    expect(visitor.page.get_by_role("link", name="VILAS 8834", exact=True)).to_be_visible()
    expect(visitor.page.locator("[data-answer=valid]")).to_have_count(0)
    visitor.nobody_says("giả mạo", "làm giả")


@task
def two_issuers(visitor: Visitor) -> None:
    visitor.check("KĐ-8842/2026")
    visitor.read("Số này có ở nhiều nơi")
    visitor.hand.press("link", "Tổ chức Kiểm định Hai")
    visitor.read(re.compile("^Còn hiệu lực$"), "Hiệu lực đến hết ngày 31/03/2027")


@task
def calibration_certificate(visitor: Visitor) -> None:
    visitor.check("HC-8844/2026")
    visitor.read("luật không đặt thời hạn", "Tổ chức Kiểm định Một (minh họa) cấp ngày 01/03/2026")


@task
def household(visitor: Visitor) -> None:
    visitor.check("TEM-8840")
    visitor.read("Hiệu lực đến hết ngày 30/09/2027", "Cân đồng hồ lò xo", "Tổ chức Kiểm định Một")
    visitor.nobody_says("Kín Đáo", "HKD-8840", "phường", "Hà Nội")


@task
def last_day(visitor: Visitor) -> None:
    visitor.check("TEM-8841")
    visitor.read(re.compile("^Còn hiệu lực$"), "Hiệu lực đến hết ngày 22/11/2026")
    visitor.open("/verify?number=TEM-8841&on=2026-11-23")
    visitor.read("Dữ liệu đến 22/11/2026 chưa có kiểm định còn hiệu lực vào ngày 23/11/2026")


@task
def kept_elsewhere(visitor: Visitor) -> None:
    visitor.check("8934567890123")
    visitor.read("Số này do nơi khác giữ: Trung tâm Mã số, mã vạch quốc gia")


@task
def qr(visitor: Visitor) -> None:
    visitor.open("/verify?number=VILAS%208834&zarsrc=30&utm_source=zalo")
    visitor.read(re.compile("^Còn hiệu lực$"), "Hiệu lực đến hết ngày 31/12/2028")


@task
def three_facts(visitor: Visitor) -> None:
    visitor.open(HANOI)
    visitor.search("Trung tâm Đo lường Ba Căn Cứ", "Ba Căn Cứ")
    visitor.hand.press("link", "Xem đầy đủ")
    visitor.read("8836/QĐ-TĐC", "31/05/2026", "ĐK 8835", "VILAS 8837")
    states = visitor.page.locator(".fact").all_inner_texts()
    by_number = {
        number: text for text in states for number in ("8836/QĐ-TĐC", "ĐK 8835", "VILAS 8837") if number in text
    }
    assert "Hết hiệu lực" in by_number["8836/QĐ-TĐC"]
    assert all("Còn hiệu lực" in by_number[number] for number in ("ĐK 8835", "VILAS 8837"))


@task
def merged_province(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.search("tinh bac giang", "nay thuộc Tỉnh Bắc Ninh")
    visitor.page.wait_for_url(re.compile("at="))
    # The answer may come before the live map does, which then opens there.
    visitor.page.locator("#map[data-complete]").wait_for(state="attached", timeout=60_000)
    seen = visitor.page.evaluate("document.querySelector('#map').map.getBounds().toArray().flat()")
    place = PlaceOfActivity.objects.get(name="Phòng Thử nghiệm Xương Giang (minh họa)").geom
    assert seen[0] < place.x < seen[2] and seen[1] < place.y < seen[3]


@task
def share(visitor: Visitor) -> None:
    address = f"{HANOI}&layers=laboratories&{OF_HANOI}"
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open(address)
    visitor.page.locator("#map[data-complete]").wait_for(state="attached", timeout=60_000)
    visitor.hand.press("button", "Chia sẻ bản đồ này")
    visitor.hand.press("button", "Chép đường dẫn")
    visitor.read("Đã chép đường dẫn của bản đồ này.")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.server + address


@task
def download(visitor: Visitor) -> None:
    visitor.open(f"/list/laboratories?{OF_HANOI}")
    total = visitor.page.locator(".list-count strong").inner_text()
    visitor.hand.press("link", "Tải về")
    with visitor.page.expect_download() as saved:
        visitor.hand.press("link", "CSV", within=visitor.page.locator(".asked"))
    rows = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(list(csv.DictReader(rows))) == int(total.replace(".", ""))


@task
def report(visitor: Visitor) -> None:
    visitor.open("/report")
    visitor.read("Đây là phản ánh, không phải tố cáo", "Để tố cáo, đến nơi tiếp công dân")
    visitor.hand.press("radio", "Phương tiện đo cần được xem lại")
    visitor.hand.choose("combobox", "Lĩnh vực", "Xăng dầu, khí hóa lỏng")
    visitor.hand.enter("textbox", "Nội dung", "Cột bơm số 2 ra ít hơn số hiện trên mặt đồng hồ.")
    visitor.hand.choose("combobox", "Tỉnh, thành phố", "Thành phố Hà Nội")
    visitor.page.wait_for_timeout(3200)  # a form sent sooner was not written by a person
    visitor.hand.press("button", "Gửi phản ánh")
    visitor.read("Đã nhận phản ánh")
    number = visitor.page.locator("#number").inner_text()
    visitor.open("/report/status")
    visitor.hand.enter("textbox", "Số", number)
    visitor.hand.submit()
    visitor.read(number, "Đã tiếp nhận")


MOST_CLICKS = {"designated": 3, "calibration": 3, "lead": 3, "valid": 1, "qr": 0, "share": 2, "download": 2}
BY_KEYBOARD = (
    *("designated", "lead", "ask_back", "two_at_once", "valid", "part_suspended", "wrong_number", "two_issuers"),
    *("three_facts", "share", "download", "report"),
)
BY_EAR = ("designated", "part_suspended", "two_issuers", "report")
# What has to be said by itself, whatever else is.
ANNOUNCED = {"designated": (r"\(\( \d+ phòng thử nghiệm, hiệu chuẩn; gần nhất \d+ m về phía bắc \)\)",)}
STANDING_AT = {"here_now": 1500 / cast.METRES_PER_DEGREE, "comes_to_you": 0.0}


def written() -> list[dict[str, str]]:
    with TASKS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The cast, committed while the tasks of this file are done."""
    saved: list[Model] = []

    def save(row: Model) -> Model:
        row.save(force_insert=row.pk is None)
        saved.append(row)
        return row

    with django_db_blocker.unblock():
        try:
            cast.stage(save)
            yield
        finally:
            forget_reports()
            for row in reversed(saved):
                type(row)._default_manager.filter(pk=row.pk).delete()


@pytest.fixture
def send(browser: Browser, server: str, staged: None, world: date) -> Iterator[Callable[..., Visitor]]:
    """Somebody new, with that hand, for that task; whatever leaves the origin is noted and fails the task."""
    contexts, foreign = [], []

    def sent(kind: type[Hand], name: str) -> Visitor:
        position = {"latitude": cast.LAT + STANDING_AT.get(name, 0), "longitude": cast.LON}
        allowed = ["geolocation"] if name in STANDING_AT else []
        contexts.append(
            context := browser.new_context(
                viewport=DESKTOP,
                reduced_motion="reduce",
                geolocation=position,
                permissions=allowed,  # type: ignore[arg-type]
            )
        )
        page = context.new_page()
        page.on(
            "request", lambda request: request.url.startswith((server, "data:", "blob:")) or foreign.append(request.url)
        )
        return Visitor(kind(page), server)

    yield sent
    for context in contexts:
        context.close()
    assert foreign == []


def test_every_written_task_is_done_here() -> None:
    assert [one["task"] for one in written()] == list(DONE) and len(DONE) == 30
    assert len(BY_KEYBOARD) == 12 and len(BY_EAR) == 4


@pytest.mark.parametrize("name", DONE)
def test_with_a_pointer_the_answer_is_right_and_few_clicks_away(send: Callable[..., Visitor], name: str) -> None:
    visitor = send(Pointer, name)
    DONE[name](visitor)
    print(f"{name}: {visitor.hand.clicks} clicks")
    assert visitor.hand.clicks <= MOST_CLICKS.get(name, 8)


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_with_the_keyboard_alone_it_is_the_same(send: Callable[..., Visitor], name: str) -> None:
    visitor = send(Keyboard, name)
    DONE[name](visitor)
    print(f"{name}: {visitor.hand.keys} keys")
    assert visitor.hand.clicks == 0 < visitor.hand.keys


@pytest.mark.parametrize("name", BY_EAR)
def test_by_what_a_screen_reader_is_told_it_is_the_same(send: Callable[..., Visitor], name: str) -> None:
    visitor = send(Reader, name)
    DONE[name](visitor)
    assert isinstance(visitor.hand, Reader)
    said = visitor.hand.spoken
    if os.environ.get("SPOKEN"):
        _write_down(name, said)
    assert _read_out(said) == _read_out(_written_down(name)), "docs/spoken.md says otherwise"
    assert [words for words in ANNOUNCED.get(name, ()) if not any(re.search(words, line) for line in said)] == []


def _read_out(said: list[str]) -> list[str]:
    """What was come to by reading and focus, whatever number a ticket has; announcements come in their own time."""
    return [re.sub(r"PA-01-26(-\w{4}){2}-\w", "PA-…", line) for line in said if not line.startswith("((")]


def _written_down(name: str) -> list[str]:
    """The lines of the task in the transcript."""
    section = SPOKEN.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")[2].partition("<!-- end -->")[0]
    return [line.removeprefix("    ") for line in section.splitlines() if line.startswith("    ")]


def _write_down(name: str, spoken: list[str]) -> None:
    """Puts what was said under the task's heading in the transcript, in place of what stood there."""
    asked = next(one["asked"] for one in written() if one["task"] == name)
    said = f"## {asked}\n\n" + "\n".join(f"    {line}" for line in spoken) + "\n"
    text = SPOKEN.read_text(encoding="utf-8")
    before, _, after = text.partition(f"<!-- {name} -->\n")
    rest = after.partition("<!-- end -->\n")[2]
    SPOKEN.write_text(f"{before}<!-- {name} -->\n{said}<!-- end -->\n{rest}", encoding="utf-8")
