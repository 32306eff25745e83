"""The recent speed of a run: an average over the whole training would hide the present speed."""

from collections import deque


class Throughput:
    """Images per second over the last `window_seconds` of the clock that `update` is given."""

    def __init__(self, window_seconds: float) -> None:
        self.window_seconds = window_seconds
        self._marks: deque[tuple[float, int]] = deque()

    def clear(self) -> None:
        """Start again, as after a pause."""
        self._marks.clear()

    def update(self, seconds: float, images_seen: int) -> float:
        """Add a measurement; returns images per second. 0 for the first one: the slow first steps do not count."""
        self._marks.append((seconds, images_seen))
        while len(self._marks) > 2 and seconds - self._marks[1][0] > self.window_seconds:
            self._marks.popleft()
        (began, images), (now, images_now) = self._marks[0], self._marks[-1]
        return (images_now - images) / (now - began) if now > began else 0.0
