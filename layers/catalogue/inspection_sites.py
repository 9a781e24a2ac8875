"""Places that inspectors check. The public sees the newest published conclusion, never a plan or a running check."""

from django.db.models import F, Q

from geodata.language import both
from layers.catalogue.places import unit_fields
from layers.codes import Code, FixedCodes
from layers.layer import Field, Layer, Style
from layers.registers.base import PUBLIC
from layers.registers.site_results import replay
from layers.registers.sites import CHECK_RESULTS, SITE_KINDS, InspectionSite
from layers.registry import register

RISK_LEVELS = FixedCodes(
    "risk_level",
    (Code("high", both("Cao", "High")), Code("medium", both("Trung bình", "Medium")), Code("low", both("Thấp", "Low"))),
)

register(
    Layer(
        name="inspection_sites",
        title=both("Cơ sở được kiểm tra", "Inspection sites"),
        noun=both("cơ sở", "sites"),
        description=both(
            "Cửa hàng xăng dầu, chợ, cửa hàng vàng và nơi khác có phương tiện đo hoặc hàng hóa được kiểm tra.",
            "Filling stations, markets, gold shops and other places where devices or goods are checked.",
        ),
        model=InspectionSite,
        public=Q(publish_state=PUBLIC),
        replay=replay,
        fields=(
            Field("name", both("Tên", "Name"), tile=True, sort=True),
            Field("site_kind", both("Loại cơ sở", "Kind of site"), kind="code", codes=SITE_KINDS, filter="code", tile=True),
            Field(
                "last_result",
                both("Kết luận gần nhất", "Last conclusion"),
                kind="code",
                codes=CHECK_RESULTS,
                source=lambda moment: F(moment.column("last_result")),
                filter="code",
                tile=True,
            ),
            Field(
                "last_checked",
                both("Kiểm tra gần nhất", "Last checked"),
                kind="date",
                source=lambda moment: F(moment.column("last_checked")),
                filter="dates",
                sort=True,
            ),
            Field("operator", both("Đơn vị vận hành", "Operator"), listed=False),
            Field("address", both("Địa chỉ", "Address")),
            Field("geom_source", both("Nguồn vị trí", "Source of position"), listed=False),
            Field("risk_level", both("Mức rủi ro", "Risk level"), kind="code", codes=RISK_LEVELS, roles=("inspector",)),
            *unit_fields(),
        ),
        style=Style("square", "sites", classes="last_result"),
    )
)
