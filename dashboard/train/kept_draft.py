"""The draft of a visitor: in the session, and in a cookie of the browser for a reload, a new tab or a new server.

A cookie is sent when a page connects, so the first draw of the form has it already. It is written by the component
`train_form`. All tabs of a browser share it: the tab in which the form was changed last writes it.
"""

import base64
import json
import zlib
from typing import Any, get_args

import streamlit as st

from dashboard.train.draft import FAMILY, Draft, Unit
from dashboard.train.setting_field import as_text
from dashboard.ui import cookies
from gan_core.config import Setting, settings_of
from gan_core.presets import PRESETS

DRAFT = "train.draft"
COOKIE = "draft"
MOST_BYTES = 3_800  # browsers keep 4096 of a cookie, with its name
MOST_READ = 65_536  # bytes after decompression: a cookie is written by whoever likes
LONGEST_TEXT = 2_048
FIELDS = ("preset", "name", "changes", "epochs", "unit")


def draft() -> Draft:
    """This visitor's draft. It survives reruns and a change of page in the session, and a reload in the cookie."""
    if DRAFT not in st.session_state:
        st.session_state[DRAFT] = read()
    kept: Draft = st.session_state[DRAFT]
    return kept


def read() -> Draft:
    """The draft in the cookie of this visitor; the default draft if there is none, or if it cannot be read."""
    return draft_from(cookies.kept(COOKIE))


def text_of(draft: Draft) -> str:
    """The value of the cookie; empty for the default draft, and for one that is too long."""
    if draft == Draft():
        return ""
    values = {field: getattr(draft, field) for field in FIELDS}
    text = base64.urlsafe_b64encode(zlib.compress(json.dumps(values).encode(), 9)).decode().rstrip("=")
    return text if len(text) <= MOST_BYTES else ""


def draft_from(text: str) -> Draft:
    """The draft that `text_of` wrote. Everything that the form could not show is left out."""
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        values = json.loads(zlib.decompressobj().decompress(packed, MOST_READ), parse_constant=refuse_constant)
        return restored(values)
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Draft()


def refuse_constant(name: str) -> None:
    """Raises ValueError: NaN and infinity are no values of the form."""
    raise ValueError(name)


def restored(values: dict[str, Any]) -> Draft:
    """The draft with these values. Raises KeyError, TypeError or ValueError if they are none."""
    preset, changes = values["preset"], values["changes"]
    families = {path: value for path, value in changes.items() if path.endswith(FAMILY)}
    base = {setting.path: setting for setting in settings_of(PRESETS[preset].config)}
    draft = Draft(preset, changes={path: value for path, value in families.items() if accepts(base.get(path), value)})
    known = {setting.path: setting for setting in settings_of(draft.checked().base)}
    for path, value in changes.items():
        if path not in draft.changes and accepts(known.get(path), value):
            draft.changes[path] = ", ".join(map(str, value)) if isinstance(value, list) else value
    draft.name = str(values["name"])[:LONGEST_TEXT]
    draft.unit = values["unit"] if values["unit"] in get_args(Unit) else draft.unit
    draft.epochs = None if values["epochs"] is None else float(values["epochs"])
    return draft


def accepts(setting: Setting | None, value: Any) -> bool:
    """Whether the form can show this value, valid or not, in the field of the setting."""
    if setting is None:
        return False
    if setting.info.annotation is bool:
        return isinstance(value, bool)
    if setting.options:
        return value in setting.options and not isinstance(value, bool)
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    if isinstance(setting.value, tuple):
        return isinstance(value, list) and len(as_text(setting, tuple(value))) <= LONGEST_TEXT
    return setting.info.annotation in (int, float) and isinstance(value, int | float) and not isinstance(value, bool)
