"""How long the server takes for a whole page: each first, with nothing of it asked for before, and then once more."""

import json
import random
from collections.abc import Sequence
from urllib.parse import quote

from bench import figures
from bench.client import Client
from bench.figures import Figure
from bench.places import SEED
from bench.running import server

TITLE = "Pages"
GOAL = "pages"
RECORD = "the page of a record"
LAYERS = ("laboratories", "certification_bodies")
TASKS = (
    "hiệu chuẩn cân 150 kg",
    "chì trong nước",
    "kiểm định cột đo xăng dầu",
    "chloramphenicol tôm",
    "chứng nhận thép",
)
CITIES = ((105.85, 21.03), (106.7, 10.78), (108.21, 16.05))


def measure(*, small: bool) -> list[Figure]:
    """Records of bodies, the search of /find with a position, lists of provinces and the map's own page."""
    with server() as running:
        return figures_at(running.address, small=small)


def figures_at(address: str, *, small: bool) -> list[Figure]:
    """The same of any server of ours."""
    find = [f"/find?competence={quote(task)}&lon={lon}&lat={lat}" for task in TASKS for lon, lat in CITIES]
    lists = [f"/list/laboratories?province={code}" for code in ("01", "48", "79", "92")]
    with Client(address) as client:
        asked = (
            (RECORD, _records(client, 10 if small else 100)),
            ("who can do it", find),
            ("a list", lists),
            ("the map's page", ["/"]),
        )
        return [figure for what, paths in asked for figure in _twice(client, what, paths)]


def _records(client: Client, most: int) -> list[str]:
    """Addresses of records of the layers of bodies, drawn by a seed."""
    found = [f"/{layer}/{row['id']}" for layer in LAYERS for row in _rows(client, layer)]
    return random.Random(SEED).sample(found, min(most, len(found)))


def _rows(client: Client, layer: str) -> Sequence[dict]:
    return json.loads(client.get(f"/api/v1/{layer}/?limit=1000").body)["features"]  # type: ignore[no-any-return]


def _twice(client: Client, what: str, paths: Sequence[str]) -> list[Figure]:
    """Times of the first and of the second request of each; RuntimeError where one is not answered."""
    return [_times(client, what, when, paths) for when in ("first", "again")]


def _times(client: Client, what: str, when: str, paths: Sequence[str]) -> Figure:
    answers = [client.get(path) for path in paths]
    wrong = [path for path, answer in zip(paths, answers, strict=True) if answer.status != 200]
    if wrong:
        raise RuntimeError(f"not answered: {wrong}")
    sent = sorted(answer.sent_bytes for answer in answers)
    times = [1000 * answer.seconds for answer in answers]
    return figures.of(GOAL, what, when, times, sent=sent[len(sent) // 2], most_sent=sent[-1])
