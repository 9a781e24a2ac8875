"""The form of a report: what may stand in each field, and what of it together makes a place."""

import hashlib
import json
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from geodata.language import Both, both
from geodata.models import AdministrativeUnit
from geodata.pictures import REASONS, BadPicture, Picture, PicturesFail, PicturesWait, clean_picture, refuse_by_look
from layers.codes import FixedCodes
from layers.errors import BadParameter, Busy, FeatureError
from layers.registers.telling import Report
from layers.registers.tickets import TICKET_KINDS, TICKET_TOPICS
from layers.whereabouts import Whereabouts
from mapapp.report import place
from mapapp.report.sending import MOST_PHOTOS, PHOTOS

# Control characters but line ends and tabs; signs that turn the direction of writing round and hide what is written.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
SHORTEST_TEXT, LONGEST_TEXT, LONGEST_NUMBER = 5, 4000, 80
NO_TEXT = both("Viết nội dung cần phản ánh.", "Write what is to be reported.")
NO_KIND = both("Chọn điều cần phản ánh.", "Choose what it is about.")
NO_TOPIC = both("Chọn lĩnh vực.", "Choose a field.")
NO_PROVINCE = both("Chọn tỉnh, thành phố trong danh sách.", "Choose a province from the list.")
# Not part of the form's own content: two forms that differ in these alone say the same.
MACHINERY = ("form", "website")


class PlainText(forms.CharField):
    """A text in NFC with plain line ends, without control characters and signs that reverse the writing."""

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "").replace("\r\n", "\n")
        if FORBIDDEN.search(text):
            raise ValidationError(both("Có ký tự không dùng được.", "There are characters that cannot be used."))
        return text


def text_field(most: int, *, required: bool = False, least: int = 0) -> PlainText:
    """A field of at most `most` characters that says so in both languages."""
    errors = {
        "required": NO_TEXT,
        "max_length": both(f"Dài quá: nhiều nhất {most} ký tự.", f"Too long: at most {most} characters."),
        "min_length": both(f"Ngắn quá: ít nhất {least} ký tự.", f"Too short: at least {least} characters."),
    }
    # The empty check for NUL is ours: Django's would speak English only.
    field = PlainText(max_length=most, min_length=least or None, required=required, error_messages=errors)
    field.validators = [one for one in field.validators if "Null" not in type(one).__name__]
    return field


