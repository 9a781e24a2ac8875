from typing import Any

from django.db.models import TextChoices as TextChoices

def __getattr__(name: str) -> Any: ...
