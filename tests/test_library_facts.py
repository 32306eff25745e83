"""Facts of libraries that no documentation promises and that the code relies on: one test for each.

A test that fails after an update names the place that has to change. Facts of a browser are in tests/browser.
"""

import tomllib
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.util import patch_config_options

REPOSITORY = Path(__file__).resolve().parents[1]
SUCCESS = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


def element(place: int, fragment: str = "") -> ForwardMsg:
    """An element of a page; `fragment` is the fragment that drew it."""
    message = ForwardMsg()
    message.metadata.delta_path[:] = [0, place]
    message.delta.new_element.text.body = f"element {place}"
    message.delta.fragment_id = fragment
    return message


def full_run(*elements: ForwardMsg) -> ForwardMsgQueue:
    """What a run of a whole page has put into the queue, before anything of it is sent."""
    queue, begun, finished = ForwardMsgQueue(), ForwardMsg(), ForwardMsg()
    begun.new_session.page_script_hash = "page"
    finished.script_finished = SUCCESS
    for message in (begun, *elements, finished):
        queue.enqueue(message)
    return queue


def left_after_a_poll(queue: ForwardMsgQueue, fragment: str) -> tuple[int, bool]:
    """How many elements are still sent after a poll of a fragment began, and whether the page counts as complete."""
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[fragment])
    messages = queue.flush()
    complete = any(m.WhichOneof("type") == "script_finished" and m.script_finished == SUCCESS for m in messages)
    return sum(m.WhichOneof("type") == "delta" for m in messages), complete


def test_a_poll_drops_the_unsent_elements_of_its_fragment_and_the_page_counts_as_complete() -> None:
    """Why no fragment that polls may own an element (dashboard/ui/pulse.py): the browser removes what is missing."""
    queue = full_run(element(0), element(1, "live"), element(2, "live"))

    assert left_after_a_poll(queue, "live") == (1, True)


def test_a_poll_of_a_fragment_without_elements_drops_nothing() -> None:
    queue = full_run(element(0), element(1), element(2, "save"))

    assert left_after_a_poll(queue, "pulse") == (3, True)


def test_no_message_is_sent_as_a_reference_to_an_earlier_one() -> None:
    """.streamlit/config.toml: `st.rerun` tells the next run which messages the browser had when the first run began.

    After some such runs in a row the browser may have forgotten one of them. It cannot resolve the reference, closes
    its connection and never opens another: all fields of the page stay disabled.
    """
    limit = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text())["global"]["minCachedMessageSize"]
    message = element(0)
    message.delta.new_element.text.body = "x" * 10_000_000

    assert is_cacheable(message, 10_000)  # Streamlit's default
    assert not is_cacheable(message, limit)


def is_cacheable(message: ForwardMsg, limit_bytes: float) -> bool:
    """Whether Streamlit may send a reference in place of this message."""
    with patch_config_options({"global.minCachedMessageSize": limit_bytes}):
        message.hash = ""
        populate_hash_if_needed(message)
    return message.metadata.cacheable


def page_with_a_fragment() -> None:
    import streamlit as st

    @st.fragment(run_every=1.0)
    def beat() -> None:
        st.session_state["beats"] = st.session_state.get("beats", 0) + 1

    beat()


def test_a_fragment_runs_within_the_run_of_the_page_and_may_draw_nothing() -> None:
    page = AppTest.from_function(page_with_a_fragment).run()

    assert page.session_state["beats"] == 1
    assert not page.exception


def test_the_browser_hears_which_fragment_to_run_how_often() -> None:
    """benchmarks/viewer.py polls as a browser does."""
    fields = ForwardMsg().auto_rerun.DESCRIPTOR.fields_by_name

    assert {"fragment_id", "interval"} <= set(fields)


def test_streamlit_collects_garbage_after_each_run_unless_a_hidden_option_says_no() -> None:
    """A collection takes 0.1 s of all threads, once a second for each viewer."""
    options = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text())

    assert options["runner"]["postScriptGC"] is False
    assert isinstance(st.get_option("runner.postScriptGC"), bool)  # an unknown option raises


def test_an_app_takes_routes_of_its_own() -> None:
    """`/live`, `/components` and `/runs` are served beside the pages (dashboard/app/server.py)."""
    app = st.App("app.py", routes=[])

    assert callable(app)
    with pytest.raises(TypeError):
        st.App("app.py", no_such_option=1)  # type: ignore[call-arg]  # an option that does not exist is what is tested


def test_a_component_gets_its_data_in_one_message_with_its_name() -> None:
    def page() -> None:
        import streamlit as st

        show = st.components.v2.component("fact", html="<p></p>\n", js="export default () => {}\n")
        show(key="fact", data={"number": 7})

    [part] = AppTest.from_function(page).run().get("bidi_component")

    assert part.proto.component_name.endswith("fact")
    assert '"number": 7' in part.proto.json or '"number":7' in part.proto.json
