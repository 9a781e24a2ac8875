"""The units themselves, from the reference tables: names, kinds, dates, keys. Boundaries come from elsewhere."""

from datetime import date
from pathlib import Path
from typing import Any

from geodata import keys, reference_tables
from geodata.archipelagos import ARCHIPELAGOS
from geodata.models import AdministrativeUnit, Kind, KindChange, Level, UnitChange
from geodata.text import search_key, without_accents

REFORM = date(2025, 7, 1)
"""63 provinces became 34 and the districts ended; all units in force date from this day."""
BEFORE_REFORM = date(1900, 1, 1)
"""Start of the abolished units: their true dates differ and nothing here depends on them."""
HUE_BECAME_CITY = date(2025, 1, 1)
DONG_NAI_BECAME_CITY = date(2026, 4, 30)

KIND_WORDS = {
    "xã": Kind.COMMUNE,
    "phường": Kind.WARD,
    "đặc khu": Kind.SPECIAL_ZONE,
    "thị trấn": Kind.TOWNSHIP,
    "huyện": Kind.RURAL_DISTRICT,
    "quận": Kind.URBAN_DISTRICT,
    "thị xã": Kind.TOWN,
    "thành phố": Kind.PROVINCIAL_CITY,
}

ALIASES = {
    "province:79": "TP.HCM TPHCM TP HCM HCMC Sài Gòn Saigon Thành phố Hồ Chí Minh",
    "legacy:79": "TP.HCM TPHCM TP HCM HCMC Sài Gòn Saigon Thành phố Hồ Chí Minh",
    "province:46": "Thừa Thiên Huế Thừa Thiên - Huế",
    "legacy:46": "Thừa Thiên Huế Thừa Thiên - Huế",
    "legacy:77": "BR-VT BRVT Bà Rịa Vũng Tàu",
    "province:01": "Hanoi TP.HN",
    "province:31": "Haiphong",
    "province:48": "Danang",
    "commune:31105": "Thổ Chu",
    # What the map itself writes over the archipelagos has to be found.
    **{f"commune:{one.commune_code}": f"{one.label.vi} | {one.label.en}" for one in ARCHIPELAGOS},
}

ENGLISH_KINDS = {
    Kind.MUNICIPALITY: "City",
    Kind.PROVINCE: "Province",
    Kind.COMMUNE: "Commune",
    Kind.WARD: "Ward",
    Kind.SPECIAL_ZONE: "Special Zone",
    Kind.TOWNSHIP: "Township",
    Kind.RURAL_DISTRICT: "District",
    Kind.URBAN_DISTRICT: "District",
    Kind.TOWN: "Town",
    Kind.PROVINCIAL_CITY: "City",
}
ENGLISH_NAMES = {"79": "Ho Chi Minh City", "01": "Hanoi", "31": "Hai Phong"}


def province_units() -> list[AdministrativeUnit]:
    """The 34 provinces in force, without geometry, in the order of their codes."""
    return [_province(row) for row in reference_tables.provinces().itertuples()]


def _province(row: Any) -> AdministrativeUnit:
    short = row.name_vi.removeprefix("Thành phố ").removeprefix("Tỉnh ")
    return _unit(
        keys.PROVINCE,
        row.code,
        level=Level.PROVINCE,
        kind=Kind(row.kind),
        name_vi=short,
        full_name_vi=row.name_vi,
        name_en=ENGLISH_NAMES.get(row.code, without_accents(short)),
        region=row.region,
        area_km2=_number(row.area_km2),
        population=_whole(row.population),
        valid_from=REFORM,
    )


def commune_units() -> list[AdministrativeUnit]:
    """The 3,321 communes, wards and special zones in force, without geometry, in the order of their codes."""
    regions = reference_tables.provinces().set_index("code").region
    return [_commune(row, regions[row.province_code]) for row in reference_tables.communes().itertuples()]


def _commune(row: Any, region: str) -> AdministrativeUnit:
    kind = KIND_WORDS[row.kind_2026]
    return _unit(
        keys.COMMUNE,
        row.code,
        level=Level.COMMUNE,
        kind=kind,
        name_vi=row.name_vi,
        full_name_vi=f"{row.kind_2026.capitalize()} {row.name_vi}",
        name_en=without_accents(row.name_vi),
        parent_id=keys.unit_id(keys.unit_key(keys.PROVINCE, row.province_code)),
        region=region,
        area_km2=_number(row.area_km2),
        population=_whole(row.population),
        valid_from=REFORM,
    )


def kind_changes() -> list[KindChange]:
    """Units that became another kind: Huế in 2025, Đồng Nai with ten of its communes in 2026."""
    communes = reference_tables.communes()
    changed = communes[communes.kind != communes.kind_2026]
    wards = [
        _kind_change(keys.COMMUNE, row.code, KIND_WORDS[row.kind], KIND_WORDS[row.kind_2026])
        for row in changed.itertuples()
    ]
    cities = [
        _kind_change(keys.PROVINCE, "75", Kind.PROVINCE, Kind.MUNICIPALITY),
        _kind_change(keys.LEGACY_PROVINCE, "46", Kind.PROVINCE, Kind.MUNICIPALITY, changed_on=HUE_BECAME_CITY),
    ]
    return cities + wards


def _kind_change(
    family: str, code: str, old: Kind, new: Kind, *, changed_on: date = DONG_NAI_BECAME_CITY
) -> KindChange:
    unit_id = keys.unit_id(keys.unit_key(family, code))
    return KindChange(unit_id=unit_id, old_kind=old, new_kind=new, changed_on=changed_on)


