"""Signed copies of answers: what is signed, with which key, and what is published."""

import base64
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.test import Client

from scripts import secrets_kept
from services.verify import signing
from services.verify.key_check import check_signing_key
from tests.services.verify_rows import DAY, Save, a_body, a_device, a_pass

NUMBER = "VILAS 5001"


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def unwrapped(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def key(settings, tmp_path: Path) -> Iterator[Ed25519PrivateKey]:  # type: ignore[no-untyped-def]
    """A key of the test's own, in the place where the settings look."""
    made = Ed25519PrivateKey.generate()
    settings.SIGNING_KEY = tmp_path / "key.pem"
    settings.SIGNING_KEY.write_bytes(pem(made))
    yield made


def signed(client: Client, number: str = NUMBER, **more: str) -> tuple[dict, bytes, str]:
    """Payload, signature and signed letters of the answer's copy."""
    answer = client.get("/api/v1/verify/", {"number": number, "signed": "1", **more}).json()
    content, signature = answer["signed"]["token"].split(".")
    assert answer["signed"]["address"].endswith(f"/verify/signed#{content}.{signature}")
    return json.loads(unwrapped(content)), unwrapped(signature), content


def test_a_copy_says_what_the_answer_says_and_the_key_signed_it(client: Client, key: Ed25519PrivateKey) -> None:
    payload, signature, content = signed(client)
    answer = client.get("/api/v1/verify/", {"number": NUMBER}).json()
    key.public_key().verify(signature, content.encode())
    assert (payload["n"], payload["a"], payload["on"]) == (NUMBER, answer["answer"], answer["on"])
    assert (payload["day"], payload["b"], payload["to"]) == (
        DAY.isoformat(),
        answer["evidence"]["body"],
        answer["evidence"]["valid_until"],
    )
    assert (payload["v"], payload["node"], payload["demo"]) == (1, 0, True)
    assert payload["iss"].startswith("http://127.0.0.1")


def test_one_changed_letter_and_the_signature_does_not_hold(client: Client, key: Ed25519PrivateKey) -> None:
    payload, signature, _ = signed(client)
    changed = base64.urlsafe_b64encode(json.dumps({**payload, "a": "valid", "to": "2099-01-01"}).encode()).rstrip(b"=")
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, changed)


def test_the_published_key_verifies_the_copy(client: Client, key: Ed25519PrivateKey) -> None:
    payload, signature, content = signed(client)
    response = client.get("/verify/keys.json")
    (published,) = response.json()["keys"]
    assert (published["kid"], published["crv"]) == (payload["kid"], "Ed25519")
    assert response["Cache-Control"] == "no-cache"
    Ed25519PublicKey.from_public_bytes(unwrapped(published["x"])).verify(signature, content.encode())


def test_keys_that_signed_before_stay_published_behind_the_new_one(
    settings, client: Client, key: Ed25519PrivateKey
) -> None:  # type: ignore[no-untyped-def]
    before, _, _ = signed(client)
    new = Ed25519PrivateKey.generate()
    old = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    settings.SIGNING_KEY = settings.SIGNING_KEY.with_name("new.pem")
    settings.SIGNING_KEY.write_bytes(pem(new) + old)
    after, _, _ = signed(client)
    kids = [one["kid"] for one in client.get("/verify/keys.json").json()["keys"]]
    assert kids == [after["kid"], before["kid"]] and after["kid"] != before["kid"]


