"""What the search offers of abilities, each with its filters: a content, the whole question, an activity to choose."""

from collections.abc import Iterable
from textwrap import shorten

from geodata.language import both
from layers.competence.asking import VERIFICATION
from layers.competence.reading import Competence
from layers.competence.tables import ScopeSubject
from layers.filters import MAX_TEXT
from layers.layer import Layer
from layers.registers.qualifications import ACTIVITIES
from layers.registry import all_layers

_DEVICES = (VERIFICATION, "calibration")
_EVERY_LINE = both("mọi dòng phạm vi khớp", "all scope lines that match")
_BY_LAW = {
    VERIFICATION: both(
        "bắt buộc theo luật với phương tiện đo nhóm 2, chỉ tổ chức được chỉ định",
        "required by law for group 2 devices, by designated bodies only",
    ),
    "calibration": both("tự nguyện, để biết sai số", "voluntary, to know the error"),
}


def offer(subject: ScopeSubject, meant: Competence, layer: Layer) -> dict:
    """A content that places of the layer may do."""
    title, others = _title(subject)
    activity = ACTIVITIES.labels("open", [subject.activity])[subject.activity]
    said = " · ".join(map(str, filter(None, (others, activity, subject.method))))
    return {"layer": layer, "title": title, "subtitle": said, "filters": _filters(subject, meant)}


def _title(subject: ScopeSubject) -> tuple[str, str]:
    """What a content is called and what is said beside it: of tests the test first, of devices the device."""
    if subject.activity in ("testing", "medical_examination"):
        return subject.test or subject.product, subject.product
    return subject.product or subject.test, "" if subject.activity == VERIFICATION else subject.test


def _filters(subject: ScopeSubject, meant: Competence) -> dict[str, str]:
    """The filters that show who does this: what was asked of this type of device, or what the content says."""
    if subject.activity == VERIFICATION and subject.device_type_id:
        return {**_doing(subject.activity, meant.text), "device_type": subject.device_type.code}
    within = " ".join(quantity.text for quantity in meant.quantities)
    # “;” would part alternatives, and the filter has room for MAX_TEXT letters.
    content = f"{subject.test} {subject.product}".replace(";", " ")
    content = shorten(content, MAX_TEXT - len(within) - 1, placeholder="")
    return _doing(subject.activity, f"{content} {within}".strip())


def _doing(activity: str, competence: str) -> dict[str, str]:
    """The filters of a layer that show who may do this now: the same on map, list, API and downloads."""
    filters = {"competence": competence, "activity": activity, "status": "active"}
    return {**filters, "qualification": "designation"} if activity == VERIFICATION else filters


def whole(meant: Competence, layers: Iterable[Layer]) -> list[dict]:
    """The question itself, asked of each layer."""
    filters = {"competence": meant.text, "status": "active"}
    said = {"title": " · ".join(meant.parts), "subtitle": str(_EVERY_LINE), "filters": filters}
    return [{"layer": layer, **said} for layer in layers]


def choices(meant: Competence, subjects: list[ScopeSubject]) -> list[dict]:
    """Verification and calibration, where a device is asked for and not which of them."""
    if meant.named or not {one.activity for one in subjects}.issuperset(_DEVICES):
        return []
    return [_choice(meant, code) for code in _DEVICES]


def _choice(meant: Competence, code: str) -> dict:
    label = str(ACTIVITIES.labels("open", [code])[code])
    layer = next(one for one in all_layers() if one.lines and code in one.field("activity").choices.codes())
    said = {"label": label, "hint": str(_BY_LAW[code])}
    return {"activity": code, **said, "layer": layer, "filters": _doing(code, meant.text)}
