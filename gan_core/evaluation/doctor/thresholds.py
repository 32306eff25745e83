"""Every limit of the doctor, with its reason. `python -m benchmarks.verdicts` prints what they do to real runs."""

from typing import NamedTuple


class Threshold(NamedTuple):
    """A limit, and why it is that."""

    value: float
    reason: str


FEWEST_STEPS = Threshold(
    300, "D's first steps are easy: healthy runs too have a D that is right 99 % of the time then."
)
STEPS_OF_COLLAPSE = Threshold(1_000, "The preset non-saturating makes one picture for 400 steps, and digits later.")
STEPS_OF_DIGITS = Threshold(
    1_000, "Healthy runs lack a digit at 300 steps and have all ten at 600 (see the benchmark)."
)
STEPS_OF_DIVERGENCE = Threshold(30, "The first steps of sound runs may be large; those of a rate of 1 stay large.")
GRADIENT = Threshold(
    1_000, "ganhacks warns of 100; healthy runs stay below 50, a frozen G sees 170, rates of 1 give 10,000."
)
WINDOW_STEPS = Threshold(200, "A mean over fewer steps of 64 images jumps by several percent.")
WINDOW_SHARE = Threshold(0.2, "Of a run: what was long ago says nothing about its networks now.")
D_RIGHT = Threshold(0.99, "Beyond it G's gradient is mostly noise (Arjovsky & Bottou 2017); D's loss near 0: ganhacks.")
D_GUESSES = Threshold(0.04, "Distance from one half at which D's decisions carry nothing; noise of 200 steps is 0.01.")
AT_REST = Threshold(0.02, "Distance of D's loss from equilibrium, as a share: closer means that D tells nothing apart.")
CONTRAST = Threshold(0.02, "Standard deviation of all pixels, of 0 to 1: MNIST has 0.31, a flat picture 0.")
VARIETY = Threshold(0.1, "Share of the variance between pictures: 0.7 for MNIST, below 0.03 after a collapse.")
DIFFERENT = Threshold(
    0.4, "Share of new pictures: 1 for MNIST, 0.86 in healthy runs; 0.2 for a G with one latent number."
)
TURNS = Threshold(0.05, "Share of new pictures from which on one sees some pictures in turns and not one: 3 of 64.")
CLEAR = Threshold(0.2, "Share of clear digits below which a missing one says nothing: the pictures are no digits yet.")
PROGRESS = Threshold(0.15, "Growth of the share of clear digits that shows that G learns; a frozen G moves by 0.01.")
RAREST = Threshold(0.01, "Pictures of the rarest digit, as a share of the clear ones: a tenth of a tenth (one in ten).")
GOOD = Threshold(0.6, "Share of clear digits above which standing still is no fault.")
MEASUREMENTS = Threshold(8, "Measurements before a run can be said to stand still.")
