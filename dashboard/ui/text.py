"""Text for the pages: numbers, times and sizes in words, and which errors are sentences for the visitor."""

import re
from datetime import datetime

from gan_core.config import ConfigError
from gan_core.data.source import DataError
from gan_core.runs.store import CheckpointError, HistoryError, OwnedError, RunError, StorageError

# errors whose message is a sentence for the visitor
EXPECTED_ERRORS = (ConfigError, DataError, HistoryError, OwnedError, RunError, CheckpointError, StorageError)
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


NOTHING_YET = "\u2013"  # a dash


def escaped(text: str) -> str:
    """Escape Markdown, so that text from a file or a visitor is shown literally."""
    return MARKDOWN.sub(r"\\\1", text)


def as_sentence(text: str) -> str:
    """Add a capital and a full stop. A first word with an underscore, such as loss_d, keeps its case."""
    text = text.strip()
    first = text[:1] if "_" in text.partition(" ")[0] else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""


def amount(number: float) -> str:
    """`1234567` as 1,234,567."""
    return f"{number:,.0f}"


def epochs_in_words(epochs: float) -> str:
    """`1875.0` as 1,875 epochs, `1.0` as 1 epoch, `0.4267` as 0.427 epochs."""
    text = amount(epochs) if epochs >= 100 else f"{epochs:.3g}"
    return f"{text} epoch{'' if text == '1' else 's'}"


def duration(seconds: float) -> str:
    """`3725` as 1 h 2 min, `65` as 1 min 5 s."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{amount(hours)} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def clock(seconds: float) -> str:
    """`174` as 2:54, `3725` as 1:02:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def roughly(seconds: float) -> str:
    """An estimated duration, rounded: `3569` as 59 min, `154` as 2 min 30 s, `0.2` as under 1 s."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 120:
        return duration(seconds)
    return duration(round(seconds, -1) if seconds < 600 else 60 * round(seconds / 60)).removesuffix(" 0 s")


def size(count_of_bytes: float) -> str:
    """`36581294` as 37 MB."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    step = 0
    while count_of_bytes >= 1000 and step < len(units) - 1:
        count_of_bytes, step = count_of_bytes / 1000, step + 1
    return f"{count_of_bytes:.{1 if step > 0 and count_of_bytes < 9.95 else 0}f} {units[step]}"


def time_of_day(unix_seconds: float) -> str:
    """The local time, with the date unless it is today."""
    then = datetime.fromtimestamp(unix_seconds)
    return f"{then:%H:%M:%S}" if then.date() == datetime.now().date() else f"{then:%Y-%m-%d %H:%M}"
