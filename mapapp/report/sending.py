"""What a form that is sent must come with: an origin of ours, a signed form of some age, a size that fits."""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, QueryDict

from geodata.pictures import MOST_BYTES
from layers.errors import BadParameter, FeatureError, NotAllowed
from layers.filters import single_values

PHOTOS, MOST_PHOTOS = "photos", 4
# What the words of a form may take beside its photos.
MOST_OTHER_BYTES = 2**20
LEAST_AGE_S, MOST_AGE_S = 2, 24 * 3600
OWN_SITE = ("same-origin", "none")
_SIGNER = TimestampSigner(salt="mapapp.report")


class TooLarge(FeatureError):
    """The body is larger than anything that would be taken."""

    status = 413


class TooQuick(FeatureError):
    """A form came back quicker than anybody types."""

    status = 429
    retry_after_s = LEAST_AGE_S


def refuse_foreign(request: HttpRequest) -> None:
    """Raises NotAllowed for a form that another site sends through a visitor's browser.

    Browsers say where a form comes from (`Sec-Fetch-Site`, `Origin`), and no page can forge that. A caller that says
    neither is no browser: it carries nobody's rights. So visitors need no cookie to send a report.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = site in OWN_SITE if site else origin is None or _is_own(request, origin)
    if not own:
        raise NotAllowed(
            "form.foreign",
            "Biểu mẫu này được gửi từ một trang khác. Mở trang phản ánh ở đây rồi gửi lại.",
            "This form was sent from another site. Open the page here and send it again.",
        )


def _is_own(request: HttpRequest, origin: str) -> bool:
    return origin == settings.PUBLIC_ADDRESS or urlsplit(origin).netloc == request.get_host()


def new_form() -> str:
    """A signed key for one form: what is sent under it twice is one report."""
    return _SIGNER.sign(secrets.token_urlsafe(18))


def form_key(signed: str) -> str:
    """The key of a form that is sent. Raises NotAllowed for none of ours, or one too old, and TooQuick."""
    try:
        key = _SIGNER.unsign(signed, max_age=MOST_AGE_S)
    except SignatureExpired as error:
        raise _old_form("form.expired") from error
    except BadSignature as error:
        raise _old_form("form.unsigned") from error
    if _is_younger(signed, LEAST_AGE_S):
        raise TooQuick(
            "form.too_quick", "Biểu mẫu gửi quá nhanh. Gửi lại.", "The form came too quickly. Send it again."
        )
    return key


def is_ours(signed: str) -> bool:
    """Whether the form may still be sent, now or in a moment."""
    try:
        return bool(_SIGNER.unsign(signed, max_age=MOST_AGE_S))
    except BadSignature:
        return False


def _is_younger(signed: str, seconds: float) -> bool:
    try:
        return bool(_SIGNER.unsign(signed, max_age=seconds))
    except SignatureExpired:
        return False


def _old_form(code: str) -> NotAllowed:
    return NotAllowed(
        code,
        "Biểu mẫu này không còn dùng được. Nội dung đã nhập vẫn còn dưới đây; gửi lại.",
        "This form can no longer be used. What was entered is still below; send it again.",
    )


class CappedUpload(FileUploadHandler):
    """Lets go of a file while it still arrives, once it is larger than a photo may be or is one too many.

    `request.refused_files` then holds `bytes` or `count` for it: the form's words are read all the same. (Django's own
    SkipFile would close the files before it as well.)
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.files, self.received = 0, 0
        request.refused_files = []  # type: ignore[attr-defined]

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)
        self.files, self.received = self.files + 1, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The piece for those who store it; None, so that nobody does, from the limit on."""
        self.received += len(raw_data)
        reason = "count" if self.files > MOST_PHOTOS else "bytes" if self.received > MOST_BYTES else ""
        if not reason:
            return raw_data
        self.request.refused_files.append(reason)
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def sent_form(request: HttpRequest, fields: tuple[str, ...]) -> QueryDict:
    """The words of a form of ours with these fields, sent to an address without parameters but the language.

    Raises NotAllowed, TooLarge and BadParameter.
    """
    refuse_foreign(request)
    single_values(request.GET, known={"lang"})
    sent = receive(request)
    refuse_unknown(sent, fields)
    return sent


def receive(request: HttpRequest) -> QueryDict:
    """The words of the form that is sent, its photos capped while they arrive.

    Raises TooLarge by the stated length, before anything is read.
    """
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if stated.isdecimal() and int(stated[:20]) > MOST_PHOTOS * MOST_BYTES + MOST_OTHER_BYTES:
        raise TooLarge(
            "form.too_large",
            "Ảnh quá lớn: nhiều nhất 4 ảnh, mỗi ảnh 10 MB. Quay lại trang trước, nội dung đã nhập vẫn còn ở đó.",
            "The photos are too large: at most 4 of 10 MB each. Go back, what was entered is still there.",
            parameter="photos",
        )
    request.upload_handlers.insert(0, CappedUpload(request))
    return request.POST


def refuse_unknown(sent: QueryDict, known: tuple[str, ...]) -> None:
    """Raises BadParameter for a field that the form does not have, or that came twice.

    A field of files that was left empty arrives as an empty word.
    """
    for name in sent:
        nothing = name == PHOTOS and sent.getlist(name) == [""]
        if not nothing and (name not in known or len(sent.getlist(name)) > 1):
            raise BadParameter(
                "field.unknown",
                f"Biểu mẫu không có ô “{name[:60]}”, hoặc ô này có mặt hai lần.",
                f"The form has no field “{name[:60]}”, or it came twice.",
                parameter=name[:60],
            )
