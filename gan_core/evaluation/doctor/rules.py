"""The findings, gravest first. Each rule looks at the evidence and returns a verdict or None."""

from collections.abc import Callable, Sequence
from statistics import fmean

from gan_core.evaluation.doctor import thresholds as limits
from gan_core.evaluation.doctor.evidence import Evidence, Means
from gan_core.evaluation.doctor.verdict import Verdict
from gan_core.runs.history.measurements import MeasurementRow

NOT_FINITE = "non_finite"  # the code of gan_core.training.non_finite.NonFiniteError
LOWER_RATES = "Start a new run with smaller learning rates, a tenth of these for example, or with a penalty on D."
# training is deterministic: the loss would be NaN again at the same step
AFTER_NAN = f"Resume would end the same way: {LOWER_RATES[:1].lower()}{LOWER_RATES[1:]}"


def not_finite(seen: Evidence) -> Verdict | None:
    """A loss, a gradient or a weight became NaN or infinite: every later step would be NaN."""
    if seen.code != NOT_FINITE:
        return None
    last = seen.curves[-1] if seen.curves else {}
    norms = [f"{last[name]:.3g} for {who}" for name, who in GRADIENTS.items() if name in last]
    before = f" In the steps before, the norm of the gradient was {' and '.join(norms)}." if norms else ""
    return Verdict(
        code="not_finite",
        kind="bad",
        sentence=f"Diverged: {seen.reason}.",
        why=f"{capital(seen.reason)}, and every later step would be NaN.{before}",
        advice=AFTER_NAN,
        group="gradients",
        column="grad_norm_d",
    )


def diverging(seen: Evidence) -> Verdict | None:
    """The gradients explode: the weights jump to and fro, and the loss says nothing."""
    norms = {name: recent(seen, name) or 0.0 for name in GRADIENTS}
    largest = max(norms, key=lambda name: norms[name])
    if seen.step < limits.STEPS_OF_DIVERGENCE.value or norms[largest] < limits.GRADIENT.value:
        return None
    loss = recent(seen, "loss_d")
    return Verdict(
        code="diverging",
        kind="bad",
        sentence=f"Diverging: the gradient of {GRADIENTS[largest]} has a norm of {norms[largest]:.3g}.",
        why=(
            f"In the last {steps_of(seen):,} steps the norm was {norms[largest]:.3g} on average; in healthy runs it is "
            f"below 50. D's loss was {0.0 if loss is None else loss:.3g}; at equilibrium it is "
            f"{seen.loss_d_at_rest:.3g}."
        ),
        advice=LOWER_RATES,
        group="gradients",
        column=largest,
    )


def one_picture(seen: Evidence) -> Verdict | None:
    """G makes the same picture, or a few, from every latent."""
    pictures = seen.pictures
    if pictures is None or not has_begun(seen, seen.pictures_at):
        return None
    flat = pictures.contrast < limits.CONTRAST.value
    if not flat and pictures.variety >= limits.VARIETY.value and pictures.different >= limits.DIFFERENT.value:
        return None
    turns = pictures.different >= limits.TURNS.value
    what = "a flat area" if flat else "one of a few pictures" if turns else "the same picture"
    may_recover = not flat and seen.step < limits.STEPS_OF_COLLAPSE.value
    return Verdict(
        code="one_picture",
        kind="warning" if may_recover else "bad",
        sentence=f"So far G makes {what} from every latent."
        if may_recover
        else f"Collapsed: G makes {what} from every latent.",
        why=(
            f"Of the pictures at {seen.pictures_at:,} images {percent(pictures.different)} are no copy of another one. "
            f"{percent(pictures.variety)} of the variance of their pixels lies between pictures; of MNIST it is 70 %."
        ),
        advice="Wait: some healthy runs begin like this." if may_recover else LOWER_RATES,
        group="losses",
        column="loss_g",
    )