def choice_field(codes: FixedCodes, wrong: Both) -> forms.ChoiceField:
    """A field of one of the codes; `wrong` is said where there is none, or one that is not in the list."""
    return forms.ChoiceField(
        choices=[(one.code, one.label) for one in codes.items],
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


class ReportForm(forms.Form):
    """A report as it is typed. `about` is the record that it names; `communes` those to choose one from."""

    kind = choice_field(TICKET_KINDS, NO_KIND)
    topic = choice_field(TICKET_TOPICS, NO_TOPIC)
    text = text_field(LONGEST_TEXT, required=True, least=SHORTEST_TEXT)
    number = text_field(LONGEST_NUMBER)
    layer, record = text_field(40), text_field(16)
    province, commune, commune_code = text_field(2), text_field(120), text_field(5)
    lat, lon = text_field(30), text_field(30)
    contact = text_field(200)
    website = text_field(400)
    form = text_field(200)

    about: place.About | None = None
    communes: tuple[AdministrativeUnit, ...] = ()
    where: Whereabouts

    def clean_website(self) -> str:
        """A field that people do not see: what fills it in is a program."""
        if self.cleaned_data["website"]:
            raise ValidationError(both("Để trống ô này.", "Leave this field empty."))
        return ""

    def clean(self) -> dict:
        """The place, from the record, the position, or the province and its commune, checked against each other."""
        self.where = Whereabouts(None, None)
        self._find_record()
        chosen = self._chosen_units()
        found = self._position_units()
        if chosen.province and found.province and chosen.province.pk != found.province.pk:
            self._wrong(
                "lat",
                both(
                    f"Vị trí này thuộc {found.province.full_name_vi}, khác tỉnh đã chọn.",
                    f"This position is in {found.province.name_en}, not in the province chosen.",
                ),
            )
        recorded = self.about.where if self.about else Whereabouts(None, None)
        for one in (recorded, found, chosen):
            if one.province and not self.where.province:
                self.where = one
        if not self.where.province and not self._place_is_wrong():
            self._wrong(
                "province",
                both("Chọn tỉnh, thành phố, hoặc cho biết vị trí.", "Choose the province, or give the position."),
            )
        return self.cleaned_data

    def report(self, key: str, digest: str) -> Report:
        """The report of a valid form."""
        data = self.cleaned_data
        assert self.where.province  # noqa: S101  a form without one is not valid
        return Report(
            key=key,
            digest=digest,
            kind=data["kind"],
            topic=data["topic"],
            text=data["text"],
            province=self.where.province,
            commune=self.where.commune,
            layer=self.about.layer if self.about else "",
            record=self.about.record if self.about else None,
            asked_number=data["number"],
            position=data.get("position"),
            contact=data["contact"],
        )

    def _find_record(self) -> None:
        layer, record = self.cleaned_data.get("layer"), self.cleaned_data.get("record")
        if not layer and not record:
            return
        try:
            self.about = place.record_named(layer or "", record or "")
        except FeatureError:
            self._wrong(
                "province",
                both(
                    "Hồ sơ được nêu không còn công khai. Chọn tỉnh, thành phố rồi gửi lại.",
                    "The record that is named is not public any more. Choose the province and send again.",
                ),
            )

    def _position_units(self) -> Whereabouts:
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if not lat and not lon:
            return Whereabouts(None, None)
        try:
            self.cleaned_data["position"] = position = place.read_position(lat or "", lon or "")
        except BadParameter as error:
            self._wrong(error.parameter, error.message)
            return Whereabouts(None, None)
        found = place.where_lies(position)
        if not found.province and not self.cleaned_data.get("province") and not self.about:
            self._wrong(
                "lat",
                both(
                    "Vị trí này không thuộc xã, phường, đặc khu nào. Sửa lại, hoặc chọn tỉnh, thành phố.",
                    "This position is in no commune. Correct it, or choose the province.",
                ),
            )
        return found

    def _chosen_units(self) -> Whereabouts:
        code = self.cleaned_data.get("province")
        province = place.province_of(code) if code else None
        if code and province is None:
            self._wrong("province", NO_PROVINCE)
        commune = self._chosen_commune(province)
        return Whereabouts(commune.parent if commune else province, commune)

    def _chosen_commune(self, province: AdministrativeUnit | None) -> AdministrativeUnit | None:
        """The commune that was picked, or the only one of the name that was typed; several are offered to pick from."""
        code, typed = self.cleaned_data.get("commune_code"), self.cleaned_data.get("commune")
        if not code and not typed:
            return None
        self.communes = tuple(place.communes_named(typed, province) if typed else place.commune_of(code, province))
        picked = [one for one in self.communes if one.code == code]
        if picked or len(self.communes) == 1:
            return (*picked, *self.communes)[0]
        self._wrong("commune", SEVERAL if self.communes else NO_COMMUNE)
        return None

    def _place_is_wrong(self) -> bool:
        return any(name in self.errors for name in ("province", "commune", "lat", "lon"))

    def _wrong(self, name: str, message: Both) -> None:
        self.add_error(name, ValidationError(message))


SEVERAL = both(
    "Có nhiều nơi cùng tên. Chọn một trong danh sách dưới ô này.",
    "Several have this name. Choose one from the list below.",
)
NO_COMMUNE = both(
    "Không thấy xã, phường, đặc khu nào có tên này. Sửa lại, hoặc để trống.",
    "No commune has this name. Correct it, or leave it empty.",
)


def digest_of(form: ReportForm, photos: list[bytes]) -> str:
    """A text by which the same content sent again is known: of the words and of the photos as they came."""
    words = {name: form.data.get(name, "") for name in form.fields if name not in MACHINERY}
    told = [json.dumps(words, sort_keys=True), *(hashlib.sha256(photo).hexdigest() for photo in photos)]
    return hashlib.sha256("\n".join(told).encode(errors="replace")).hexdigest()


def photos_sent(request: HttpRequest) -> list[bytes]:
    """The files that came with the form, those beyond the limit left out: `photo_faults` tells of them."""
    sent: list[UploadedFile] = request.FILES.getlist(PHOTOS)
    return [one.read() for one in sent[:MOST_PHOTOS]]


def photo_faults(request: HttpRequest, photos: list[bytes]) -> list[Both]:
    """What is wrong with the files as far as it shows without decoding them."""
    faults = [REASONS["bytes"] if reason == "bytes" else TOO_MANY for reason in request.refused_files]  # type: ignore[attr-defined]
    if set(request.FILES) - {PHOTOS}:
        faults.append(
            both("Có tệp ở một ô không có trong biểu mẫu.", "There is a file in a field that the form does not have.")
        )
    return list(
        dict.fromkeys([*faults, *(fault for number, photo in enumerate(photos, 1) if (fault := _look(number, photo)))])
    )


def clean_photos(photos: list[bytes]) -> tuple[Picture, ...]:
    """The photos written anew. Raises ValidationError that says which one is not taken, and why; Busy."""
    cleaned = []
    for number, photo in enumerate(photos, 1):
        try:
            cleaned.append(clean_picture(photo))
        except BadPicture as error:
            raise ValidationError(_named(number, error)) from error
        except PicturesWait as error:
            raise Busy("photos.wait", WAIT.vi, WAIT.en) from error
        except PicturesFail as error:
            raise Busy("photos.failed", FAILED.vi, FAILED.en) from error
    return tuple(cleaned)


WAIT = both(
    "Máy chủ đang đọc ảnh của người khác. Chọn lại ảnh rồi gửi sau ít giây.",
    "Photos of others are being read. Choose the photos again and send in a few seconds.",
)
FAILED = both(
    "Máy chủ tạm thời không đọc được ảnh. Gửi không kèm ảnh, hoặc chọn lại ảnh rồi gửi sau.",
    "Photos cannot be read at the moment. Send without photos, or choose them again later.",
)
TOO_MANY = both(f"Nhiều nhất {MOST_PHOTOS} ảnh.", f"At most {MOST_PHOTOS} photos.")


def _look(number: int, photo: bytes) -> Both | None:
    try:
        refuse_by_look(photo)
    except BadPicture as error:
        return _named(number, error)
    return None


def _named(number: int, error: BadPicture) -> Both:
    return both(f"Ảnh thứ {number}: {error.message.vi}", f"Photo {number}: {error.message.en}")
