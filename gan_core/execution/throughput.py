"""How fast a run goes, over a window of its newest steps: a long life must not hide what the machine does now."""

from collections import deque


class Pace:
    """Images per second over the last `window_seconds` of whatever clock it is given."""

    def __init__(self, window_seconds: float) -> None:
        self.window_seconds = window_seconds
        self._marks: deque[tuple[float, int]] = deque()

    def clear(self) -> None:
        """Forget all: a pause lies behind."""
        self._marks.clear()

    def at(self, seconds: float, images_seen: int) -> float:
        """The pace now; 0 at the first mark, which leaves out the slow first steps before it."""
        self._marks.append((seconds, images_seen))
        while len(self._marks) > 2 and seconds - self._marks[1][0] > self.window_seconds:
            self._marks.popleft()
        (began, images), (now, images_now) = self._marks[0], self._marks[-1]
        return (images_now - images) / (now - began) if now > began else 0.0
