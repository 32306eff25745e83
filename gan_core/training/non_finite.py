"""Training that has diverged: a number became NaN or infinite, and every later step would be NaN."""

import math
from collections.abc import Mapping

from gan_core.training.curve_columns import IN_ORDER_OF_COMPUTATION

TENSORS_IN_WORDS = {
    "generator": "the weights of G",
    "discriminator": "the weights of D",
    "average": "the averaged weights of G",
    "optimizer_g": "the state of Adam for G",
    "optimizer_d": "the state of Adam for D",
}


class NonFiniteError(ArithmeticError):
    """A loss, a gradient or a weight is NaN or infinite; the message says which one, and at which step."""

    code = "non_finite"


def check_scalars(scalars: Mapping[str, float], step: int) -> None:
    """Raises NonFiniteError if a scalar of this step is NaN or infinite: for the one that was computed first."""
    for column in IN_ORDER_OF_COMPUTATION:
        value = scalars.get(column.name, 0.0)
        if not math.isfinite(value):
            raise NonFiniteError(f"{column.subject} became {in_words(value)} at step {step:,}")


def non_finite_tensor(name: str, nan: bool, step: int) -> NonFiniteError:
    """The error for a tensor of the training state (by its flat name) that is not finite after this step."""
    what = TENSORS_IN_WORDS[name.partition(".")[0]]
    return NonFiniteError(f"{what} became {'NaN' if nan else 'infinite'} at step {step:,} or before")


def in_words(value: float) -> str:
    return "NaN" if math.isnan(value) else "infinite"
