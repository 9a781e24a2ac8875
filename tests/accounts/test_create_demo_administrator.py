import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User

pytestmark = pytest.mark.django_db


def create(folder, password):
    path = folder / "administrator"
    path.write_text(password)
    call_command("create_demo_administrator", password_file=path)


def test_it_makes_one_administrator_with_the_password_of_the_file(tmp_path):
    create(tmp_path, "Sông Hồng 2026\n")
    user = User.objects.get()
    assert user.is_superuser and user.is_staff
    assert user.check_password("Sông Hồng 2026")


def test_a_second_run_leaves_the_account_and_says_nothing_more(tmp_path, capsys):
    create(tmp_path, "Sông Hồng 2026")
    create(tmp_path, "Sông Hồng 2026")
    assert User.objects.get().check_password("Sông Hồng 2026")
    assert "changepassword" not in capsys.readouterr().out


def test_an_account_that_somebody_else_made_or_changed_is_left_as_it_is_and_named(tmp_path, capsys):
    User.objects.create_user("admin", password="Cửu Long 2026", is_active=False)
    create(tmp_path, "Sông Hồng 2026")
    user = User.objects.get()
    assert user.check_password("Cửu Long 2026")
    assert (user.is_active, user.is_staff, user.is_superuser) == (False, False, False)
    assert "changepassword admin" in capsys.readouterr().out


def test_it_makes_no_administrator_without_a_password(tmp_path):
    with pytest.raises(CommandError, match="no password"):
        create(tmp_path, " \n")
    assert not User.objects.exists()
