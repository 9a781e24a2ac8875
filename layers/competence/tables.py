"""The tables that searching reads, as the ORM sees them; `subjects` and `lexicon` make and keep them."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models


class ScopeSubject(models.Model):
    """A content of scope lines. `words` holds its words in order: weight A with accents, weight B without.

    Among them are the names of the device type in both languages. `id` is `ScopeLine.subject`.
    """

    id = models.BigIntegerField(primary_key=True)
    activity = models.TextField()
    product = models.TextField()
    test = models.TextField()
    method = models.TextField()
    device_type = models.ForeignKey("layers.DeviceType", models.DO_NOTHING, null=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "scope_subjects"


class SearchWord(models.Model):
    """A word that occurs in names or scope lines, lower case, and how often."""

    word = models.TextField(primary_key=True)
    uses = models.IntegerField()

    class Meta:
        managed = False
        db_table = "search_words"
