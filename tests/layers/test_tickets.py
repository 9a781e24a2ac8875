"""Reports: numbers that nobody guesses and everybody can type, rows that cannot be wrong, votes that count once."""

import os
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from layers.errors import BadParameter, Conflict, FeatureError, TooManyAttempts
from layers.models import Attempt, Photo, Ticket, Vote
from layers.network_address import network_of
from layers.registers import attempts, telling
from layers.registers.attempts import count_attempt, count_once, forget_attempts, hashed, was_counted
from layers.registers.handling import handle
from layers.registers.photo_files import left_over, path_of
from layers.registers.retention import forget_due
from layers.registers.satisfaction import Cell, Sums, merged, of_records, of_reports
from layers.registers.telling import tell
from layers.registers.ticket_number import ALPHABET, new_number, read_number
from layers.registers.ticket_status import ticket_status
from layers.registers.voting import vote_on_record, vote_on_ticket
from tests.reports import CONTACT, SECRET_WORDS, a_report, handled, kept_picture, province

SEED = 20_261_129


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(FeatureError) as caught:
        read()
    return caught.value.code


# Numbers


def test_a_number_says_province_and_year_and_is_read_back_as_it_is():
    number = new_number("01", 2026)
    assert number.startswith("PA-01-26-") and len(number) == 20
    assert read_number(number) == number


def test_numbers_are_drawn_from_all_that_there_are():
    numbers = [new_number("48", 2026) for _ in range(4000)]
    assert len(set(numbers)) == 4000
    drawn = Counter("".join(number[9:18].replace("-", "") for number in numbers))
    assert set(drawn) == set(ALPHABET)
    assert max(drawn.values()) < 1.3 * min(drawn.values())


def test_however_it_is_typed_it_is_the_same_number():
    dice = random.Random(SEED)
    for _ in range(500):
        number = new_number(f"{dice.randrange(100):02d}", 2000 + dice.randrange(100))
        typed = number.replace("0", dice.choice("0Oo")).replace("1", dice.choice("1IiLl"))
        typed = typed.replace("-", dice.choice(["", "-", " ", " - ", "–", "."]))
        typed = dice.choice([typed, typed.lower(), typed.title(), f"  {typed} "])
        without = typed.strip()[2:] if dice.random() < 0.3 else typed
        assert read_number(without) == number, typed


def test_every_single_wrong_character_and_every_exchange_is_noticed():
    body = new_number("79", 2026).replace("-", "")[2:]
    for at, letter in enumerate(body):
        for other in set(ALPHABET if at >= 4 else ALPHABET[:10]) - {letter}:
            wrong = body[:at] + other + body[at + 1 :]
            assert refused(lambda typed=wrong: read_number(typed)) == "number.check"
    for one in range(4, 13):
        for two in range(one):
            letters = list(body)
            letters[one], letters[two] = letters[two], letters[one]
            swapped = "".join(letters)
            if swapped != body:
                assert refused(lambda typed=swapped: read_number(typed)) in ("number.check", "number.form")


NO_NUMBERS = (
    *("", " ", "PA", "PA-01-26-7K3Q-9M2X", "XX-01-26-7K3Q-9M2X-K", "PA-AB-26-7K3Q-9M2X-K", "PA-01-26-UUUU-UUUU-U"),
    *("7" * 100_000, "PA-０１-26-7K3Q-9M2X-K", "PA-01-26-7K3Q-9M2X-K'; DROP TABLE", "ĐÀNẴNG", "\x00" * 13, "🐟" * 13),
)


