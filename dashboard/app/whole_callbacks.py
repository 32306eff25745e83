"""What a button does is done to its end, also when the browser sends another message meanwhile.

At each use of `st.session_state` Streamlit looks for such a message, and if there is one, raises an exception that ends
what runs, to begin the page anew. The code of a page may end anywhere: it is run again. But the callback of a button or
a field is run once. It would end in the middle: runs are deleted and no sentence says so, or a number that was typed is
lost. So while a callback runs, the message waits.
"""

from functools import wraps

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState


def finish_callbacks() -> None:
    """Change Streamlit in this process. A second call changes nothing."""
    look = ScriptRequests.on_scriptrunner_yield
    if hasattr(look, "__wrapped__"):
        return

    @wraps(look)
    def look_outside_callbacks(requests: ScriptRequests) -> ScriptRequest | None:
        return None if in_a_callback() else look(requests)

    ScriptRequests.on_scriptrunner_yield = look_outside_callbacks  # type: ignore[method-assign, assignment]


def in_a_callback() -> bool:
    """Whether this thread runs the callback of a button, a field or a component."""
    try:
        return ThreadState.get().run_location == RunLocation.CALLBACK
    except RuntimeError:  # a thread that runs no page
        return False
