"""Networks of a run at a snapshot, and pictures of seeds and expressions."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan_core.cli.draw import draw_expression, draw_seeds
from gan_core.config import RunConfig
from gan_core.execution.recorder import Recorder, snapshot_tensors
from gan_core.latent.expression import ExpressionError
from gan_core.numerics.rng import latents_for_seeds
from gan_core.pictures.render import Picture, grid, grid_labels, render, still_generator
from gan_core.runs.atomic_files import StorageError
from gan_core.runs.networks import discriminator_at, generator_at, of_player
from gan_core.runs.store import CheckpointError, RunError, RunMissingError, RunStore
from gan_core.training.state import TrainState
from tests.tiny import CLASSES, CPU
from tests.tiny_runs import tiny, train

FIRST, LAST = 160, 320  # images seen at two moments of the trained runs


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """Two short runs, `plain` and `labelled`, trained to their ends."""
    store = RunStore(tmp_path_factory.mktemp("trained") / "runs")
    for name, labels in (("plain", False), ("labelled", True)):
        train(store, store.create(tiny(data__labels=labels, train__images=LAST), name))
    return store


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def newborn(store: RunStore, config: RunConfig) -> tuple[str, TrainState]:
    """A run whose first snapshot is there and whose `resolved` is not: training has just begun."""
    run = store.create(config)
    state = TrainState(config, CLASSES if config.data.labels else 0, CPU)
    with store.open(run) as opened:
        Recorder(opened, state, 160, state.generator.inputs.classes).keep_snapshot()
    return run, state


def picture_in(path: Path) -> Picture:
    with Image.open(io.BytesIO(path.read_bytes())) as opened:
        return np.asarray(opened)


def expected(store: RunStore, run: str, seeds: list[int], at: int, labels: torch.Tensor | None = None) -> Picture:
    _, generator = generator_at(store, run, at)
    config = store.config(run)
    return grid(render(generator, config, latents_for_seeds(seeds, config.model.latent), labels))


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
def test_the_first_snapshot_can_be_drawn_before_auto_is_resolved(store: RunStore, labels: bool) -> None:
    run, state = newborn(store, tiny(data__labels=labels))
    assert store.record(run)["resolved"] is None

    at_generator, generator = generator_at(store, run)
    at_discriminator, discriminator = discriminator_at(store, run)

    assert at_generator == at_discriminator == 0
    assert generator.inputs.classes == (CLASSES if labels else 0)
    assert (discriminator.head.embed is not None) == labels
    assert same(generator.state_dict(), state.average.state_dict())


@pytest.mark.parametrize("run", ["plain", "labelled"])
def test_the_networks_of_a_snapshot_are_exact_and_in_eval_mode(trained: RunStore, run: str) -> None:
    networks = (generator_at(trained, run)[1], discriminator_at(trained, run)[1])

    for network in networks:
        assert {tensor.dtype for tensor in network.parameters()} == {torch.float64}
        assert not network.training
        assert not any(parameter.requires_grad for parameter in network.parameters())


def test_the_latest_snapshot_is_the_averaged_generator_and_the_discriminator_of_the_newest_checkpoint(
    trained: RunStore,
) -> None:
    state = of_state(trained, "plain")
    at, generator = generator_at(trained, "plain")
    _, discriminator = discriminator_at(trained, "plain")

    assert at == LAST
    assert same(generator.state_dict(), of_player(state, "average"))
    assert same(discriminator.state_dict(), of_player(state, "discriminator"))


def of_state(store: RunStore, run: str) -> dict[str, torch.Tensor]:
    return store.checkpoints(run).newest().tensors


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name].to(left[name])) for name in left)


def test_a_snapshot_is_found_by_its_images_seen(trained: RunStore) -> None:
    found = {at: generator_at(trained, "plain", at) for at in (0, FIRST, LAST)}

    assert [at for at, _ in found.values()] == [0, FIRST, LAST]
    assert not same(found[0][1].state_dict(), found[LAST][1].state_dict())


@pytest.mark.parametrize("look", [generator_at, discriminator_at])
def test_a_snapshot_that_is_not_there_is_named_with_those_that_are(trained: RunStore, look: object) -> None:
    assert callable(look)
    with pytest.raises(RunMissingError, match=rf"no snapshot at 7 images; it has those at 0, {FIRST}, {LAST}"):
        look(trained, "plain", 7)
    with pytest.raises(RunMissingError, match="there is no run 'nobody'"):
        look(trained, "nobody")


def test_a_snapshot_without_its_number_of_classes_is_refused(store: RunStore) -> None:
    run, state = newborn(store, tiny())
    store.snapshots(run).add(0, snapshot_tensors(state), {"classes": "ten"})

    with pytest.raises(CheckpointError, match=r"000000000000\.safetensors does not say how many classes"):
        generator_at(store, run)


def test_the_tensors_of_a_player_have_the_names_of_its_own() -> None:
    ones, twos = torch.ones(1), torch.full((1,), 2.0)

    assert of_player({"generator.a.weight": ones, "discriminator.a.weight": twos}, "generator") == {"a.weight": ones}


def test_seeds_are_drawn_eight_in_a_row_as_the_page_renders_them(trained: RunStore, tmp_path: Path) -> None:
    seeds = list(range(3, 13))

    draw_seeds(trained, "plain", seeds, FIRST, None, False, tmp_path / "seeds.png")

    picture = picture_in(tmp_path / "seeds.png")
    assert picture.shape == (16, 64)
    assert np.array_equal(picture, expected(trained, "plain", seeds, FIRST))


def test_a_few_seeds_make_one_short_row(trained: RunStore, tmp_path: Path) -> None:
    draw_seeds(trained, "plain", [5, 9, 2], None, None, False, tmp_path / "row.png")

    picture = picture_in(tmp_path / "row.png")
    assert picture.shape == (8, 24)
    assert np.array_equal(picture, expected(trained, "plain", [5, 9, 2, 0, 0, 0, 0, 0], LAST)[:, :24])


def test_the_seeds_of_the_sample_grid_are_the_sample_grid(trained: RunStore, tmp_path: Path) -> None:
    draw_seeds(trained, "labelled", list(range(64)), FIRST, None, False, tmp_path / "grid.png")

    assert (tmp_path / "grid.png").read_bytes() == trained.samples("labelled").png(FIRST)


def test_snapshot_zero_is_not_mistaken_for_the_latest(trained: RunStore, tmp_path: Path) -> None:
    draw_seeds(trained, "plain", [1], 0, None, False, tmp_path / "noise.png")
    draw_seeds(trained, "plain", [1], None, None, False, tmp_path / "digit.png")

    assert np.array_equal(picture_in(tmp_path / "noise.png"), expected(trained, "plain", [1] * 8, 0)[:, :8])
    assert (tmp_path / "noise.png").read_bytes() != (tmp_path / "digit.png").read_bytes()


def test_a_label_is_given_to_every_seed(trained: RunStore, tmp_path: Path) -> None:
    draw_seeds(trained, "labelled", list(range(8)), None, 7, False, tmp_path / "sevens.png")

    sevens = expected(trained, "labelled", list(range(8)), LAST, torch.full((8,), 7))
    in_turn = expected(trained, "labelled", list(range(8)), LAST, grid_labels(8, CLASSES))
    assert np.array_equal(picture_in(tmp_path / "sevens.png"), sevens)
    assert not np.array_equal(sevens, in_turn)


@pytest.mark.parametrize(
    ("run", "label", "rule"),
    [
        ("labelled", 10, r"run labelled has no label 10: use one of 0\.\.9"),
        ("labelled", -1, r"run labelled has no label -1: use one of 0\.\.9"),
        ("plain", 0, "run plain has no label 0: it was trained without labels"),
    ],
)
def test_an_unknown_label_is_refused_and_nothing_is_written(
    trained: RunStore, tmp_path: Path, run: str, label: int, rule: str
) -> None:
    with pytest.raises(RunError, match=rule):
        draw_seeds(trained, run, [0], None, label, False, tmp_path / "never.png")

    assert list(tmp_path.iterdir()) == []


def test_an_expression_of_one_seed_is_that_seed(trained: RunStore, tmp_path: Path) -> None:
    draw_expression(trained, "plain", "seed:12", None, None, False, tmp_path / "expression.png")
    draw_expression(trained, "plain", "seed:12 + seed:7 - seed:7", None, None, False, tmp_path / "detour.png")
    draw_seeds(trained, "plain", [12], None, None, False, tmp_path / "seed.png")

    assert (tmp_path / "expression.png").read_bytes() == (tmp_path / "seed.png").read_bytes()
    assert (tmp_path / "detour.png").read_bytes() == (tmp_path / "seed.png").read_bytes()


def test_an_expression_is_drawn_for_a_class(trained: RunStore, tmp_path: Path) -> None:
    draw_expression(trained, "labelled", "mean(seed:1, seed:2)", None, 3, False, tmp_path / "three.png")

    z = latents_for_seeds([1, 2], trained.config("labelled").model.latent).double().mean(0, keepdim=True)
    config, generator = trained.config("labelled"), generator_at(trained, "labelled")[1]
    assert np.array_equal(
        picture_in(tmp_path / "three.png"), grid(render(generator, config, z, torch.tensor([3])), columns=1)
    )


def test_classes_in_an_expression_replace_the_label(trained: RunStore, tmp_path: Path) -> None:
    draw_expression(trained, "labelled", "seed:1", None, 3, False, tmp_path / "three.png")
    draw_expression(trained, "labelled", "seed:1 + class:3", None, 8, False, tmp_path / "class.png")
    draw_expression(trained, "labelled", "seed:1 + class:3 - class:8", None, None, False, tmp_path / "less.png")

    assert (tmp_path / "class.png").read_bytes() == (tmp_path / "three.png").read_bytes()
    assert (tmp_path / "less.png").read_bytes() != (tmp_path / "three.png").read_bytes()


def test_a_seed_has_its_own_class_in_a_row_of_seeds_and_in_an_expression(trained: RunStore, tmp_path: Path) -> None:
    draw_seeds(trained, "labelled", [12], None, None, False, tmp_path / "row.png")
    draw_expression(trained, "labelled", "seed:12", None, None, False, tmp_path / "expression.png")
    draw_expression(trained, "labelled", "seed:12", None, 2, False, tmp_path / "two.png")
    draw_expression(trained, "labelled", "seed:12", None, 0, False, tmp_path / "zero.png")

    own = (tmp_path / "two.png").read_bytes()
    assert (tmp_path / "row.png").read_bytes() == (tmp_path / "expression.png").read_bytes() == own
    assert (tmp_path / "zero.png").read_bytes() != own


def test_a_difference_of_seeds_mixes_their_classes_too(trained: RunStore, tmp_path: Path) -> None:
    draw_expression(trained, "labelled", "seed:12 - seed:7 + 0.5*seed:3", None, None, False, tmp_path / "own.png")
    spelt = "seed:12 - seed:7 + 0.5*seed:3 + class:2 - class:7 + 0.5*class:3"
    draw_expression(trained, "labelled", spelt, None, None, False, tmp_path / "spelt.png")

    assert (tmp_path / "own.png").read_bytes() == (tmp_path / "spelt.png").read_bytes()


def test_a_broken_expression_writes_nothing(trained: RunStore, tmp_path: Path) -> None:
    with pytest.raises(ExpressionError, match="is incomplete"):
        draw_expression(trained, "plain", "seed:12 -", None, None, False, tmp_path / "never.png")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run", ["plain", "labelled"])
def test_raw_shows_the_generators_own_weights(trained: RunStore, tmp_path: Path, run: str) -> None:
    draw_seeds(trained, run, list(range(8)), None, None, True, tmp_path / "raw.png")

    config, classes = trained.config(run), CLASSES if run == "labelled" else 0
    own = still_generator(config, classes, of_player(of_state(trained, run), "generator"))
    z = latents_for_seeds(range(8), config.model.latent)
    picture = picture_in(tmp_path / "raw.png")
    assert np.array_equal(picture, grid(render(own, config, z, grid_labels(8, classes))))
    assert not np.array_equal(picture, expected(trained, run, list(range(8)), LAST, grid_labels(8, classes)))


def test_raw_cannot_be_combined_with_an_older_snapshot(trained: RunStore, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--raw shows the newest checkpoint and cannot be combined with --at"):
        draw_seeds(trained, "plain", [0], FIRST, None, True, tmp_path / "never.png")


def test_a_run_without_steps_cannot_be_drawn(store: RunStore, tmp_path: Path) -> None:
    run = store.create(tiny(), "run")

    with pytest.raises(RunMissingError, match="run run has no snapshot yet"):
        draw_seeds(store, run, [0], None, None, False, tmp_path / "never.png")
    with pytest.raises(CheckpointError, match="no checkpoint was ever saved"):
        draw_seeds(store, run, [0], None, None, True, tmp_path / "never.png")


def test_writing_a_picture_to_a_missing_folder_is_an_error(trained: RunStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no folder"):
        draw_seeds(trained, "plain", [0], None, None, False, tmp_path / "nowhere" / "seed.png")


def test_looking_at_a_run_leaves_the_shared_random_numbers_alone(trained: RunStore, tmp_path: Path) -> None:
    before = torch.random.get_rng_state()

    draw_seeds(trained, "labelled", [0, 1], None, None, False, tmp_path / "seeds.png")
    discriminator_at(trained, "labelled")

    assert torch.equal(torch.random.get_rng_state(), before)
