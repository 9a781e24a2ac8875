"""Contenders: contents come before times, and what is no answer is said."""

from mapbox_vector_tile import encode

from bench.client import Answer
from bench.race import BARE, Question, run, summary
from bench.tile_lists import Tile

QUESTION = Question(Tile(5, 25, 14))


def answer(*features: dict[str, object], status: int = 200) -> Answer:
    placed = [{"geometry": "POINT(1 1)", "properties": properties} for properties in features]
    body = encode([{"name": "devices", "features": placed}]) if features else b""
    return Answer(status, 0.01, body, len(body), {})


def test_a_cluster_counts_for_its_members_and_a_feature_for_one():
    taken = run({"ours": lambda _: answer({"count": 41, "n_valid": 41}, {"status": "valid"})}, [QUESTION], rounds=3)
    (figure,) = summary("", "a tile", taken, {QUESTION: 42})
    assert (figure.note, figure.n, figure.features, figure.median) == ("1 of 1 exact", 3, 2, 10.0)


def test_devices_that_a_contender_leaves_out_are_said():
    taken = run({"a peer": lambda _: answer({"status": "valid"})}, [QUESTION], rounds=1)
    (figure,) = summary("", "a tile", taken, {QUESTION: 42})
    assert figure.note == "0 of 1 exact; off by -41 to -41 devices"


def test_a_refusal_is_no_time():
    taken = run({"ours": lambda _: answer(status=422)}, [QUESTION], rounds=2)
    assert summary("", "a tile", taken, {QUESTION: 42}) == []
    assert taken["ours"].refused == ["5/25/14: 422"]


def test_every_contender_answers_every_question_as_often():
    asked: list[tuple[str, Question]] = []
    other = Question(Tile(6, 50, 28), "status=valid")

    def contender(name: str):
        return lambda question: asked.append((name, question)) or answer({"status": "valid"})

    run({name: contender(name) for name in ("ours", BARE, "a peer")}, [QUESTION, other], rounds=4)
    assert {asked.count((name, question)) for name in ("ours", BARE, "a peer") for question in (QUESTION, other)} == {5}
