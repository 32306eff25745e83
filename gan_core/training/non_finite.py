"""Training that has diverged: a number became NaN or infinite, and every later step would be NaN."""

import math
from collections.abc import Mapping

# In the order in which a step computes them: the first NaN is the cause of the later ones.
SCALARS_IN_WORDS = {
    "logit_real": "the output of D for real images",
    "logit_fake": "the output of D for generated images",
    "loss_d": "the loss of D",
    "penalty": "the penalty",
    "grad_norm_d": "the gradient of D",
    "loss_g": "the loss of G",
    "grad_norm_g": "the gradient of G",
}
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
    """Raises NonFiniteError if a scalar of this step is NaN or infinite."""
    bad = [name for name, value in scalars.items() if not math.isfinite(value)]
    if bad:
        first = next((name for name in SCALARS_IN_WORDS if name in bad), bad[0])
        raise NonFiniteError(f"{SCALARS_IN_WORDS.get(first, first)} became {in_words(scalars[first])} at step {step:,}")


def non_finite_tensor(name: str, nan: bool, step: int) -> NonFiniteError:
    """The error for a tensor of the training state (by its flat name) that is not finite after this step."""
    what = TENSORS_IN_WORDS[name.partition(".")[0]]
    return NonFiniteError(f"{what} became {'NaN' if nan else 'infinite'} at step {step:,} or before")


def in_words(value: float) -> str:
    return "NaN" if math.isnan(value) else "infinite"
