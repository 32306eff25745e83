"""What a person writes about a run: notes.json as values."""

import json
from dataclasses import asdict, dataclass

from gan_core.runs.record import to_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """The title, tags, star and note of a run, and whether it is archived: left out of lists."""

    title: str = ""
    tags: tuple[str, ...] = ()
    star: bool = False
    note: str = ""
    archived: bool = False


def notes_to_bytes(notes: Notes) -> bytes:
    """The JSON text of notes.json."""
    return to_bytes(asdict(notes))


def notes_from(data: bytes) -> Notes:
    """The notes in the bytes of notes.json. Unreadable notes count as empty: they must not make a run unusable."""
    try:
        values = json.loads(data)
        return Notes(
            title=str(values.get("title", "")),
            tags=tuple(map(str, values.get("tags", ()))),
            star=bool(values.get("star", False)),
            note=str(values.get("note", "")),
            archived=bool(values.get("archived", False)),
        )
    except (ValueError, TypeError, AttributeError):
        return Notes()
