"""Whether what the recipes add works, through the command line, the run store and the pages.

Run in the root of a copy of the project; writes {kind: problem} to `problems.json`, with an empty text for no problem.
"""

import contextlib
import io
import json
import math
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from dashboard.app import routing
from dashboard.train import curve_groups, live_data
from gan_core import cli
from gan_core.config import DataConfig, ObjectiveConfig, RunConfig, applies, families_of, settings_of
from gan_core.data.registry import outlook
from gan_core.evaluation.evaluate import evaluate_snapshot
from gan_core.objective.equilibria import equilibrium
from gan_core.runs.store import RunStore

SECONDS = 60.0
IMAGES = 64
RUN = "run"
OLDER_RUN = Path(__file__).parents[1] / "fixtures" / "format-1.zip"
ONE_THREAD = ("train.precision=float32", "train.device=cpu", "train.threads=1")
DIGITS = ("data.name=digits", "data.image_size=8", "model.latent.size=4", "optim.batch_size=8", *ONE_THREAD)
NARROW = ("model.generator.widths=[8]", "model.discriminator.widths=[8]")
ONE_LAYER = ("model.generator.family=one-layer", "model.discriminator.family=one-layer")


def printed_by(*arguments: str) -> str:
    """What one command prints; `main` is all that `python -m gan_core` calls."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(arguments)
    assert code == 0, err.getvalue()
    return out.getvalue()


def trained(root: Path, *settings: str, preset: str = "mlp") -> RunStore:
    """Train the run RUN to its end, 64 images."""
    assignments = [part for setting in settings for part in ("--set", setting)]
    printed_by("train", "--run", RUN, "--preset", preset, "--images", str(IMAGES), "--root", str(root), *assignments)
    store = RunStore(root)
    assert store.summary(RUN).images_seen == IMAGES
    return store


def offered(path: str) -> tuple[object, ...]:
    """The values that a form offers for one setting."""
    return {setting.path: setting.options for setting in settings_of(RunConfig())}[path]


def finite(store: RunStore, column: str, run: str = RUN) -> bool:
    """Whether every row of a curve holds a number."""
    return all(map(math.isfinite, store.curve(run, [column])[column]))


def nothing(root: Path) -> None:
    """The project trains as it did."""
    trained(root, *DIGITS, *NARROW)


def loss(root: Path) -> None:
    store = trained(root, *DIGITS, *NARROW, "objective.loss=squared_hinge")
    assert finite(store, "loss_d")
    assert "squared_hinge" in offered("objective.loss")
    assert equilibrium(ObjectiveConfig(loss="squared_hinge")).loss_d.number == 2


def penalty(root: Path) -> None:
    store = trained(root, *DIGITS, *NARROW, "objective.penalty=zero_centred")
    assert (store.curve(RUN, ["penalty"])["penalty"] > 0).all()
    assert "zero_centred" in offered("objective.penalty")
    weight = next(setting for setting in settings_of(RunConfig()) if setting.path == "objective.gamma_start")
    assert applies(weight, {"objective.penalty": "zero_centred"})


def augmentation(root: Path) -> None:
    trained(root, *DIGITS, *NARROW, "objective.augment=brightness")
    assert "brightness" in offered("objective.augment")


def family(root: Path) -> None:
    trained(root, *DIGITS, *ONE_LAYER)
    assert "one-layer" in families_of("model.generator")
    assert "one-layer" in offered("model.discriminator.family")
    picture = root / "grid.png"
    printed_by("sample", RUN, "--out", str(picture), "--root", str(root))
    assert picture.is_file()


def data_set(root: Path) -> None:
    trained(root, *DIGITS, *NARROW, "data.name=digits-negative", "data.labels=true")
    assert "digits-negative" in offered("data.name")
    assert outlook(DataConfig(name="digits-negative", labels=True)) == (1_797, 10)
    help_text = next(setting for setting in settings_of(RunConfig()) if setting.path == "data.name").info.description
    assert help_text is not None
    assert "negatives of handwritten digits" in help_text


def metric(root: Path) -> None:
    store = trained(root, *DIGITS, *NARROW, "data.channels=3")
    measured = evaluate_snapshot(store, RUN, IMAGES)  # what the evaluator beside the training writes to the history
    assert [(each.name, 0 <= each.value <= 1) for each in measured] == [("coloured_pixels", True)]
    assert "Coloured pixels" in [line.title for line in curve_groups.GROUPS["quality"].lines]


def curve(root: Path) -> None:
    store = trained(root, *DIGITS, *NARROW)
    assert finite(store, "logit_gap")
    with store.history(RUN) as history:
        assert "logit_gap" in history.curves.csv().decode().splitlines()[0].split(",")
    assert "Difference" in [line.title for line in curve_groups.GROUPS["logits"].lines]
    assert len(live_data.curve(store, RUN, "logits", (None, None))["lines"]) == len(curve_groups.GROUPS["logits"].lines)
    older = printed_by("unpack", str(OLDER_RUN), "--root", str(root)).strip()
    assert not finite(store, "logit_gap", older)


def preset(root: Path) -> None:
    trained(root, *DIGITS, preset="two-layers")
    listed = json.loads(printed_by("presets", "--json"))["presets"]
    assert [each["summary"] for each in listed if each["name"] == "two-layers"] == ["One hidden layer in each network."]


def page(name: str = "data_sets") -> None:
    """The page `name` is in the navigation, and draws itself without an error."""
    from streamlit.testing.v1 import AppTest

    assert name in routing.make_pages()
    visitor = (
        AppTest.from_file(str(Path("app.py").resolve()), default_timeout=SECONDS)
        .run()
        .switch_page(f"pages/{name}.py")
        .run()
    )
    assert not visitor.exception
    assert any(text.value.startswith("**mnist**") for text in visitor.markdown)


CHECKS: Mapping[str, Callable[[Path], None]] = {
    "nothing": nothing,
    "loss": loss,
    "penalty": penalty,
    "augmentation": augmentation,
    "family": family,
    "data set": data_set,
    "metric": metric,
    "curve": curve,
    "preset": preset,
    "page": lambda root: page(),
}


def problem_of(check: Callable[[Path], None]) -> str:
    """What a check finds wrong; empty if it passes."""
    try:
        with tempfile.TemporaryDirectory() as root:
            check(Path(root))
    except Exception:  # whatever goes wrong is the answer
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    Path("problems.json").write_text(json.dumps({kind: problem_of(check) for kind, check in CHECKS.items()}))
