"""The merged fonts, as set-up left them in static/vendor."""

import pytest
from fontTools.ttLib import TTFont

from scripts.fonts import FACES, VIETNAMESE
from scripts.places import VENDOR


@pytest.fixture(params=FACES)
def font(request):
    (path,) = VENDOR.glob(f"be-vietnam-pro/*/be-vietnam-pro-{request.param}.woff2")
    with TTFont(path) as opened:
        yield opened


def test_one_file_holds_every_vietnamese_letter(font):
    assert {letter for letter in VIETNAMESE if ord(letter) not in font.getBestCmap()} == set()


def test_figures_can_be_of_one_width(font):
    features = font["GSUB"].table.FeatureList.FeatureRecord
    (feature,) = {one.Feature.LookupListIndex[0] for one in features if one.FeatureTag == "tnum"}
    mapping = font["GSUB"].table.LookupList.Lookup[feature].SubTable[0].mapping
    figures = [font.getBestCmap()[ord(figure)] for figure in "0123456789"]
    assert len({font["hmtx"][mapping[name]][0] for name in figures}) == 1
