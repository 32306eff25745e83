"""Latents without a seed: a run keeps them under the hash of their numbers, which expressions use as a name."""

from pathlib import Path

import pytest
import torch

from gan_core.cli.draw import draw_expression, draw_seeds
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.runs.store import CheckpointError, RunMissingError, RunStore
from tests.tiny_runs import tiny, train


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """One short run, `run`, trained to its end."""
    store = RunStore(tmp_path_factory.mktemp("kept") / "runs")
    train(store, store.create(tiny(train__images=160), "run"))
    return store


def latent(number: int) -> torch.Tensor:
    return torch.randn(1, 4, generator=generator_for(number, "kept"), dtype=torch.float64)


def test_a_kept_latent_is_loaded_exactly(store: RunStore) -> None:
    source = store.latents("run").keep(latent(0))

    assert torch.equal(store.latents("run").load(source), latent(0))


def test_equal_latents_have_equal_names_and_different_ones_do_not(store: RunStore) -> None:
    first, again, other = (store.latents("run").keep(latent(number)) for number in (1, 1, 2))

    assert first == again != other
    assert {first, other} <= set(store.latents("run").names())
    assert len(store.latents("run").names()) == len(set(store.latents("run").names()))


def test_a_latent_is_kept_with_its_classes_and_without_them_under_the_name_that_it_always_had(store: RunStore) -> None:
    kept, classes = store.latents("run"), torch.tensor([[0.0, 1.5, -0.5]])
    plain, labelled = kept.keep(latent(4)), kept.keep(latent(4), classes)

    assert plain != labelled
    assert torch.equal(kept.load(plain), kept.load(labelled))
    assert kept.classes(plain) is None
    assert torch.equal(kept.classes(labelled), classes.double())  # type: ignore[arg-type]
    assert kept.keep(torch.ones(1, 4)) == "kept:1184f7289db8"


@pytest.mark.parametrize("source", ["kept:000000000000", "kept:../../../x", "seed:3", "kept:", ""])
def test_the_error_for_an_unknown_kept_latent_names_it(store: RunStore, source: str) -> None:
    with pytest.raises(RunMissingError, match="run run keeps no latent"):
        store.latents("run").load(source)


def test_a_latent_whose_bytes_changed_is_refused(store: RunStore) -> None:
    source = store.latents("run").keep(latent(3))
    path = next(store.folder("run").glob(f"*/{source.removeprefix('kept:')}*"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(CheckpointError, match="is damaged"):
        store.latents("run").load(source)


def test_the_terminal_draws_a_kept_latent_like_a_seed(store: RunStore, tmp_path: Path) -> None:
    source = store.latents("run").keep(latents_for_seeds([12], store.config("run").model.latent))

    draw_expression(store, "run", f"{source} - seed:3 + seed:3", None, None, False, tmp_path / "kept.png")
    draw_seeds(store, "run", [12], None, None, False, tmp_path / "seed.png")

    assert (tmp_path / "kept.png").read_bytes() == (tmp_path / "seed.png").read_bytes()


def test_a_run_without_kept_latents_has_none(store: RunStore) -> None:
    other = store.create(tiny(), "other")

    assert store.latents(other).names() == []
    with pytest.raises(RunMissingError, match="there is no run"):
        store.latents("nobody").keep(latent(0))
