"""Settings: what makes no sense is named, all of it at once and in both languages; the program does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from mapapp.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
READ = {
    "MAP_PORT": lambda env: env.integer("MAP_PORT", 8000, least=1, most=65535),
    "MAP_DEBUG": lambda env: env.flag("MAP_DEBUG", False),
    "MAP_PUBLIC_ADDRESS": lambda env: env.origin("MAP_PUBLIC_ADDRESS"),
    "MAP_ALLOWED_HOSTS": lambda env: env.hosts("MAP_ALLOWED_HOSTS"),
    "MAP_SIGNING_KEY": lambda env: env.file("MAP_SIGNING_KEY", Path("key.pem")),
    "DATABASE_URL": lambda env: env.database("DATABASE_URL"),
}


def read(name: str, value: str) -> tuple[object, list[str]]:
    env = Environment({name: value})
    return READ[name](env), env.faults


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("MAP_PORT", value) for value in ("abc", "99999", "0", "-5", "8e3", "٨", "9" * 6000)],
        *[("MAP_DEBUG", value) for value in ("yes", "2")],
        *[
            ("MAP_PUBLIC_ADDRESS", value)
            for value in ("foo", "map.example.vn", "ftp://a.vn", "https://", "https://a:b")
        ],
        *[("MAP_PUBLIC_ADDRESS", value) for value in ("https://a.vn/map", "https://a.vn?x=1", "https://u:p@a.vn")],
        *[("MAP_ALLOWED_HOSTS", value) for value in ("https://map.example.vn", "map.example.vn:8000", "a b")],
        *[("MAP_SIGNING_KEY", value) for value in ("nowhere/key.pem", ".")],
        *[("DATABASE_URL", value) for value in ("", "map", "mysql://a/b", "postgresql://a", "postgresql://a:x/b")],
    ],
)
def test_what_makes_no_sense_is_named_in_both_languages(name: str, value: str):
    _, faults = read(name, value)
    (fault,) = faults
    assert fault.startswith((f"{name}=", f"{name}: "))
    assert ("phải" in fault and "must" in fault) or ("thiếu" in fault and "missing" in fault)


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("MAP_PORT", " 8001 ", 8001),
        ("MAP_PORT", "", 8000),
        ("MAP_DEBUG", "1", True),
        ("MAP_PUBLIC_ADDRESS", "https://map.example.vn/", "https://map.example.vn"),
        ("MAP_PUBLIC_ADDRESS", "http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("MAP_PUBLIC_ADDRESS", "", ""),
        ("MAP_ALLOWED_HOSTS", "map.example.vn, 10.0.0.5,", ["map.example.vn", "10.0.0.5"]),
        ("MAP_ALLOWED_HOSTS", "", []),
    ],
)
def test_what_makes_sense_is_taken(name: str, value: str, meaning: object):
    assert read(name, value) == (meaning, [])


def test_a_wrong_address_of_the_database_tells_no_password():
    _, faults = read("DATABASE_URL", "mysql://map:pass-w0rd@db/map")
    assert "pass-w0rd" not in faults[0]


def test_a_program_with_wrong_settings_ends_with_a_line_for_each():
    wrong = {"MAP_NODE": "5000", "MAP_SCALE": "many", "MAP_PORT": "abc"}
    command = [sys.executable, "manage.py", "roll_over"]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **wrong}, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    lines = ended.stderr.splitlines()
    assert sorted(line.partition("=")[0] for line in lines) == sorted(wrong)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_this_machine_is_answered_whatever_the_hosts(world: object, host: str):
    assert "127.0.0.1" in _allowed({"MAP_ALLOWED_HOSTS": "map.example.vn"})
    assert Client().get("/live", HTTP_HOST=host).status_code == 200


def test_the_names_of_the_map_are_answered_too():
    assert "map.example.vn" in _allowed({"MAP_ALLOWED_HOSTS": "map.example.vn"})


def test_forms_are_taken_from_the_public_address():
    assert "https://map.example.vn" in _settled(
        "CSRF_TRUSTED_ORIGINS", {"MAP_PUBLIC_ADDRESS": "https://map.example.vn/"}
    )


def _allowed(variables: dict[str, str]) -> str:
    return _settled("ALLOWED_HOSTS", variables)


def _settled(name: str, variables: dict[str, str]) -> str:
    command = [sys.executable, "-c", f"from mapapp.settings import {name}; print({name})"]
    env = {**os.environ, **variables}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
