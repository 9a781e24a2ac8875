"""Questions about what bodies can do: how they are read, and which scope lines answer them."""

import random
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, connections
from django.db.models import Model

from geodata.text import search_key, words
from layers.competence.asking import of_lines, reach, saying
from layers.competence.covering import Able, ranked, smallest_set
from layers.competence.lexicon import WordsInUse, renew_words
from layers.competence.reading import mended, read
from layers.competence.subjects import tidy
from layers.competence.tables import ScopeSubject, SearchWord
from layers.models import ScopeLine


def names(text: str) -> list[str]:
    return [term.name for term in read(text).terms]


@pytest.mark.parametrize(
    ("text", "activities", "terms"),
    [
        ("hiệu chuẩn cân 150 kg", ("calibration",), ["cân"]),
        ("kiem dinh cot bom xang", ("device_verification", "goods_verification"), ["cot bom xang"]),
        ("phân tích nước thải", ("testing", "medical_examination"), ["nước thải"]),
        ("cân phân tích", (), ["cân phân tích"]),
        ("where can I test lead in water", ("testing", "medical_examination"), ["lead", "water"]),
        ("TCVN 6492:2011", (), ["tcvn", "6492", "2011"]),
        ("chứng nhận hợp quy thép", (), ["chứng nhận hợp quy", "thép"]),
    ],
)
def test_a_question_is_parted_into_activity_and_terms(text: str, activities: tuple, terms: list[str]) -> None:
    asked = read(text)
    assert (asked.activities, [term.name for term in asked.terms if not term.weak]) == (activities, terms)


def test_accents_tell_lead_from_thread_and_their_lack_tells_nothing() -> None:
    lead, thread, plain = (read(text).terms[0] for text in ("chì", "chỉ", "chi"))
    assert ("pb",) in {way.said for way in lead.ways} and ("pb",) not in {way.said for way in thread.ways}
    assert ("pb",) in {way.said for way in plain.ways} and plain.ways[0].said == ("chi",) and not plain.ways[0].exact


def test_a_general_term_takes_in_its_kinds_and_not_the_other_way_round() -> None:
    assert ("pb",) in {way.said for way in read("kim loại nặng").terms[0].ways}
    assert ("kim", "loại", "nặng") not in {way.said for way in read("chì").terms[0].ways}


@pytest.mark.parametrize("text", ["", "trong", "ở đâu", "...", "?"])
def test_what_means_nothing_asks_for_nothing(text: str) -> None:
    assert not read(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "kiểm định và hiệu chuẩn cân bàn",
            "đường trong máu",
            "mỡ trong máu",
            "chì 0,1 mg/L trong nước",
            "cân 150 kg",
        ),
        *("thử nghiệm độ ẩm gạo", "TCVN 6492:2011", "áp kế từ 0 đến 25 bar", "lead in water", "150 kg"),
    ],
)
def test_the_text_of_a_question_is_read_as_the_same_question(text: str) -> None:
    asked = read(text)
    again = read(asked.text)
    assert (again.named, again.terms, again.quantities) == (asked.named, asked.terms, asked.quantities)


@pytest.mark.parametrize("text", ["cân b", "taxime", "kiểm định taxi", "chì nướ", "can ban hieu chu"])
def test_a_word_still_being_typed_goes_on_in_the_text_of_the_question(text: str) -> None:
    asked = read(text, typing=True)
    again = read(asked.text)
    assert asked.terms and (again.named, again.terms) == (asked.named, asked.terms)


def test_a_known_word_is_whole_where_the_question_is_repeated() -> None:
    assert read("kiểm định taximet", typing=True).text == "kiểm định taximet"


def test_two_activities_in_one_breath_are_two_questions() -> None:
    first, second = read("kiểm định và hiệu chuẩn cân bàn").by_activity()
    assert first.activities == ("device_verification", "goods_verification") and second.activities == ("calibration",)
    assert first.terms == second.terms


# What the words of a question are also a part of, and what it would be wrong to answer with.
WRONG = {
    "copper in water": ("Đồng hồ", "đồng đều"),
    "đồng trong nước": ("Đồng hồ", "đồng đều"),
    "sắt trong nước": ("đường sắt",),
    "sugar": ("đường sắt", "Đường ống", "Nhựa đường", "đường hóa học"),
    "squid": ("mực nước", "mức xăng"),
    "seafood": ("mực nước",),
    "fertilizer": ("Cân phân tích",),
    "fruit": ("Quả cân",),
    "pepper": ("tiêu cự", "tiêu chuẩn"),
    "tuberculosis": ("lao động",),
    "carbon footprint": ("Hàm lượng cacbon hữu cơ",),
    "Mg trong nước": ("Malachite",),
    "phóng xạ trong nước": ("Chụp ảnh",),
    "giới hạn chảy thép": ("giới hạn dẻo",),
    "cân bàn": ("móc cẩu",),
    "chì nước": ("Mẫu chuẩn", "thành thạo", "chỉ thị"),
}


