"""Organisations: the bodies and enterprises behind places of activity."""

from django.db.models import Q

from geodata.language import both
from layers.catalogue.shared_fields import published_organisation, units_of_record
from layers.layer import Field, Layer
from layers.registers.base import PUBLIC
from layers.registers.organisations import ORGANISATION_TYPES, Organisation

ORGANISATIONS = Layer(
    name="organisations",
    title=both("Tổ chức", "Organisations"),
    noun=both("tổ chức", "organisations"),
    description=both(
        "Tổ chức đánh giá sự phù hợp và chủ thể khác trong sổ đăng ký; địa điểm hoạt động nằm ở các lớp bản đồ.",
        "Conformity assessment bodies and others of the registers; their places of activity are layers of the map.",
    ),
    model=Organisation,
    geometry="",
    public=Q(publish_state=PUBLIC),
    dated=False,
    fields=(
        Field("name_vi", both("Tên", "Name")),
        Field("name_en", both("Tên tiếng Anh", "English name")),
        Field("short_name", both("Tên viết tắt", "Short name")),
        Field("org_type", both("Loại hình", "Type"), "code", codes=ORGANISATION_TYPES, filter="code"),
        Field(
            "parent_id",
            both("Số của tổ chức cấp trên", "Number of the parent organisation"),
            "integer",
            source=published_organisation("parent_id"),
        ),
        Field("legal_address", both("Địa chỉ trụ sở", "Legal address")),
        Field("website", both("Trang thông tin", "Website")),
        Field("tax_code", both("Mã số thuế", "Tax code"), roles=("inspector",)),
        Field("phone", both("Điện thoại", "Telephone"), roles=("inspector",)),
        Field("email", both("Thư điện tử", "E-mail"), roles=("inspector",)),
        *units_of_record(),
    ),
)
