"""The public figure: how satisfied people are with the handling of reports; apart, how useful records' pages are."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from geodata.language import both
from geodata.models import AdministrativeUnit
from layers.filters import single_values
from layers.registers.satisfaction import LEAST_VOTES, Row, of_records, of_reports
from layers.scope import read_only
from mapapp.clean_address import clean_address
from mapapp.words import in_numbers

NOWHERE = both("Không rõ tỉnh", "Province not known")


@read_only
@cache_control(max_age=60)
@clean_address
def satisfaction_page(request: HttpRequest) -> HttpResponse:
    """Shares and handling times by month and province; no row stands for fewer than LEAST_VOTES votes."""
    single_values(request.GET, known={"lang"})
    names = _names()
    shown = {"reports": _months(of_reports(), names), "records": _months(of_records(), names), "least": LEAST_VOTES}
    return render(request, "report/satisfaction.html", shown)


def _names() -> dict[int, AdministrativeUnit]:
    units = AdministrativeUnit.objects.using("open").in_force().provinces()
    return {unit.pk: unit for unit in units.only("code", "level", "full_name_vi", "name_en")}


def _months(rows: list[Row], names: dict[int, AdministrativeUnit]) -> list[dict]:
    """The rows in words by runs of months, provinces in the order of their codes, those told together last."""
    return [
        {"title": _months_in_words(*months), "rows": sorted((_row(row, names) for row in group), key=_order)}
        for months, group in groupby(rows, key=lambda row: (row.first, row.last))
    ]


def _row(row: Row, names: dict[int, AdministrativeUnit]) -> dict:
    units = sorted((names[one] for one in row.provinces if one in names), key=lambda unit: unit.code)
    told = [unit.name for unit in units] + [str(NOWHERE)] * (len(units) < len(row.provinces))
    return {
        "codes": [unit.code for unit in units],
        "names": told,
        "votes": row.sums.votes,
        "share": f"{in_numbers(round(100 * row.sums.good / row.sums.votes, 1))} %",
        "handled": row.sums.handled,
        "days": in_numbers(round(row.sums.days / row.sums.handled, 1)) if row.sums.handled else "",
    }


def _order(row: dict) -> tuple[bool, list[str]]:
    return len(row["names"]) > 1, row["codes"]


def _months_in_words(first, last) -> str:  # type: ignore[no-untyped-def]
    """10/2026, or 08/2026 – 10/2026."""
    return f"{first:%m/%Y}" if first == last else f"{first:%m/%Y} – {last:%m/%Y}"
