"""Numbers: exact ones, those left out, wrong ones, and questions that were not answered."""

from bench.parts.counting import Counted, _run, agreement


def test_what_is_left_out_is_not_wrong_and_what_is_refused_is_said():
    true = {"a": 1, "b": 2, "c": 3, "d": 4}
    one = Counted(numbers={"a": 1, "b": None, "c": 33}, refused={"d": "status 503"})
    assert agreement(one, true) == "1 of 4 exact; 1 absent; 1 wrong; 1 not answered (status 503)"


def test_a_refused_question_is_asked_once():
    asked: list[str] = []

    def refuse(query: str) -> tuple[float, int | None]:
        asked.append(query)
        raise RuntimeError("status 503")

    taken = _run({"ours": refuse}, ["a", "b"], rounds=3)
    assert sorted(asked) == ["a", "b"]
    assert taken["ours"].times == []
