from django.apps import AppConfig

from geodata.language import both


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = both("Tài khoản", "Accounts")
