"""The page that answers "who can do this for me?": places ranked, the nearest first, with the line that permits it."""

from django.http import HttpRequest, QueryDict

from geodata.language import both
from layers.filters import SHARED
from layers.registers.qualifications import ACTIVITIES
from layers.units import PROVINCES
from mapapp.addresses import changed, replaced, with_query
from services.find import OWN, TASKS, Found, find

# What people choose between; the rest is said in words.
_OFFERED: tuple[str, ...] = ("device_verification", "calibration", "testing", "medical_examination", "inspection")
_OFFERED += ("product_certification", "system_certification")
_WAYS = {
    "device_verification": both("Kiểm định (luật buộc, nơi được chỉ định)", "Verification (by law, designated bodies)"),
    "calibration": both("Hiệu chuẩn (để biết sai số)", "Calibration (to know the error)"),
}
EXAMPLES = (
    both("kiểm định cân bàn 60 kg", "verification of a 60 kg bench scale"),
    both("hiệu chuẩn áp kế 25 bar", "calibration of a 25 bar pressure gauge"),
    both("chì trong nước; E. coli trong nước", "lead in water; E. coli in water"),
    both("chloramphenicol tôm 0,3 µg/kg", "chloramphenicol in shrimp 0.3 µg/kg"),
    both("chứng nhận hợp quy thép", "conformity certification of steel"),
)


def find_context(request: HttpRequest) -> dict:
    """What the page shows: the form as filled, and the answer where something was asked.

    Raises BadParameter for what cannot be asked.
    """
    text = request.GET.get(TASKS, "").strip()
    found = find(_parameters(request)) if text else None
    return {
        "text": text,
        "found": found,
        "several": bool(found and len(found.tasks) > 1),
        "position": "lon" in request.GET,
        "coming": bool(found and any(place["comes_first"] for place in found.places)),
        "activities": [one for one in ACTIVITIES.items if one.code in _OFFERED],
        "activity": request.GET.get("activity", ""),
        "provinces": PROVINCES.read("open"),
        "province": request.GET.get("province", ""),
        "on": request.GET.get("on", ""),
        "examples": EXAMPLES,
        "choices": _choices(request, found) if found else [],
        "map": _on_map(request, found) if found and found.places else "",
        "without_place": changed(request, lon=None, lat=None),
    }


def _parameters(request: HttpRequest) -> QueryDict:
    """The question without the fields of the form that were left empty."""
    asked = request.GET.copy()
    for name in [name for name, value in asked.items() if not value.strip()]:
        del asked[name]
    return asked


def _choices(request: HttpRequest, found: Found) -> list[dict]:
    """Where the one task names a device and not what is to be done with it: verification or calibration."""
    if len(found.tasks) != 1 or found.tasks[0].asked.named or "activity" in _parameters(request):
        return []
    if not found.tasks[0].activities.issuperset(_WAYS):
        return []
    return [{"label": label, "href": changed(request, activity=code)} for code, label in _WAYS.items()]


def _on_map(request: HttpRequest, found: Found) -> str:
    """The same on the map, as it was understood: the layers of the places, under the filter of the same name."""
    layers = list(dict.fromkeys(place["layer"] for place in found.places))
    filters = {name: text for name, text in _parameters(request).items() if name not in (*OWN, *SHARED, TASKS)}
    filters |= {TASKS: "; ".join(task.asked.text for task in found.tasks), "status": "active"}
    asked = replaced(request, **{**dict.fromkeys((*OWN, *filters)), "lang": request.GET.get("lang")})
    for name in [name for name, text in asked.items() if not text]:
        del asked[name]
    asked["layers"] = ",".join(layers)
    for layer in layers:
        for name, text in filters.items():
            asked[name if len(layers) == 1 else f"{layer}.{name}"] = text
    return with_query("/", asked)
