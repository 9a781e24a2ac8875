from enum import EnumMeta, StrEnum
from typing import Any

def __getattr__(name: str) -> Any: ...

class ChoicesType(EnumMeta):
    @property
    def choices(self) -> list[tuple[str, Any]]: ...
    @property
    def labels(self) -> list[Any]: ...
    @property
    def values(self) -> list[str]: ...

class TextChoices(StrEnum, metaclass=ChoicesType):  # type: ignore[misc]
    _value_: str
    @property
    def label(self) -> Any: ...
