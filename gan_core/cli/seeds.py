"""The option --seeds: numbers and ranges of seeds."""

import re

from gan_core.runs.store import RunError

SEED = re.compile(r"[0-9]{1,15}")
MOST_SEEDS = 4096


def parse_seeds(text: str) -> list[int]:
    """`"0-3,7"` as [0, 1, 2, 3, 7]; at most 4,096 seeds."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.replace(" ", "").partition("-")
        if not SEED.fullmatch(first) or (dash and not SEED.fullmatch(last)):
            raise RunError(f"--seeds wants numbers and ranges like 0-63 or 3,7,12, got {text!r}")
        upper = int(last) if dash else int(first)
        if len(seeds) + upper - int(first) >= MOST_SEEDS:
            raise RunError(f"--seeds names more than {MOST_SEEDS:,} seeds: {text!r}")
        seeds += range(int(first), upper + 1)
    if not seeds:
        raise RunError(f"--seeds names no seed: {text!r}")
    return seeds
