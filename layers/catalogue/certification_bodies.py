"""Certification bodies: places with certification, inspection, verification of goods, validation or accreditation."""

from geodata.language import both
from layers.catalogue.places import PLACE_RELATED, PUBLIC_PLACE, fields_of, lines_of, scope_table
from layers.layer import Layer, Style
from layers.registers.organisations import PlaceOfActivity
from layers.registers.qualifications import CERTIFICATION_ACTIVITIES

LAYER = Layer(
    name="certification_bodies",
    title=both("Tổ chức chứng nhận, giám định", "Certification and inspection bodies"),
    noun=both("tổ chức chứng nhận, giám định", "certification bodies"),
    description=both(
        "Địa điểm hoạt động của tổ chức chứng nhận, giám định, kiểm định hàng hóa, công nhận.",
        "Places of activity with certification, inspection, verification of goods, validation or accreditation.",
    ),
    model=PlaceOfActivity,
    lines=lines_of(CERTIFICATION_ACTIVITIES),
    public=PUBLIC_PLACE,
    fields=fields_of(CERTIFICATION_ACTIVITIES, devices=False),
    style=Style("diamond", "certification", classes="status"),
    related=PLACE_RELATED,
    few=True,
    default=True,
    tables=(scope_table(CERTIFICATION_ACTIVITIES),),
)
