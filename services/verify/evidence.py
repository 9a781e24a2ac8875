"""What one number may be evidence of, as plain values: the rules know no database."""

import re
from dataclasses import dataclass
from datetime import date

from geodata.language import Both
from layers.competence.reading import Competence
from services.verify.itemwords import Word

QUALIFICATIONS = ("registration", "designation", "accreditation")
PAPERS = ("verification_certificate", "verification_sticker")
WITHOUT_VALIDITY = ("calibration_certificate", "test_report")
# One word of letters, digits and the signs of numbers, a digit among them.
_NUMBER = re.compile(r"(?=\D*\d)[0-9A-Za-zĐđ][0-9A-Za-zĐđ./_-]*", re.ASCII)


@dataclass(frozen=True)
class Line:
    """One line of a scope: what it is about in its own words, and the dates that its state follows from.

    `type_names` are those of its device type, in both languages. Numbers are in `unit`. `activity` is "" where nobody
    has delivered the lines and this one stands for them.
    """

    activity: str
    device_type: str | None
    text: str
    valid_from: date
    valid_until: date | None = None
    suspended_from: date | None = None
    suspended_until: date | None = None
    withdrawn_on: date | None = None
    type_names: str = ""
    unit: str = ""
    range_min: float | None = None
    range_max: float | None = None
    lod: float | None = None
    loq: float | None = None
    cmc: float | None = None


@dataclass(frozen=True)
class Pass:
    """A verification that a device passed. From `repaired_on` to its day the device could not be used."""

    verified_on: date
    valid_until: date | None
    body_id: int
    body: Both
    voided_on: date | None = None
    void_reason: str = ""
    repaired_on: date | None = None
    not_designated: bool = False
    after_repair: bool = False


@dataclass(frozen=True)
class Device:
    """What befell a device, its passes in the order of their days, and the days on which it failed.

    `numbered`: its serial number is on record.
    """

    id: int
    numbered: bool
    no_periodic: bool
    passes: tuple[Pass, ...] = ()
    repaired_on: date | None = None
    taken_out_on: date | None = None
    failed_on: tuple[date, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One record behind a number. What it has not is None or empty. `ref` is the record's id, never told.

    `lines` are those of a qualification, of a report, or of the scope of who calibrated.
    """

    kind: str
    ref: int
    number: str
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    maker: str = ""
    scheme: str = ""
    type_code: str = ""
    type: Both | None = None
    body_id: int | None = None
    body: Both | None = None
    authority_id: int | None = None
    authority: Both | None = None
    published: bool = False
    household: bool = False
    lines: tuple[Line, ...] = ()
    device: Device | None = None
    voided_on: date | None = None
    void_reason: str = ""
    not_designated: bool = False
    suspended_on: date | None = None
    cancelled_on: date | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for what is one thing to the reader: a certificate and the sticker of one verification under one
        number, a device by two of its numbers, the periods of one qualification."""
        if self.kind in QUALIFICATIONS:
            return self.kind, self.body_id, self.authority_id
        return ("verification" if self.kind in PAPERS else self.kind), self.ref


@dataclass(frozen=True)
class Item:
    """What the evidence is asked for. `types` are codes of device types it may mean, `devices` ids by exact number.

    `asked` is what the text means; `is_code`: it is the code of a type, and nothing else.
    """

    text: str
    words: tuple[Word, ...]
    asked: Competence = Competence()
    types: frozenset[str] = frozenset()
    devices: frozenset[int] = frozenset()
    is_code: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the text looks like the number of one device: one word with a digit, and no quantity."""
        return _NUMBER.fullmatch(self.text) is not None and not self.asked.quantities


@dataclass(frozen=True)
class Standing:
    """The legal state of a piece of evidence on a day: its code, since when, and until when it holds.

    `until` is the last day of the line that lasts longest, `first_end` that of the one that ends first where it is
    another day.
    """

    state: str
    since: date | None = None
    until: date | None = None
    reason: str = ""
    first_end: date | None = None

    @property
    def in_force(self) -> bool:
        return self.state in ("active", "reduced")
