"""Which runs show digits that the classifier can read."""

from gan_core.evaluation.digit_data import shows_digits
from tests.tiny_runs import tiny


def test_grey_digits_of_28_pixels_can_be_read() -> None:
    assert shows_digits(tiny(data__name="mnist-5k", data__image_size=28))
    assert not shows_digits(tiny(data__name="mnist-5k", data__image_size=32))
    assert not shows_digits(tiny(data__name="mnist-5k", data__image_size=28, data__channels=3))
    assert not shows_digits(tiny(data__name="fashion-mnist", data__image_size=28))
    assert not shows_digits(tiny())
