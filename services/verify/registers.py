"""Which registers a number may belong to, by its format alone, and how far those have been delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q

from layers.registers.deliveries import Delivery, EvidenceRegister, NumberPattern
from services.verify.evidence import Evidence


@dataclass(frozen=True)
class Delivered:
    """A register that a number may belong to: up to which day those who deliver it have, and whether all of it.

    `up_to` is the earliest of their days, or that of the whole register where it is complete, `latest` the last; None
    where nobody has delivered anything. `complete`: the whole register, of no single issuer, is declared complete. All
    issuers who deliver may have declared their parts, and others deliver nothing.
    """

    register: EvidenceRegister
    up_to: date | None = None
    latest: date | None = None
    issuers: int = 0
    complete: bool = False


@dataclass(frozen=True)
class Formats:
    """All registers with the formats of their numbers."""

    registers: tuple[EvidenceRegister, ...]
    patterns: tuple[NumberPattern, ...]

    def elsewhere(self, key: str) -> EvidenceRegister | None:
        """Who else keeps a number of this format: told by the format alone, whether such a number exists or not.

        None where a register that is kept here has the format too.
        """
        fitting = self._fitting(key)
        return fitting[0] if fitting and not any(register.kept_here for register in fitting) else None

    def possible(self, key: str) -> list[EvidenceRegister]:
        """The registers kept here that a number may belong to: those with its format, and all that have none."""
        fitting = self._fitting(key)
        free = [register for register in self.registers if register.any_number and register not in fitting]
        return [register for register in (*fitting, *free) if register.kept_here]

    def has_format(self, key: str) -> bool:
        """Whether a register kept here has numbers of this format."""
        return any(register.kept_here for register in self._fitting(key))

    def prefixes(self) -> list[str]:
        """What people leave out when they type a number, each once."""
        kept = {register.pk for register in self.registers if register.kept_here}
        return list(dict.fromkeys(one.prefix for one in self.patterns if one.prefix and one.register_id in kept))

    def _fitting(self, key: str) -> list[EvidenceRegister]:
        wanted = {pattern.register_id for pattern in self.patterns if pattern.fits(key)}
        return [register for register in self.registers if register.pk in wanted]


def formats() -> Formats:
    """The registers and formats as they are now: some twenty rows each."""
    registers = EvidenceRegister.objects.using("open").order_by("pk")
    return Formats(tuple(registers), tuple(NumberPattern.objects.using("open").order_by("pk")))


def delivered(registers: Iterable[EvidenceRegister]) -> list[Delivered]:
    """How far each of these registers has been delivered, in their order."""
    registers = list(registers)
    rows = Delivery.objects.using("open").filter(register__in=[register.pk for register in registers])
    whole = Q(authority=None, body=None, complete=True)
    days = rows.values("register_id").annotate(
        up_to=Min("delivered_up_to"),
        latest=Max("delivered_up_to"),
        issuers=Count("pk"),
        whole=Max("delivered_up_to", filter=whole),
    )
    found = {row["register_id"]: row for row in days}
    return [_delivered(register, found.get(register.pk)) for register in registers]


def _delivered(register: EvidenceRegister, row: dict | None) -> Delivered:
    if row is None:
        return Delivered(register)
    whole = row["whole"]
    return Delivered(register, whole or row["up_to"], row["latest"], row["issuers"], whole is not None)


def delivered_by_issuer(evidence: Evidence) -> date | None:
    """Up to which day the issuer of this evidence has delivered its kind; None where that is not on record."""
    issuer = Q(body=evidence.body_id) if evidence.body_id else Q(pk=None)
    if evidence.authority_id:
        issuer = Q(authority=evidence.authority_id)
    rows = Delivery.objects.using("open").filter(issuer, register__kind=evidence.kind)
    return rows.aggregate(day=Max("delivered_up_to"))["day"]
