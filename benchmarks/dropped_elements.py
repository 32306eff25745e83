"""How many elements of the Train page a poll can remove: python -m benchmarks.dropped_elements

A websocket client opens the page of a run that is being stopped. All messages of the server are put into Streamlit's
own queue, as before the first one is sent; then a poll of each polling fragment begins. Streamlit drops the elements of
that fragment but keeps the message that the page is complete. So a browser removes these elements and all that they
contain. With `--code` another checkout of the program is served.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from benchmarks.report import Figure, report
from benchmarks.viewer import asking
from gan_core.runs.store import RunStore
from tests.browser.serving import REPOSITORY, Server
from tests.tiny_runs import tiny

PATIENCE_SECONDS = 60
RUN = "stopping"
IMAGES = 64


def messages_of_a_full_run(server: Server) -> list[ForwardMsg]:
    """All messages of the server for one run of the page. The first run only redirects to the page."""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as connection:
        while True:
            connection.send(asking(f"run={RUN}", ""))
            messages: list[ForwardMsg] = []
            while not messages or messages[-1].WhichOneof("type") != "script_finished":
                data = connection.recv(timeout=PATIENCE_SECONDS)
                assert isinstance(data, bytes)
                messages.append(ForwardMsg.FromString(data))
            if any(message.WhichOneof("type") == "auto_rerun" for message in messages):
                return messages


def places(messages: Sequence[ForwardMsg]) -> list[tuple[int, ...]]:
    """The paths of the elements in the page's tree of containers."""
    return [tuple(message.metadata.delta_path) for message in messages if message.WhichOneof("type") == "delta"]


def removed(messages: Sequence[ForwardMsg], fragment: str) -> int:
    """How many elements a browser removes if a poll of this fragment begins before they are sent."""
    queue = ForwardMsgQueue()
    for message in messages:
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[fragment])
    every, left = places(messages), set(places(queue.flush()))
    dropped = [place for place in every if place not in left]
    return sum(any(place[: len(outer)] == outer for outer in dropped) for place in every)


class Poll(NamedTuple):
    """A fragment that polls: how often, and how many elements a poll can remove."""

    every_seconds: float
    elements: int  # of the whole page
    removed: int


def polls(messages: Sequence[ForwardMsg]) -> list[Poll]:
    """The fragments of a page that poll."""
    found = [message.auto_rerun for message in messages if message.WhichOneof("type") == "auto_rerun"]
    return [Poll(poll.interval, len(places(messages)), removed(messages, poll.fragment_id)) for poll in found]


@contextmanager
def being_stopped(store: RunStore) -> Iterator[None]:
    """A run with a picture whose trainer, this process, is about to stop."""
    store.create(tiny(), RUN)
    store.samples(RUN).add(0, 0, 1, 0, b"")
    with store.claim(RUN, "terminal"), store.history(RUN) as history:
        history.begin_attempt(0, 0, IMAGES)
        history.set_progress(status="stopping", images_seen=IMAGES)
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--code", type=Path, default=REPOSITORY, help="the checkout that is served")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), code=chosen.code)
        server.start()
        try:
            with being_stopped(RunStore(server.root)):
                found = polls(messages_of_a_full_run(server))
        finally:
            server.close()
    rows: list[dict[str, Figure]] = [
        {"poll every s": poll.every_seconds, "elements of the page": poll.elements, "removed": poll.removed}
        for poll in found
    ]
    report("elements that a poll removes from the page of a run that is being stopped", rows)


if __name__ == "__main__":
    main()