@pytest.mark.parametrize("typed", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_what_is_no_number_is_refused_and_says_how_one_looks(typed: str):
    with pytest.raises(BadParameter) as caught:
        read_number(typed)
    assert (caught.value.code, caught.value.parameter) == ("number.form", "number")
    assert read_number(re.search(r"PA-[0-9A-Z-]+", caught.value.message.vi)[0]) == "PA-01-26-7K3Q-9M2X-K"


def test_any_text_is_a_number_or_a_refusal():
    dice = random.Random(SEED)
    for _ in range(2000):
        text = "".join(
            chr(dice.choice([dice.randrange(32, 127), dice.randrange(0xD7FF)])) for _ in range(dice.randrange(25))
        )
        try:
            assert read_number(read_number(text)) == read_number(text)
        except BadParameter as error:
            assert error.code in ("number.form", "number.check")


# Rows


def test_a_report_is_stored_with_its_province_s_code(reports: None):
    ticket = tell(a_report(province=province("48"), position=(108.2, 16.05)))
    ticket.refresh_from_db()
    assert ticket.number.startswith("PA-48-")
    assert (ticket.state, ticket.text, ticket.contact) == ("received", SECRET_WORDS, CONTACT)
    assert ticket.position.coords == (108.2, 16.05)
    assert abs(ticket.received_at - timezone.now()) < timedelta(minutes=1)


def test_the_same_form_sent_again_is_the_same_report(reports: None):
    report = a_report()
    assert tell(report).pk == tell(report).pk
    assert Ticket.objects.count() == 1


def test_the_same_form_with_other_words_is_told_so(reports: None):
    report = a_report()
    ticket = tell(report)
    with pytest.raises(Conflict) as caught:
        tell(replace(report, digest="e", text="Khác"))
    assert caught.value.code == "report.sent" and ticket.number in caught.value.message.vi
    assert Ticket.objects.get().text == SECRET_WORDS


def test_a_form_sent_many_times_at_once_is_one_report_with_its_photos_once(reports: None):
    report = a_report()
    numbers = at_once(8, lambda: tell(report, (kept_picture(), kept_picture())).number)
    assert len(set(numbers)) == 1 and Ticket.objects.count() == 1
    assert Photo.objects.count() == 2
    assert all(path_of(name).is_file() for name in Photo.objects.values_list("name", flat=True))
    assert len(files()) == 2


def test_a_number_that_is_taken_is_drawn_again(reports: None, monkeypatch: pytest.MonkeyPatch):
    first = tell(a_report())
    fresh = new_number("01", 2026)
    draws = iter([first.number, first.number, fresh])
    monkeypatch.setattr(telling, "new_number", lambda code, year: next(draws))
    assert tell(a_report()).number == fresh


def test_files_go_again_when_the_report_cannot_be_stored(reports: None):
    with pytest.raises(DatabaseError):
        tell(a_report(kind="no such kind"), (kept_picture(),))
    assert files() == []


def test_a_disk_that_cannot_be_written_is_said_and_leaves_nothing(
    reports: None, monkeypatch: pytest.MonkeyPatch, settings
):
    monkeypatch.setattr("layers.registers.photo_files._write", no_space)
    assert refused(lambda: tell(a_report(), (kept_picture(),))) == "photos.not_stored"
    assert Ticket.objects.count() == 0


def no_space(*args: object) -> None:
    raise OSError(28, "No space left on device")


def test_nobody_else_on_the_machine_reads_a_photo(reports: None):
    tell(a_report(), (kept_picture(),))
    (file,) = files()
    assert file.stat().st_mode & 0o077 == 0 and file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "PA-1"},
        {"number": "PA-01-26-UUUU-UUUU-U"},
        {"kind": "x"},
        {"topic": "x"},
        {"state": "x"},
        {"text": ""},
        {"text": "  \n"},
        {"layer": "laboratories"},
        {"record": 5},
        {"state": "handled"},
        {"state": "handled", "answer": "Xong"},
        {"closed_at": timezone.now()},
        {"state": "handled", "closed_at": timezone.now()},
        {"state": "handled", "answer": "Xong", "closed_at": timezone.now() - timedelta(days=99)},
        {"forgotten_on": date(2026, 1, 1)},
        {"province_id": None},
    ],
    ids=str,
)
def test_the_database_refuses_what_makes_no_sense(reports: None, changes: dict):
    ticket = tell(a_report())
    with pytest.raises(IntegrityError):
        Ticket.objects.filter(pk=ticket.pk).update(**changes)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.jpg", "0" * 32 + ".php", ""])
def test_a_photo_s_name_can_be_no_path(reports: None, name: str):
    with pytest.raises(IntegrityError):
        Photo.objects.create(ticket=tell(a_report()), name=name, width=1, height=1, size=1)


@pytest.mark.parametrize("table", ["layers_ticket", "layers_photo", "layers_vote", "layers_attempt"])
def test_anonymous_reading_sees_neither_reports_nor_votes(reports: None, table: str):
    with pytest.raises(DatabaseError, match="permission denied"), connections["open"].cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table}")


# Handling and status


