"""The day the map stands on, and what once was public."""

from django.db import models
from django.db.models import Q


class MapDay(models.Model):
    """One row: the day, in Asia/Ho_Chi_Minh, that every status refers to. Only the roll-over writes it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    day = models.DateField()

    OPEN_COLUMNS = ("id", "day")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_map_day")]


class Tombstone(models.Model):
    """A record that was published once and is gone: 410 with the day, or 301 to what it was merged into."""

    layer = models.CharField(max_length=40)
    record = models.BigIntegerField()
    gone_on = models.DateField()
    merged_into = models.BigIntegerField(null=True, blank=True)

    OPEN_COLUMNS = ("id", "layer", "record", "gone_on", "merged_into")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layer", "record"], name="one_tombstone")]


class DataOrigin(models.Model):
    """What was loaded and what it is: demo data is marked as such on every page and export."""

    name = models.CharField(max_length=40, unique=True)
    value = models.CharField(max_length=400)

    OPEN_COLUMNS = ("id", "name", "value")


def is_demo() -> bool:
    """Whether the map holds demo data, as the public reads it."""
    return DataOrigin.objects.using("open").filter(name="demo").exists()
