"""Laboratories: places with testing, calibration, device verification, medical examination and the like."""

from geodata.language import both
from layers.catalogue.places import PLACE_RELATED, PUBLIC_PLACE, fields_of, lines_of, scope_table
from layers.layer import Layer, Style
from layers.registers.organisations import PlaceOfActivity
from layers.registers.qualifications import LABORATORY_ACTIVITIES

LAYER = Layer(
    name="laboratories",
    title=both("Phòng thử nghiệm, hiệu chuẩn, kiểm định", "Testing, calibration and verification laboratories"),
    noun=both("phòng thử nghiệm, hiệu chuẩn", "laboratories"),
    description=both(
        "Địa điểm hoạt động của tổ chức thử nghiệm, hiệu chuẩn, kiểm định phương tiện đo, xét nghiệm y tế.",
        "Places of activity with testing, calibration, verification of measuring devices or medical examination.",
    ),
    model=PlaceOfActivity,
    lines=lines_of(LABORATORY_ACTIVITIES),
    public=PUBLIC_PLACE,
    fields=fields_of(LABORATORY_ACTIVITIES, devices=True),
    style=Style("circle", "laboratories", classes="status"),
    related=PLACE_RELATED,
    few=True,
    default=True,
    tables=(scope_table(LABORATORY_ACTIVITIES),),
)