def test_status_tells_state_days_and_answer_and_nothing_more(reports: None):
    ticket = tell(a_report(asked_number="TEM-77", position=(105.85, 21.03)))
    handle(ticket, "in_progress", "Chưa công bố")
    told = ticket_status(ticket.number)
    assert (told.state, told.answer, told.may_vote) == ("in_progress", "", False)
    assert told.started_on == told.received_on == timezone.localdate()
    handle(ticket, "handled", " Đã xem lại. ")
    told = ticket_status(ticket.number)
    assert (told.answer, told.closed_on, told.may_vote) == ("Đã xem lại.", timezone.localdate(), True)
    assert set(asdict(told)) == {"number", "state", "received_on", "started_on", "closed_on", "answer", "voted"}
    assert not [secret for secret in (SECRET_WORDS, CONTACT, "TEM-77", "105.85") if secret in repr(told)]


def test_a_number_that_nobody_has_is_not_found(reports: None):
    assert refused(lambda: ticket_status(new_number("01", 2026))) == "ticket.unknown"


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (["handled"], "received"),
        (["handled"], "in_progress"),
        (["handled"], "rejected"),
        (["rejected"], "handled"),
        (["in_progress"], "received"),
        ([], "closed"),
    ],
)
def test_a_report_goes_no_other_way(reports: None, steps: list[str], wrong: str):
    ticket = tell(a_report())
    for state in steps:
        handle(ticket, state, "Xong")
    with pytest.raises((ValueError, KeyError)):
        handle(ticket, wrong, "Xong")


def test_it_is_not_closed_without_an_answer(reports: None):
    ticket = tell(a_report())
    with pytest.raises(ValueError, match="answer"):
        handle(ticket, "handled", "  ")


def test_an_answer_can_be_corrected_and_its_day_stays(reports: None):
    ticket = handled()
    handle(ticket, "handled", "Rõ hơn.")
    assert ticket_status(ticket.number).answer == "Rõ hơn."
    assert Ticket.objects.get().closed_at == ticket.closed_at


# Votes


def test_a_handled_report_has_one_vote(reports: None):
    ticket = handled()
    vote_on_ticket(ticket.number, 5, "Nhanh")
    assert ticket_status(ticket.number).voted
    assert refused(lambda: vote_on_ticket(ticket.number, 1)) == "vote.given"
    assert list(Vote.objects.values_list("score", "comment", "province__code")) == [(5, "Nhanh", "01")]


def test_of_many_votes_at_once_one_counts(reports: None):
    ticket = handled()

    def vote() -> str:
        try:
            vote_on_ticket(ticket.number, 4)
        except Conflict as error:
            return error.code
        return "counted"

    assert Counter(at_once(8, vote)) == {"counted": 1, "vote.given": 7}
    assert Vote.objects.count() == 1


@pytest.mark.parametrize("state", ["received", "in_progress", "rejected"])
def test_what_is_not_handled_has_no_vote(reports: None, state: str):
    ticket = tell(a_report())
    handle(ticket, state, "Không thuộc thẩm quyền.")
    assert refused(lambda: vote_on_ticket(ticket.number, 5)) == "vote.not_handled"


@pytest.mark.parametrize("score", [0, 6, -1, 10**9])
def test_a_vote_is_from_one_to_five(reports: None, score: int):
    ticket = handled()
    assert refused(lambda: vote_on_ticket(ticket.number, score)) == "vote.not_handled"
    with pytest.raises(DatabaseError):
        Vote.objects.create(ticket=ticket, score=score, province_id=ticket.province_id)


def test_a_vote_is_about_one_thing_only(reports: None):
    ticket = handled()
    whole = {"ticket": ticket, "score": 5, "province_id": ticket.province_id}
    page_of = {"layer": "laboratories", "record": 1, "useful": True}
    for wrong in (
        {**whole, **page_of},
        {},
        {**page_of, "score": 3},
        {**page_of, "layer": ""},
        {**whole, "useful": True},
    ):
        with pytest.raises(IntegrityError):
            Vote.objects.create(**wrong)


# The public figure


def test_satisfaction_and_usefulness_are_never_counted_together(reports: None):
    for score in (5, 4, 3, 5, 5):
        vote_on_ticket(handled().number, score)
    for _ in range(6):
        vote_on_record("laboratories", 1, useful=False, province=province().pk)
    (of_reports_row,), (of_records_row,) = of_reports(), of_records()
    assert (of_reports_row.sums.votes, of_reports_row.sums.good, of_reports_row.sums.handled) == (5, 4, 5)
    assert (of_records_row.sums.votes, of_records_row.sums.good, of_records_row.sums.handled) == (6, 0, 0)
    assert of_reports_row.first == timezone.localdate().replace(day=1)


