"""How every benchmark prints its result: a title, the machine, an aligned table, and one JSON line for scripts."""

import json
import platform
from collections.abc import Mapping, Sequence

import torch

from gan_core.numerics.device import processors

Figure = str | int | float


def report(title: str, rows: Sequence[Mapping[str, Figure]], notes: Sequence[str] = ()) -> None:
    """Print `rows`, which must all have the same columns, and `notes` below; floats have three digits."""
    print(f"\n{title}")
    print(f"{processors()} processors ({platform.machine()}), torch {torch.__version__}")
    print(table(rows))
    for note in notes:
        print(note)
    print(json.dumps({"schema": 1, "benchmark": title, "rows": list(map(dict, rows))}), flush=True)


def table(rows: Sequence[Mapping[str, Figure]]) -> str:
    """Rows as text, each column as wide as its widest cell; numbers are aligned right, words left."""
    if not rows:
        return "(nothing)"
    titles = list(rows[0])
    cells = [titles, *([format_figure(row[title]) for title in titles] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(titles))]
    right = [not isinstance(rows[0][title], str) for title in titles]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if numeric else f"{cell:<{width}}"
            for cell, width, numeric in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    )


def format_figure(figure: Figure) -> str:
    """Three significant digits for a float below 1,000, otherwise separators for thousands."""
    if isinstance(figure, float):
        return f"{figure:.3g}" if abs(figure) < 1000 else f"{figure:,.0f}"
    return f"{figure:,}" if isinstance(figure, int) else figure
