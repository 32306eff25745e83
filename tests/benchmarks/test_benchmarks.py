"""The benchmarks compare equal things."""

from pathlib import Path

import pytest
import torch
from pandas.testing import assert_frame_equal
from torch import nn

from benchmarks import refresh
from benchmarks.report import Figure, table
from benchmarks.textbook import NETWORKS as TEXTBOOKS
from benchmarks.throughput import NETWORKS as OURS
from gan_core.models.networks import build_discriminator, build_generator
from gan_core.runs.history import History


def weights(network: nn.Module) -> list[int]:
    """The sizes of all weights, however they are ordered."""
    return sorted(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("name", OURS)
def test_the_networks_of_the_tutorials_have_the_same_sizes(name: str) -> None:
    size, (generator, discriminator) = TEXTBOOKS[name]

    assert size == OURS[name].data.image_size
    assert weights(generator) == weights(build_generator(OURS[name], 0))
    assert weights(discriminator) == weights(build_discriminator(OURS[name], 0))


def test_the_linear_generator_of_the_tutorials_makes_the_same_images() -> None:
    theirs, ours = TEXTBOOKS["gan.py"][1][0], build_generator(OURS["gan.py"], 0)
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    z = torch.linspace(-1, 1, 300).view(3, 100)

    assert torch.equal(theirs.eval()(z), ours.eval()(z))


def test_a_table_has_columns_as_wide_as_their_widest_cell() -> None:
    rows: list[dict[str, Figure]] = [{"name": "a", "images/s": 1234}, {"name": "longer", "images/s": 5.678}]

    assert table(rows).splitlines() == ["name    images/s", "a          1,234", "longer      5.68"]


@pytest.mark.parametrize("points", [10, 1000])
def test_a_long_run_generated_by_sql_equals_one_written_by_a_trainer(tmp_path: Path, points: int) -> None:
    with History(tmp_path / "sql") as made, History(tmp_path / "rows") as written:
        made.begin_attempt(0, 0, 1)
        refresh.fill(made, 300)
        made.set_progress(step=300, images_seen=300 * refresh.BATCH)
        written.append(written.begin_attempt(0, 0, 1), [refresh.row(step) for step in range(1, 301)])

        assert_frame_equal(made.curves.frame(points=points), written.curves.frame(points=points))
