"""Vietnamese typed in Telex or VNI keystrokes."""

import pytest

from geodata.keystrokes import typed_words
from geodata.text import words
from tests.data.spoilt import telex, vni

SENTENCES = (
    "kiểm định cột đo xăng dầu",
    "hiệu chuẩn nhiệt kế thủy ngân",
    "thử nghiệm độ ẩm của gạo nếp",
    "nước uống đóng chai không chứa chì",
    "quả cân chuẩn huyết áp kế công tơ điện",
    "phường Nguyễn Trãi thành phố Thừa Thiên Huế",
    "giấy chứng nhận còn hiệu lực ở quận Gò Vấp",
    "khuya ngoằn ngoèo thuở khỏe rượu",
)


@pytest.mark.parametrize("typed", [telex, vni])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_words_that_were_meant_are_among_what_keystrokes_may_mean(typed, sentence: str) -> None:
    for meant, keys in zip(words(sentence), words(typed(sentence)), strict=True):
        assert meant == keys or meant in typed_words(keys), (meant, keys, typed_words(keys))


@pytest.mark.parametrize(
    ("keys", "meant"), [("nuwowsc", "nước"), ("chuaanr", "chuẩn"), ("nuoc71", "nước"), ("dinhd", "đinh")]
)
def test_marks_and_tones_may_stand_where_the_program_takes_them(keys: str, meant: str) -> None:
    assert meant in typed_words(keys)


@pytest.mark.parametrize("word", ["nh4", "pm10", "bod5", "lead", "class", "8270d", "iso", "", "b1", "123"])
def test_what_is_no_syllable_means_nothing_else(word: str) -> None:
    assert typed_words(word) == []