def legacy_province_units() -> list[AdministrativeUnit]:
    """The 63 provinces abolished or changed on 1 July 2025, without geometry, in the order of their old codes."""
    return [_legacy_province(row) for row in reference_tables.crosswalk().itertuples()]


def _legacy_province(row: Any) -> AdministrativeUnit:
    kind = Kind(row.old_kind)
    return _unit(
        keys.LEGACY_PROVINCE,
        row.old_code,
        level=Level.PROVINCE,
        kind=kind,
        name_vi=row.old_name_vi,
        full_name_vi=f"{'Thành phố' if kind == Kind.MUNICIPALITY else 'Tỉnh'} {row.old_name_vi}",
        name_en=ENGLISH_NAMES.get(row.old_code, without_accents(row.old_name_vi)),
        valid_from=BEFORE_REFORM,
        valid_to=REFORM,
    )


def province_changes() -> list[UnitChange]:
    """The crosswalk 63 → 34: each former province went whole to one province."""
    return [
        UnitChange(
            old_id=keys.unit_id(keys.unit_key(keys.LEGACY_PROVINCE, row.old_code)),
            new_id=keys.unit_id(keys.unit_key(keys.PROVINCE, row.new_code)),
            coverage=UnitChange.Coverage.FULL,
            changed_on=REFORM,
        )
        for row in reference_tables.crosswalk().itertuples()
    ]


class LegacyUnits:
    """The districts and communes until 30 June 2025, from a crosswalk of old communes to new ones.

    Five island districts had no communes: in the file they stand in for their one commune, here they are districts.
    """

    def __init__(self, path: Path) -> None:
        self.rows = reference_tables.read_csv(path)

    def districts(self) -> list[AdministrativeUnit]:
        """The districts, without label points, in the order of the file."""
        unique = self.rows.drop_duplicates("old_district_code")
        return [
            self._legacy(
                keys.LEGACY_DISTRICT,
                row.old_district_code,
                row.old_district,
                keys.LEGACY_PROVINCE,
                row.old_province_code,
            )
            for row in unique.itertuples()
        ]

    def communes(self) -> list[AdministrativeUnit]:
        """The communes, wards and townships, without label points, in the order of the file."""
        communes = self.rows[self.rows.old_commune_code != self.rows.old_district_code]
        return [
            self._legacy(
                keys.LEGACY_COMMUNE,
                row.old_commune_code,
                row.old_commune,
                keys.LEGACY_DISTRICT,
                row.old_district_code,
            )
            for row in communes.drop_duplicates("old_commune_code").itertuples()
        ]

    def changes(self) -> list[UnitChange]:
        """What each old commune became: one row per new commune, `full` or `partial`."""
        return [
            UnitChange(
                old_id=self._old_id(row),
                new_id=keys.unit_id(keys.unit_key(keys.COMMUNE, row.new_commune_code)),
                coverage=row.coverage,
                changed_on=REFORM,
            )
            for row in self.rows.itertuples()
        ]

    @staticmethod
    def _old_id(row: Any) -> int:
        is_district = row.old_commune_code == row.old_district_code
        family = keys.LEGACY_DISTRICT if is_district else keys.LEGACY_COMMUNE
        return keys.unit_id(keys.unit_key(family, row.old_commune_code))

    def new_commune_of(self) -> dict[int, int]:
        """By the id of an old district or commune, the id of a commune in force that has part of it."""
        found: dict[int, int] = {}
        for row in self.rows.itertuples():
            new_id = keys.unit_id(keys.unit_key(keys.COMMUNE, row.new_commune_code))
            found.setdefault(self._old_id(row), new_id)
            found.setdefault(keys.unit_id(keys.unit_key(keys.LEGACY_DISTRICT, row.old_district_code)), new_id)
        return found

    @staticmethod
    def _legacy(family: str, code: str, full_name: str, parent_family: str, parent_code: str) -> AdministrativeUnit:
        kind, name = _kind_and_name(full_name)
        return _unit(
            family,
            code,
            level=Level.DISTRICT if family == keys.LEGACY_DISTRICT else Level.COMMUNE,
            kind=kind,
            name_vi=name,
            full_name_vi=full_name,
            name_en=without_accents(name),
            parent_id=keys.unit_id(keys.unit_key(parent_family, parent_code)),
            valid_from=BEFORE_REFORM,
            valid_to=REFORM,
        )


def _kind_and_name(full_name: str) -> tuple[Kind, str]:
    """`Thị trấn Sa Pa` → (township, `Sa Pa`); raises `ValueError` where the name begins with no known kind."""
    for word, kind in KIND_WORDS.items():
        if full_name.lower().startswith(word + " "):
            return kind, full_name[len(word) + 1 :]
    raise ValueError(f"no kind of unit in {full_name!r}")


def _unit(family: str, code: str, **fields: Any) -> AdministrativeUnit:
    key = keys.unit_key(family, code)
    names = [fields["full_name_vi"], fields["name_vi"], _english(fields["name_en"], fields["kind"])]
    return AdministrativeUnit(
        id=keys.unit_id(key),
        key=key,
        code=code,
        search_key=_search_key([*names, fields["name_en"], ALIASES.get(key, "")]),
        **fields,
    )


def _english(name: str, kind: Kind) -> str:
    """The name as English maps and addresses write it: `Da Nang City`, `Ba Dinh Ward`."""
    word = ENGLISH_KINDS[kind]
    return name if name.endswith(word) else f"{name} {word}"


def _search_key(names: list[str]) -> str:
    """The names in the order given, without accents, each spelling once, parted by ` | `."""
    return " | ".join(dict.fromkeys(key for key in map(search_key, names) if key))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    return int(float(text)) if text else None