def d_wins(seen: Evidence) -> Verdict | None:
    """D tells nearly all images apart, and G does not get better.

    Not for a critic, whose loss is 0 at equilibrium (Wasserstein): a healthy one is right 99.9 % of the time.
    """
    real, fake = recent(seen, "accuracy_real"), recent(seen, "accuracy_fake")
    if seen.loss_d_at_rest == 0:
        return None
    if real is None or fake is None or min(real, fake) < limits.D_RIGHT.value or learns(seen):
        return None
    clear = newest(seen, "sure_digits")
    measured = f" A digit classifier clearly recognises {percent(clear.value)} of the pictures." if clear else ""
    return Verdict(
        code="d_wins",
        kind="bad",
        sentence=f"D wins: it is right {percent((real + fake) / 2)} of the time, and G learns little from it.",
        why=(
            f"In the last {steps_of(seen):,} steps D recognised {percent(real)} of the real images and "
            f"{percent(fake)} of the generated ones: what G could improve is hardly in its gradient.{measured}"
        ),
        advice=(
            "Start a new run with a lower learning rate of D or a higher one of G, fewer steps of D, or with spectral "
            "norm or a penalty in D. The minimax loss makes it worse: non_saturating does not."
        ),
        group="accuracy",
        column="accuracy_fake",
    )


def digits_missing(seen: Evidence) -> Verdict | None:
    """Pictures are digits, but not all ten of them."""
    clear, rarest = newest(seen, "sure_digits"), newest(seen, "rarest_digit")
    if clear is None or rarest is None or clear.value < limits.CLEAR.value:
        return None
    if seen.step < limits.STEPS_OF_DIGITS.value:
        return None
    if rarest.value >= limits.RAREST.value * clear.value:
        return None
    found = round(rarest.value * rarest.n)
    return Verdict(
        code="digits_missing",
        kind="warning",
        sentence=f"Digits missing: at least one digit is in {found or 'none'} of {rarest.n:,} pictures.",
        why=(
            f"Of {rarest.n:,} pictures at {rarest.images_seen:,} images the classifier recognises "
            f"{percent(clear.value)} clearly, and {found} of them are the rarest digit. "
            f"With equal shares it would be about {round(clear.value * rarest.n / 10)}."
        ),
        advice=(
            "Early in a run they often come by themselves. If they do not: the relativistic loss with the penalty "
            "r1_r2, a larger latent, or a lower learning rate of G."
        ),
        group="quality",
        column="rarest_digit",
    )


def d_guesses(seen: Evidence) -> Verdict | None:
    """D tells nothing apart although the pictures are no digits: G has nothing to learn from."""
    real, fake, loss = (recent(seen, name) for name in ("accuracy_real", "accuracy_fake", "loss_d"))
    if real is None or fake is None or loss is None or learns(seen):
        return None
    off = abs(loss - seen.loss_d_at_rest) / max(abs(seen.loss_d_at_rest), 0.1)
    if off > limits.AT_REST.value or abs((real + fake) / 2 - 0.5) > limits.D_GUESSES.value:
        return None
    return Verdict(
        code="stalled",
        kind="warning",
        sentence=f"Stalled: D only guesses, it is right {percent((real + fake) / 2)} of the time.",
        why=(
            f"In the last {steps_of(seen):,} steps D's loss was {loss:.4g}, as if it could tell nothing apart "
            f"({seen.loss_d_at_rest:.4g}). So G has nothing to learn from."
        ),
        advice="Start a new run with a higher learning rate of D, a wider D, or a weaker penalty.",
        group="accuracy",
        column="accuracy_real",
    )


