"""The metrics: what each one measures, and to which runs it applies."""

import subprocess
import sys

import pytest
import torch

from gan_core.evaluation.metric import Metric
from gan_core.evaluation.metrics import METRICS, metrics_for
from gan_core.evaluation.samples import Samples
from gan_core.models.networks import build_generator
from gan_core.pictures.render import still_generator
from tests.conftest import REPOSITORY
from tests.tiny_runs import tiny

COUNT = 150
DIGITS = tiny(data__name="mnist-5k", data__image_size=28)


@pytest.fixture
def samples() -> Samples:
    generator = still_generator(DIGITS, 0, build_generator(DIGITS, 0).state_dict())
    return Samples(generator, DIGITS, COUNT)


@pytest.mark.parametrize(
    ("name", "counts", "value"),
    [
        ("sure_digits", (9,) * 10, 90 / COUNT),
        ("sure_digits", (0,) * 10, 0.0),
        ("rarest_digit", (9, 3, *(9,) * 8), 3 / COUNT),
        ("rarest_digit", (COUNT, *(0,) * 9), 0.0),
    ],
)
def test_a_share_of_the_counted_digits(
    name: str, counts: tuple[int, ...], value: float, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Samples, "digit_counts", counts)

    estimate = METRICS[name].compute(samples)

    assert (estimate.value, estimate.n) == (value, COUNT)
    assert estimate.low <= value <= estimate.high


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_describes_itself_in_one_sentence(metric: Metric) -> None:
    assert metric.title
    assert metric.help.endswith(".")
    assert metric.help.count(". ") == 0


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_of_digits_is_a_number_for_a_real_generator(name: str, samples: Samples) -> None:
    estimate = METRICS[name].compute(samples)

    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_metrics_of_digits_apply_to_runs_of_digits_only() -> None:
    assert list(metrics_for(DIGITS)) == ["sure_digits", "rarest_digit"]
    assert metrics_for(tiny()) == {}
    assert metrics_for(tiny(data__name="fashion-mnist", data__image_size=28)) == {}


def test_names_and_titles_are_read_without_torch() -> None:
    code = "import sys; import gan_core.evaluation.metrics; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_samples_are_those_of_the_seeds_with_a_call_before_each_batch() -> None:
    calls: list[None] = []
    generator = still_generator(DIGITS, 0, build_generator(DIGITS, 0).state_dict())

    samples = Samples(generator, DIGITS, COUNT, lambda: calls.append(None))
    assert samples.digit_counts == samples.digit_counts

    assert (len(samples), tuple(samples.pixels.shape)) == (COUNT, (COUNT, 1, 28, 28))
    assert len(calls) == 4  # two batches are rendered, then classified
    assert torch.equal(samples.pixels[:100], Samples(generator, DIGITS, 100).pixels)