def test_handling_time_is_from_receipt_to_the_end(reports: None):
    for days in (1, 2, 3, 4, 10):
        ticket = handled()
        Ticket.objects.filter(pk=ticket.pk).update(received_at=ticket.closed_at - timedelta(days=days))
        vote_on_ticket(ticket.number, 5)
    (row,) = of_reports()
    assert row.sums.days == pytest.approx(20)


def test_under_five_votes_nothing_is_told(reports: None):
    for _ in range(4):
        vote_on_ticket(handled().number, 5)
    assert of_reports() == []


def test_what_was_handled_long_ago_is_told_no_more(reports: None):
    long_ago = timezone.now() - timedelta(days=400)
    for _ in range(5):
        vote_on_ticket(handled().number, 5)
    Ticket.objects.update(received_at=long_ago, closed_at=long_ago)
    assert of_reports() == []


def test_merged_rows_hold_every_cell_once_and_none_stands_for_fewer_than_five():
    dice = random.Random(SEED)
    for _ in range(500):
        cells = some_cells(dice)
        rows = merged(cells)
        total = sum((cell.sums for cell in cells), Sums())
        if total.votes < 5:
            assert rows == []
            continue
        assert sum((row.sums for row in rows), Sums()) == total
        assert min(row.sums.votes for row in rows) >= 5
        for cell in cells:
            holding = [row for row in rows if row.first <= cell.month <= row.last and cell.province in row.provinces]
            assert len(holding) == 1, cell


def test_a_cell_that_is_large_enough_stands_alone():
    cells = [
        Cell(date(2026, 10, 1), 1, Sums(9, 9)),
        Cell(date(2026, 10, 1), 2, Sums(3, 1)),
        Cell(date(2026, 10, 1), 3, Sums(2, 2)),
    ]
    assert [(row.provinces, row.sums.votes) for row in merged(cells)] == [((1,), 9), ((3, 2), 5)]


def test_one_thin_cell_hides_behind_another_so_that_no_difference_tells_it():
    cells = [Cell(date(2026, 10, 1), one, Sums(votes, votes)) for one, votes in ((1, 9), (2, 6), (3, 1))]
    assert [(row.provinces, row.sums.votes) for row in merged(cells)] == [((1,), 9), ((3, 2), 7)]