def stands_still(seen: Evidence) -> Verdict | None:
    """The pictures do not get better any more, and are not good."""
    clear = [row for row in seen.measurements if row.name == "sure_digits" and row.images_seen > 0]
    before, after = clear[: len(clear) // 2], clear[len(clear) // 2 :]
    if len(clear) < limits.MEASUREMENTS.value:
        return None
    best, now = (max(rows, key=lambda row: row.value) for rows in (before, after))
    if now.value > (best.high or best.value) or now.value >= limits.GOOD.value:
        return None
    return Verdict(
        code="stalled",
        kind="warning",
        sentence=f"Stalled: {percent(now.value)} of the pictures are clear digits, as many as long ago.",
        why=(
            f"The classifier clearly recognised {percent(best.value)} of the pictures at {best.images_seen:,} images. "
            f"Since {after[0].images_seen:,} images it was {percent(now.value)} at best."
        ),
        advice="Start a new run with lower learning rates, a longer average of G, or a penalty on D.",
        group="quality",
        column="sure_digits",
    )


def too_early(seen: Evidence) -> Verdict | None:
    """Too few steps to say anything."""
    if has_begun(seen, seen.images_seen):
        return None
    return Verdict(
        code="too_early",
        kind="unknown",
        sentence="No verdict yet: too few steps.",
        why=(
            f"The first {limits.FEWEST_STEPS.value:.0f} steps look alike in healthy and in broken runs: in both, D "
            f"learns faster than G at first. The run is at step {seen.step:,}."
        ),
        advice="",
    )


def healthy(seen: Evidence) -> Verdict:
    """Nothing else was found."""
    clear, right = newest(seen, "sure_digits"), [recent(seen, name) for name in ("accuracy_real", "accuracy_fake")]
    shares = [share for share in right if share is not None]
    about_d = f"D is right {percent(fmean(shares))} of the time, " if shares else ""
    differ = f"{percent(seen.pictures.different)} of the pictures differ" if seen.pictures else "no picture was seen"
    digits = f" A digit classifier clearly recognises {percent(clear.value)} of them." if clear else ""
    return Verdict(
        code="healthy",
        kind="good",
        sentence=f"Healthy: {about_d}the pictures differ.",
        why=f"In the last {steps_of(seen):,} steps {about_d or 'nothing was odd, '}and {differ}.{digits}",
        advice="",
        group="accuracy",
        column="accuracy_real",
    )


RULES: Sequence[Callable[[Evidence], Verdict | None]] = (
    not_finite,
    diverging,
    too_early,
    one_picture,
    d_wins,
    d_guesses,
    digits_missing,
    stands_still,
)
GRADIENTS = {"grad_norm_d": "D", "grad_norm_g": "G"}


def verdict_of(seen: Evidence) -> Verdict:
    """The gravest finding; `healthy` if there is none."""
    return next((found for rule in RULES if (found := rule(seen)) is not None), healthy(seen))


def has_begun(seen: Evidence, images_seen: int) -> bool:
    """Whether enough steps were made until `images_seen`."""
    return seen.step > 0 and images_seen * seen.step >= limits.FEWEST_STEPS.value * seen.images_seen


def window(seen: Evidence) -> list[Means]:
    """The rows of the curves that say how the run is now."""
    return [row for row in seen.curves if row["step"] > seen.step - steps_of(seen)]


def steps_of(seen: Evidence) -> int:
    """The length of the window in steps."""
    return min(seen.step, max(int(limits.WINDOW_STEPS.value), int(limits.WINDOW_SHARE.value * seen.step)))


def recent(seen: Evidence, name: str) -> float | None:
    """The mean of a scalar over the window; None without a value."""
    values = [row[name] for row in window(seen) if name in row]
    return fmean(values) if values else None


def newest(seen: Evidence, name: str) -> MeasurementRow | None:
    """The newest measurement of a metric."""
    return next((row for row in reversed(seen.measurements) if row.name == name and row.images_seen > 0), None)


def learns(seen: Evidence) -> bool:
    """Whether the measurements show that G learns, whatever D's accuracy is: all ten digits, or ever more clear ones.

    A share of clear digits alone shows nothing: the classifier takes a third of some noise for one digit.
    """
    clear, rarest = newest(seen, "sure_digits"), newest(seen, "rarest_digit")
    if clear is None or rarest is None:
        return False
    least = min(row.value for row in seen.measurements if row.name == "sure_digits")
    return rarest.value >= limits.RAREST.value * clear.value > 0 or clear.value - least >= limits.PROGRESS.value


def percent(share: float) -> str:
    """`58 %`; one decimal near both ends, where it matters."""
    return f"{100 * share:.1f} %" if min(share, 1 - share) < 0.02 else f"{100 * share:.0f} %"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
