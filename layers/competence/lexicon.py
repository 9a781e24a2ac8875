"""The words that occur in names and scope lines: to know a slip of the keyboard from a word.

A new name is found at once by its words; the lexicon, which only mends what is found nowhere, follows some minutes
later.
"""

from django.db import connections
from django.db.models.functions import Lower

from geodata.functions import Similar
from layers.competence.slips import LONG, likelier_first, one_letter_away, two_letters_away
from layers.competence.subjects import TABLE as SUBJECTS
from layers.competence.tables import SearchWord
from layers.derived import Cursor, Part, declares
from layers.registers.base import PUBLIC
from layers.tasks import repeated

RENEW_EVERY_S = 600
LIKE = 6
"""How many words a slip is looked for among."""

_TABLE = SearchWord._meta.db_table
_NAMES = (
    "SELECT search_key FROM geodata_administrativeunit",
    "SELECT search_key FROM layers_devicetype",
    *(
        f"SELECT search_key FROM {table} WHERE publish_state = '{PUBLIC}'"
        for table in ("layers_placeofactivity", "layers_inspectionsite", "layers_organisation")
    ),
)
_WORDS = f"""
    SELECT word, count(*) AS uses FROM (
        SELECT unnest(tsvector_to_array(words)) AS word FROM {SUBJECTS}
        UNION ALL
        SELECT regexp_split_to_table(search_key, '[^a-z0-9]+') FROM ({" UNION ALL ".join(_NAMES)}) AS names
    ) AS every WHERE word <> '' GROUP BY word
"""


@declares
def parts() -> tuple[Part, ...]:
    """The table of words."""
    columns = {("layers_scopeline", "subject"), ("geodata_administrativeunit", "search_key")}
    return (
        Part(
            name="search_words",
            tables=(_TABLE,),
            functions=(),
            make=(
                f'CREATE TABLE {_TABLE} (word text COLLATE "C" PRIMARY KEY, uses integer NOT NULL)',
                # Of an expression, for likeness alone: such an index serves equality too, at a hundred times the price
                # of the key, and the planner takes it for the hundreds of words that a slip may stand for.
                f"CREATE INDEX {_TABLE}_like ON {_TABLE} USING gin (lower(word) gin_trgm_ops)",
            ),
            shown=(_TABLE,),
            needs=frozenset(columns),
            fill=_fill,
        ),
    )


def _fill(cursor: Cursor) -> None:
    cursor.execute(f"INSERT INTO {_TABLE} {_WORDS}")


@repeated(every_s=RENEW_EVERY_S)
def renew_words() -> int:
    """Brings the words up to the names and lines of now; gives how many were added or counted anew."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"WITH now AS ({_WORDS}), gone AS (DELETE FROM {_TABLE} WHERE word NOT IN (SELECT word FROM now))"
            f" INSERT INTO {_TABLE} SELECT * FROM now ON CONFLICT (word) DO UPDATE SET uses = excluded.uses"
            f" WHERE {_TABLE}.uses <> excluded.uses"
        )
        return int(cursor.rowcount)


class WordsInUse:
    """The lexicon as a caller of the connection `using` reads it, for the length of a request."""

    def __init__(self, using: str) -> None:
        self.words = SearchWord.objects.using(using)
        self._known: dict[str, bool] = {}
        self._begun: dict[str, bool] = {}
        self._likes: dict[str, list[str]] = {}

    def known(self, asked: set[str]) -> set[str]:
        """Which of these words occur."""
        new = [word for word in asked if word not in self._known]
        if new:
            occur = set(self.words.filter(word__in=new).values_list("word", flat=True))
            self._known.update((word, word in occur) for word in new)
        return {word for word in asked if self._known[word]}

    def begun(self, start: str) -> bool:
        """Whether a word begins so."""
        if start not in self._begun:
            found = self.words.filter(word__gte=start, word__lt=start + "\uffff")
            self._begun[start] = bool(start) and found.exists()
        return self._begun[start]

    def like(self, word: str) -> list[str]:
        """Words one letter away, the likeliest first; where there are none, those two letters away from a long word."""
        if word not in self._likes:
            self._likes[word] = self._like(word)
        return self._likes[word]

    def _like(self, word: str) -> list[str]:
        near = self.words.filter(word__in=one_letter_away(word)).order_by("-uses", "word")
        found = list(near.values_list("word", flat=True)[:LIKE])
        return likelier_first(word, found) or self._two_letters_away(word)

    def _two_letters_away(self, word: str) -> list[str]:
        if len(word) < LONG:
            return []
        alike = self.words.filter(Similar(Lower("word"), word)).order_by("-uses").values_list("word", flat=True)[:50]
        return two_letters_away(word, alike)[:LIKE]