def test_without_a_key_nothing_is_signed_and_the_answer_is_the_same(settings, client: Client, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.SIGNING_KEY = tmp_path / "missing.pem"
    answer = client.get("/api/v1/verify/", {"number": NUMBER, "signed": "1"}).json()
    assert answer["signed"] is None and answer["evidence"]
    assert client.get("/verify/keys.json").json()["keys"] == []
    assert client.get("/verify", {"number": NUMBER}).status_code == 200


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_never_signed_with(
    settings, client: Client, tmp_path: Path, said: list[str], content: bytes
) -> None:  # type: ignore[no-untyped-def]
    settings.SIGNING_KEY = tmp_path / "wrong.pem"
    settings.SIGNING_KEY.write_bytes(content)
    nothing_is_signed(client)
    assert len(said) == 1 and "wrong.pem" in said[0]
    assert [one.id for one in check_signing_key()] == ["services.W001"]


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), UnsupportedAlgorithm("ed25519"), OSError(5, "I/O")])
def test_a_key_that_cannot_be_read_signs_nothing_and_is_said_once(
    client: Client, key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch, said: list[str], error: Exception
) -> None:
    def fails(path: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", fails)
    nothing_is_signed(client)
    assert len(said) == 1
    (found,) = check_signing_key()
    assert found.id == "services.W001" and "Nothing is signed" in found.msg


def nothing_is_signed(client: Client) -> None:
    for _ in range(2):
        answer = client.get("/api/v1/verify/", {"number": NUMBER, "signed": "1"})
        assert answer.status_code == 200 and answer.json()["signed"] is None
    assert client.get("/verify/keys.json").json()["keys"] == []


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What is logged about the key."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("map.signing")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def test_a_private_key_that_others_can_read_is_warned_of(settings, key: Ed25519PrivateKey) -> None:  # type: ignore[no-untyped-def]
    settings.SIGNING_KEY.chmod(0o640)
    (found,) = check_signing_key()
    assert found.id == "services.W002" and "chmod 600" in found.hint
    settings.SIGNING_KEY.chmod(0o600)
    assert check_signing_key() == []


def test_a_key_becomes_usable_once_its_file_can_be_read(
    client: Client, key: Ed25519PrivateKey, settings, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", lambda path: b"")
        nothing_is_signed(client)
    settings.SIGNING_KEY.chmod(0o400)
    assert signing.keys() is not None


def test_set_up_makes_a_key_that_can_be_read_and_leaves_it_alone(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(secrets_kept, "FOLDER", tmp_path)
    secrets_kept.signing_key()
    settings.SIGNING_KEY = tmp_path / secrets_kept.SIGNING_KEY
    made = signing.keys()
    assert made is not None and settings.SIGNING_KEY.stat().st_mode & 0o077 == 0
    secrets_kept.signing_key()
    assert signing.keys().id == made.id  # type: ignore[union-attr]


def test_the_number_on_record_is_signed_and_never_what_was_typed(
    client: Client, key: Ed25519PrivateKey, committed: Save
) -> None:
    a_pass(committed, a_device(committed, "SN-78005"), a_body(committed), certificate_no="78005/KĐ")
    assert signed(client, " 78005 -- kđ ")[0]["n"] == "78005/KĐ"
    assert signed(client, "DA DUOC CAP! 78")[0]["n"] == "DADUOCCAP78"


@pytest.mark.parametrize(
    ("item", "told"),
    [("taximet", "not_for_item"), ("cột bơm xăng", "valid"), ("cột bơm xăng 100 kg", None), ("số 4711 của tôi", None)],
)
def test_the_item_is_signed_only_where_the_answer_is_about_it(
    client: Client, key: Ed25519PrivateKey, committed: Save, item: str, told: str | None
) -> None:
    a_pass(committed, a_device(committed, "SN-78006"), a_body(committed), certificate_no="78006/KĐ")
    payload, _, _ = signed(client, "78006/KĐ", item=item)
    assert payload["a"] == (told or "valid")
    assert payload.get("item") == (item if told else None)


def test_of_a_household_s_device_no_more_is_signed_than_is_told(
    client: Client, key: Ed25519PrivateKey, committed: Save
) -> None:
    owner = a_body(committed, "Hộ bà Kín Đáo", org_type="household_business")
    hidden = {"publish_state": "internal", "published_at": None}
    device = a_device(committed, "SN-78001", owner=owner, **hidden)
    a_pass(committed, device, a_body(committed), certificate_no="78001/KĐ", **hidden)
    device.__class__.objects.filter(pk=device.pk).update(repaired_on=date(2026, 9, 9))
    payload, _, _ = signed(client, "78001/KĐ")
    assert (payload["n"], payload["a"], payload["s"]) == ("78001KD", "ended", "overdue")
    assert payload.keys() <= {
        "v",
        "kid",
        "iss",
        "node",
        "day",
        "n",
        "on",
        "a",
        "s",
        "k",
        "t",
        "b",
        "to",
        "demo",
        "upto",
    }


def test_of_a_verification_past_its_end_no_harder_word_is_signed_than_is_told(
    client: Client, key: Ed25519PrivateKey, committed: Save
) -> None:
    device = a_device(committed, "SN-78004")
    a_pass(committed, device, a_body(committed), sticker_serial="TEM-78004", valid_until=date(2026, 6, 30))
    payload, _, _ = signed(client, "TEM-78004")
    assert (payload["a"], payload["s"], payload["since"]) == ("ended", "overdue", "2026-07-01")


def test_a_choice_is_not_signed(client: Client, key: Ed25519PrivateKey, committed: Save) -> None:
    for name, serial in (("Một", "SN-78002"), ("Hai", "SN-78003")):
        a_pass(committed, a_device(committed, serial), a_body(committed, name), certificate_no="78/2026")
    answer = client.get("/api/v1/verify/", {"number": "78/2026", "signed": "1"}).json()
    assert (answer["answer"], answer["signed"]) == ("which", None)