@pytest.mark.parametrize("text", WRONG)
def test_words_within_other_words_answer_nothing(world: date, text: str) -> None:
    found = ScopeSubject.objects.filter(pk__in=ScopeLine.objects.filter(of_lines(read(text))).values("subject"))
    said = [f"{one.product} – {one.test}" for one in found]
    assert not [line for line in said for wrong in WRONG[text] if wrong in line]


def test_what_is_tested_is_not_answered_with_who_verifies_devices(world: date) -> None:
    for text in ("lead in water", "gạo", "xăng", "thép"):
        activities = set(ScopeLine.objects.filter(of_lines(read(text))).values_list("activity", flat=True))
        assert activities and not activities & {"device_verification", "calibration"}, text
    for text in ("đồng hồ nước", "kiểm định xăng dầu", "máy đo pH", "water meter"):
        assert read(text).terms and not (read(text).is_about_stuff and not read(text).named), text


def test_a_question_about_nothing_is_answered_by_no_line(world: date) -> None:
    assert not ScopeLine.objects.filter(of_lines(read("trong"))).exists()


HOSTILE = (
    "㌖" * 200,
    "㍿" * 200,
    "㎭" * 200,
    "x" * 200,
    "ab " * 66,
    "1.2,3.4 kg",
    "9" * 180 + " kg",
    "'a':A & !b",
    '\\ "',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_crafted_texts_are_read_and_asked_in_time(world: date, text: str) -> None:
    began = time.monotonic()
    for doubting in (False, True):
        asked = read(text, lexicon=WordsInUse("open"), typing=True, doubting=doubting)
        list(saying(asked).using("open")[:1]) if asked.needed else None
    assert time.monotonic() - began < 2


class Known:
    """A lexicon of a few words."""

    WORDS = frozenset(["tcvn", "nuoc", "thai", "nươc", "duc", "thuong", "chloramphenicol", "tom", "hieu", "chuan"])

    def known(self, asked: set[str]) -> set[str]:
        return asked & self.WORDS

    def begun(self, start: str) -> bool:
        return any(word.startswith(start) for word in self.WORDS)

    def like(self, word: str) -> list[str]:
        return ["duc", "nuoc"] if word == "nuc" else []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nuc thai", "nuoc thai"),  # of two words it may be, the one that makes a known term with its neighbour
        ("nuwowcs thair", "nước thải"),
        ("chloramfenicol tom", "chloramphenicol tom"),
        ("hieu chun", "hieu chuan"),
        ("tcvn6492", "tcvn 6492"),
    ],
)
def test_slips_and_keystrokes_are_mended(typed: str, meant: str) -> None:
    assert list(map(search_key, mended(typed.split(), Known()))) == list(map(search_key, meant.split()))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("bee honey", ["bee honey"]),
        ("beef", ["beef"]),
        ("lead in beef", ["lead", "beef"]),
        ("coffee", ["coffee"]),
        ("see food", ["food"]),
        ("beer", ["beer"]),
        ("bee toong", ["bê tông"]),
        ("beer chuwas", ["bể chứa"]),
    ],
)
def test_an_english_word_is_no_keystrokes_unless_they_make_a_known_name(
    world: date, text: str, terms: list[str]
) -> None:
    assert [term.name for term in read(text, lexicon=WordsInUse("open")).terms] == terms