def some_cells(dice: random.Random) -> list[Cell]:
    chosen = {(dice.randrange(1, 13), dice.choice([None, *range(6)])) for _ in range(dice.randrange(25))}
    most = dice.choice([1, 4, 20])
    return [
        Cell(date(2026, month, 1), one, Sums(votes := dice.randrange(most + 1), votes // 2, votes + 1))
        for month, one in chosen
    ]


# Limits


def test_the_limit_of_a_day_is_exact(reports: None):
    for _ in range(3):
        count_attempt("report", "203.0.113.9", most=3)
    with pytest.raises(TooManyAttempts) as caught:
        count_attempt("report", "203.0.113.9", most=3)
    assert caught.value.status == 429 and 0 < caught.value.retry_after_s <= 86_400
    count_attempt("report", "203.0.113.10", most=3)
    count_attempt("vote", "203.0.113.9", most=3)


def test_attempts_at_once_are_all_counted(reports: None):
    at_once(8, lambda: count_attempt("report", "203.0.113.9", most=100))
    assert list(Attempt.objects.values_list("count", flat=True)) == [8, 8]


def test_one_household_is_one_caller_whatever_addresses_it_takes():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("203.0.113.9") == network_of("::ffff:203.0.113.9") != network_of("203.0.113.10")
    assert network_of("no address") == "no address"


def test_one_site_may_do_as_much_as_some_households(reports: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attempts, "SITE_SHARE", 2)
    for home in range(4):
        count_attempt("report", f"2001:db8:1:{home}::1", most=2)
    assert refused(lambda: count_attempt("report", "2001:db8:1:9::1", most=2)) == "attempts.too_many"
    count_attempt("report", "2001:db8:2::1", most=2)


def test_all_together_have_a_limit_which_one_caller_cannot_use_up(reports: None, settings):
    settings.SENT_IN_ALL = 3
    count_attempt("report", "203.0.113.1", most=1)
    for _ in range(9):
        assert refused(lambda: count_attempt("report", "203.0.113.1", most=1)) == "attempts.too_many"
    count_attempt("report", "203.0.113.2", most=1)
    count_attempt("report", "203.0.113.3", most=1)
    assert refused(lambda: count_attempt("report", "203.0.113.4", most=1)) == "attempts.closed"


def test_what_counts_once_a_day_counts_once_from_one_network(reports: None):
    assert not was_counted("useful x/1", "2001:db8::1")
    assert count_once("useful x/1", "2001:db8::1") and not count_once("useful x/1", "2001:db8::2")
    assert was_counted("useful x/1", "2001:db8::3") and not was_counted("useful x/2", "2001:db8::3")


def test_an_address_is_another_one_on_another_day(settings):
    day = date(2026, 11, 29)
    assert hashed("203.0.113.9", day) != hashed("203.0.113.9", day + timedelta(days=1))
    before = hashed("203.0.113.9", day)
    settings.SECRET_KEY = "another"
    assert hashed("203.0.113.9", day) != before


def test_no_address_is_stored_and_yesterday_is_forgotten(reports: None):
    count_attempt("report", "203.0.113.9", most=3)
    assert "203.0.113" not in str(list(Attempt.objects.values_list()))
    assert forget_attempts(timezone.localdate()) == 0
    assert forget_attempts(timezone.localdate() + timedelta(days=1)) == 2


# Letting go


def test_persons_are_forgotten_when_a_report_was_closed_long_enough(reports: None, settings):
    old, young, open_one = handled(), handled(), tell(a_report(), (kept_picture(),))
    tell_photo_of(old)
    vote_on_ticket(old.number, 2, "Gọi lại số 0900 000 000")
    move(old, days=settings.REPORT_KEEP_DAYS + 2)
    move(young, days=settings.REPORT_KEEP_DAYS - 2)
    assert forget_due(timezone.localdate()) == 1
    assert forget_due(timezone.localdate()) == 0
    old.refresh_from_db()
    assert (old.text, old.contact, old.position, old.photos.count()) == ("", "", None, 0)
    assert Vote.objects.get().comment == "" and ticket_status(old.number).answer
    assert Ticket.objects.get(pk=young.pk).contact == Ticket.objects.get(pk=open_one.pk).contact == CONTACT
    assert len(files()) == 1


def test_files_of_nobody_go_after_a_day(reports: None):
    tell(a_report(), (kept_picture(),))
    known = set(Photo.objects.values_list("name", flat=True))
    orphan = path_of("ab" * 16 + ".jpg")
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    assert left_over(known) == []
    os.utime(orphan, (1, 1))
    assert left_over(known) == [orphan.name]
    forget_due(timezone.localdate())
    assert not orphan.exists() and len(files()) == 1


def test_queue_status_and_figure_are_served_by_indexes(reports: None):
    tell(a_report())
    queue = Ticket.objects.filter(province=province(), state="received").order_by("received_at")
    with transaction.atomic(), connection.cursor() as cursor:
        # A table of one row is read and put in order as cheaply by any index.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        assert "ticket_queue" in queue.explain()
        assert "layers_ticket_number" in Ticket.objects.filter(number="x").explain()
        assert "ticket_closed" in Ticket.objects.filter(closed_at__gte=timezone.now()).explain()


def tell_photo_of(ticket: Ticket) -> None:
    name = "cd" * 16 + ".jpg"
    path_of(name).parent.mkdir(parents=True, exist_ok=True)
    path_of(name).write_bytes(b"x")
    Photo.objects.create(ticket=ticket, name=name, width=1, height=1, size=1)


def move(ticket: Ticket, *, days: int) -> None:
    moment = timezone.now() - timedelta(days=days)
    Ticket.objects.filter(pk=ticket.pk).update(received_at=moment, closed_at=moment)


def files() -> list:
    return sorted(django_settings.UPLOADS.glob("??/*"))


def at_once(times: int, work: Callable[[], object]) -> list:
    """What `work` gave in so many threads that begin together, each with a connection of its own."""
    told, start = [], threading.Barrier(times)

    def run() -> None:
        start.wait()
        try:
            told.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == times
    return told
