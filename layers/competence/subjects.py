"""What scope lines say, each content once: the table that questions in words are asked of.

Thousands of lines of hundreds of bodies say the same. A subject stands in the table from the commit of the first
published line that says it to that of its last; who may do it, and since when, is always asked of the lines. No writer
waits for another here. So a subject may stand twice where two transactions brought it at once, or be missing where one
brought it while another took its last line away: `tidy` mends both.
"""

from django.db import connections

from geodata.text import LONGEST_WORD
from layers.competence.tables import ScopeSubject
from layers.derived import Cursor, Part, declares
from layers.registers.base import PUBLIC
from layers.registers.qualifications import ScopeLine
from layers.tasks import repeated

TIDY_EVERY_S = 600

_LINES, TABLE = ScopeLine._meta.db_table, ScopeSubject._meta.db_table


# The same as `geodata.text.words`, and those words without accents, in the database: who writes lines needs no Python.
_WORDS = rf"""
CREATE FUNCTION scope_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(left(word, {LONGEST_WORD}) || ':' || least(n, 8000) || 'A '
        || normalize(regexp_replace(
            replace(normalize(left(word, {LONGEST_WORD}), NFD), 'đ', 'd'), '[\u0300-\u036f]', '', 'g'
        ), NFC)
        || ':' || least(n, 8000) + 8000 || 'B', ' '), '')::tsvector
    FROM regexp_split_to_table(
        normalize(regexp_replace(
            normalize(lower(normalize(said, NFKC) COLLATE "und-x-icu"), NFKD),
            '(?<!q)(o(?=[ae])|u(?=y))([aey])([\u0300\u0301\u0303\u0309\u0323])(?![[:alpha:]])', '\1\3\2', 'g'
        ), NFKC),
        '[^[:alnum:]]+'
    ) WITH ORDINALITY AS parts (word, n)
    WHERE word <> ''
$$
"""

_SUBJECTS = f"""
    SELECT DISTINCT ON (lines.subject) lines.subject, activity, product, test, method, device_type_id,
           scope_words(concat_ws(' ', product, test, method, types.name_vi, types.name_en))
    FROM {{lines}} AS lines LEFT JOIN layers_devicetype AS types ON types.id = lines.device_type_id
    WHERE lines.publish_state = '{PUBLIC}'
"""

_OWN_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

_NOTE = f"""
CREATE FUNCTION note_scope_subjects() RETURNS trigger LANGUAGE plpgsql {_OWN_RIGHTS} AS $$
BEGIN
    INSERT INTO {TABLE} {_SUBJECTS.format(lines="after")}
    AND NOT EXISTS (SELECT FROM {TABLE} AS known WHERE known.id = lines.subject);
    RETURN NULL;
END $$
"""

_FORGET = f"""
CREATE FUNCTION forget_scope_subjects() RETURNS trigger LANGUAGE plpgsql {_OWN_RIGHTS} AS $$
BEGIN
    DELETE FROM {TABLE} AS one WHERE one.id IN (SELECT subject FROM before) AND NOT EXISTS (
        SELECT FROM {_LINES} AS line WHERE line.subject = one.id AND line.publish_state = '{PUBLIC}');
    RETURN NULL;
END $$
"""

_RENAME = f"""
CREATE FUNCTION rename_scope_subjects() RETURNS trigger LANGUAGE plpgsql {_OWN_RIGHTS} AS $$
BEGIN
    UPDATE {TABLE} SET words = scope_words(concat_ws(' ', product, test, method, types.name_vi, types.name_en))
    FROM after AS types WHERE types.id = {TABLE}.device_type_id;
    RETURN NULL;
END $$
"""

# What the words of a content are made of, beside its lines.
NAMED_BESIDE_LINES = {("layers_devicetype", "name_vi"), ("layers_devicetype", "name_en")}
_FUNCTIONS = ("note_scope_subjects", "forget_scope_subjects", "rename_scope_subjects")


@declares
def parts() -> tuple[Part, ...]:
    """The table of subjects and what keeps it."""
    return (
        Part(
            name="scope_subjects",
            tables=(TABLE,),
            functions=(*_FUNCTIONS, "scope_words"),
            make=(
                f"CREATE TABLE {TABLE} (id bigint NOT NULL, activity text NOT NULL, product text NOT NULL,"
                " test text NOT NULL, method text NOT NULL, device_type_id smallint, words tsvector NOT NULL)",
                f"CREATE INDEX {TABLE}_id ON {TABLE} (id)",
                f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words) WITH (fastupdate = off)",
                _WORDS,
                _NOTE,
                _FORGET,
                _RENAME,
                *(_trigger(_LINES, event, "note_scope_subjects") for event in ("INSERT", "UPDATE")),
                *(_trigger(_LINES, event, "forget_scope_subjects", seen="OLD") for event in ("UPDATE", "DELETE")),
                _trigger("layers_devicetype", "UPDATE", "rename_scope_subjects"),
                f"REVOKE EXECUTE ON FUNCTION {', '.join(_FUNCTIONS)} FROM PUBLIC",
            ),
            shown=(TABLE,),
            needs=frozenset({(_LINES, "subject"), ("layers_devicetype", "name_en")}),
            fill=_fill,
        ),
    )


def _trigger(table: str, event: str, function: str, *, seen: str = "NEW") -> str:
    rows = f"{seen} TABLE AS {'after' if seen == 'NEW' else 'before'}"
    return (
        f"CREATE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


def _fill(cursor: Cursor) -> None:
    cursor.execute(f"INSERT INTO {TABLE} {_SUBJECTS.format(lines=_LINES)}")


@repeated(every_s=TIDY_EVERY_S)
def tidy() -> int:
    """Takes away subjects that stand twice or that no published line says, adds missing ones; gives how many."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} AS one WHERE EXISTS (SELECT FROM {TABLE} AS other"
            " WHERE other.id = one.id AND other.ctid < one.ctid) OR NOT EXISTS (SELECT FROM"
            f" {_LINES} AS line WHERE line.subject = one.id AND line.publish_state = '{PUBLIC}')"
        )
        removed = int(cursor.rowcount)
        cursor.execute(
            f"INSERT INTO {TABLE} {_SUBJECTS.format(lines=_LINES)}"
            f" AND NOT EXISTS (SELECT FROM {TABLE} AS known WHERE known.id = lines.subject)"
        )
        return removed + int(cursor.rowcount)