def said(*texts: str) -> list[tuple[str, set[str], set[str]]]:
    """What the database makes of texts: the words with accents and those without."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT said, ARRAY(SELECT lexeme FROM unnest(scope_words(said)) WHERE 'A' = ANY(weights)),"
            " ARRAY(SELECT lexeme FROM unnest(scope_words(said)) WHERE 'B' = ANY(weights)) FROM unnest(%s) AS said",
            [list(texts)],
        )
        return [(text, set(exact), set(bare)) for text, exact, bare in cursor.fetchall()]


def test_the_database_and_python_see_the_same_words(world: date) -> None:
    texts = set(ScopeLine.objects.values_list("product", flat=True)) | set(
        ScopeLine.objects.values_list("test", flat=True)
    )
    texts |= {
        "Hoà tan, THUỶ NGÂN (Hg) 10⁹/L",
        "quý; khoẻ",
        "đ Đ đo",
        "m³/h · µg/kg",
        'O\'Brien & co: "x" \\',
        "",
        "NO₃⁻",
    }
    for text, exact, bare in said(*texts):
        assert exact == set(words(text)), text
        assert bare == {search_key(word) for word in words(text)}, text


def test_verification_of_devices_is_found_under_designations_alone(world: date) -> None:
    lines = ScopeLine.objects.filter(of_lines(read("kiểm định cân ô tô")))
    assert lines.exists()
    kinds = set(lines.filter(activity="device_verification").values_list("qualification__kind", flat=True))
    assert kinds == {"designation"}
    assert ScopeLine.objects.filter(activity="device_verification", qualification__kind="registration").exists()


def test_who_only_makes_samples_or_compares_laboratories_is_found_when_asked_for(world: date) -> None:
    beside = {"proficiency_testing", "reference_material", "device_testing"}
    assert not beside & set(ScopeLine.objects.filter(of_lines(read("chì nước"))).values_list("activity", flat=True))
    made = ScopeLine.objects.filter(of_lines(read("mẫu chuẩn aflatoxin")))
    assert set(made.values_list("activity", flat=True)) == {"reference_material"}


@pytest.fixture
def line(committed: Callable[[Model], Model]) -> Callable[..., ScopeLine]:
    """Commits a scope line of its own; its numbers and words are given."""

    def make(**values: object) -> ScopeLine:
        one = ScopeLine.objects.filter(activity="testing", publish_state="approved_public")[0]
        kept = {
            name: getattr(one, name) for name in ("qualification", "place", "activity", "valid_from", "valid_until")
        }
        row = ScopeLine(
            **kept,
            source_system="test",
            source_id=f"line-{random.random()}",
            publish_state="approved_public",
            published_at="2026-01-01T00:00:00Z",
            **values,
        )
        return committed(row)

    return make


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("xyzol", True),
        ("xyzol 0,5 mg/kg", True),
        ("xyzol 500 µg/kg", True),
        ("xyzol 0,1 mg/kg", True),  # its limit of quantification
        ("xyzol 0,05 mg/kg", False),
        ("xyzol 3 mg/kg", False),
        ("xyzol 0,2 - 2 mg/kg", True),
        ("xyzol 0,2 - 5 mg/kg", False),
        ("xyzol ≤ 2 mg/kg", True),
        ("xyzol từ 0,01 mg/kg", False),
        ("xyzol LOQ 0,1 mg/kg", True),
        ("xyzol LOQ 50 µg/kg", False),
        ("xyzol LOD 0,03 mg/kg", True),
        ("xyzol 0,5 ppm", True),
        ("xyzol 5 kg", False),
        ("hiệu chuẩn xyzol", False),
        ("xyzol nước", False),
    ],
)
def test_a_line_answers_within_its_range_only(line: Callable[..., ScopeLine], text: str, holds: bool) -> None:
    numbers = {"unit": "mg/kg", "range_min": 0.2, "range_max": 2.0, "lod": 0.03, "loq": 0.1}
    row = line(product="Tôm", test="Xyzol", **numbers)
    assert ScopeLine.objects.alias(**reach()).filter(of_lines(read(text)), pk=row.pk).exists() is holds


def test_a_quantity_that_is_part_of_the_name_is_no_demand_on_the_range(line: Callable[..., ScopeLine]) -> None:
    row = line(product="Dầu", test="Xyzol ở 15 °C", unit="kg/m³", range_min=700.0, range_max=900.0)
    asked = of_lines(read("xyzol ở 15 °C"))
    assert ScopeLine.objects.alias(**reach()).filter(asked, pk=row.pk).exists()


def test_a_line_without_numbers_is_never_within_a_range(line: Callable[..., ScopeLine]) -> None:
    row = line(product="Tôm", test="Xyzol")
    lines = ScopeLine.objects.alias(**reach()).filter(pk=row.pk)
    assert lines.filter(of_lines(read("xyzol"))).exists() and not lines.filter(of_lines(read("xyzol 1 mg/kg"))).exists()


def test_a_new_content_is_found_from_its_commit_on(line: Callable[..., ScopeLine]) -> None:
    assert not saying(read("qwertol")).exists()
    row = line(product="Tôm", test="Qwertol")
    assert [one.pk for one in saying(read("qwertol")).using("open")] == [row.subject]


def test_contents_that_stand_twice_or_that_nobody_says_are_tidied_away(line: Callable[..., ScopeLine]) -> None:
    tidy.func()
    row = line(product="Tôm", test="Asdfol")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO scope_subjects SELECT * FROM scope_subjects WHERE id = %s", [row.subject])
        made = (5, row.subject)
        cursor.execute(
            "INSERT INTO scope_subjects SELECT %s, activity, product, test, method, NULL, words FROM scope_subjects"
            " WHERE id = %s LIMIT 1",
            made,
        )
    assert tidy.func() == 2
    assert ScopeSubject.objects.filter(pk=row.subject).count() == 1 and not ScopeSubject.objects.filter(pk=5).exists()


def test_what_was_published_and_is_taken_back_is_gone_at_once(line: Callable[..., ScopeLine]) -> None:
    row = line(product="Tôm", test="Yuiopol")
    assert ScopeSubject.objects.using("open").filter(pk=row.subject).exists()
    ScopeLine.objects.filter(pk=row.pk).update(publish_state="internal")
    assert not ScopeSubject.objects.using("open").filter(pk=row.subject).exists()
    ScopeLine.objects.filter(pk=row.pk).update(publish_state="approved_public")
    assert ScopeSubject.objects.using("open").filter(pk=row.subject).exists()


def test_a_subject_that_is_missing_comes_back(line: Callable[..., ScopeLine]) -> None:
    row = line(product="Tôm", test="Lkjhol")
    ScopeSubject.objects.filter(pk=row.subject).delete()
    assert tidy.func() >= 1 and ScopeSubject.objects.filter(pk=row.subject).count() == 1


def test_what_is_not_published_is_in_no_table_that_searching_reads(line: Callable[..., ScopeLine]) -> None:
    row = line(product="Tôm", test="Zxcvol")
    ScopeLine.objects.filter(pk=row.pk).update(publish_state="internal", test="Poiuol")
    assert not saying(read("poiuol")).exists()
    renew_words.func()
    assert not SearchWord.objects.filter(word="poiuol").exists()


def test_words_one_slip_away_are_found_by_their_key(world: date) -> None:
    """Hundreds of words are compared: by the trigram index that took more than a second."""
    asked: list[tuple] = []

    def heard(execute: Callable, sql: str, values: tuple, many: bool, context: dict) -> object:
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with connections["open"].execute_wrapper(heard):
        assert WordsInUse("open").like("veirfication") == []
    assert len(asked) == 2  # words one letter away, then those that are alike
    plans = []
    with connections["open"].cursor() as cursor:
        for sql, values in asked:
            cursor.execute(f"SET enable_seqscan = off; EXPLAIN {sql}", values)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        cursor.execute("RESET enable_seqscan")
    assert "search_words_pkey" in plans[0] and "search_words_like" not in plans[0]
    assert "search_words_like" in plans[1]


def test_the_lexicon_follows_the_names(world: date) -> None:
    lexicon = WordsInUse("open")
    assert lexicon.known({"nuoc", "chì", "qqqq"}) == {"nuoc", "chì"}
    assert lexicon.begun("chloramph") and not lexicon.begun("qqq")
    assert "chloramphenicol" in lexicon.like("chlorampenicol")


def test_the_spatial_and_word_indexes_answer_a_question(world: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM scope_subjects WHERE words @@ '''chì'':A & ''nước'':A'::tsquery")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "scope_subjects_words" in plan


def test_those_who_do_most_come_first_then_few_who_come_then_the_nearer() -> None:
    far, near, comes, most = Able(1, 0b1, 900.0), Able(2, 0b1, 5.0), Able(3, 0b1, 500.0, True), Able(4, 0b11, 9000.0)
    assert [one.place for one in ranked([far, near, comes, most])] == [4, 3, 2, 1]
    others = [Able(place, 0b1, 600.0 + place, True) for place in range(5, 9)]
    assert [one.place for one in ranked([far, near, comes, *others])] == [3, 5, 6, 2, 7, 8, 1]


def brute(places: list[Able], tasks: int) -> int:
    """The size of the smallest set by trying all sets of places."""
    possible = 0
    for one in places:
        possible |= one.tasks & tasks
    best = len(places) + 1
    for chosen in range(1 << len(places)):
        done = 0
        for bit, one in enumerate(places):
            done |= one.tasks if chosen >> bit & 1 else 0
        if done & possible == possible:
            best = min(best, chosen.bit_count())
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_smallest_set_is_as_small_as_any(seed: int) -> None:
    chance = random.Random(seed)
    tasks = (1 << chance.randint(1, 6)) - 1
    places = [Able(place, chance.randint(0, tasks), chance.uniform(1, 9)) for place in range(chance.randint(0, 9))]
    found = smallest_set(places, tasks)
    done = 0
    for one in found:
        done |= one.tasks
    assert all(one.tasks & tasks & ~done == 0 for one in places)
    assert len(found) == (brute(places, tasks) if any(one.tasks & tasks for one in places) else 0)


def test_the_smallest_set_takes_the_nearer_of_equals() -> None:
    places = [Able(1, 0b1, 50.0), Able(2, 0b1, 5.0), Able(3, 0b10, 9.0)]
    assert {one.place for one in smallest_set(places, 0b11)} == {2, 3}
