"""`nnv check --watch` answers every save, whatever was saved, until it is stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

PATIENCE_S = 60
END = "waiting for you to save"


class Watch:
    """A running `nnv check --watch`, and the answers that it gives."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nnv", "check", "--watch"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def answer_with(self, text: str) -> str:
        """The first answer from now on that contains this text; all that came where none does."""
        seen: list[str] = []
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            answer = self._answer()
            seen.append(answer)
            if text in answer:
                return answer
        pytest.fail(f"no answer with {text!r}, but {seen}")

    def rest(self) -> str:
        """What it prints until it ends."""
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return "".join(self._lines.queue)

    def close(self) -> None:
        """End it, however it stands."""
        self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE_S)
        if self.process.stdout:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)

    def _answer(self) -> str:
        lines: list[str] = []
        while not lines or END not in lines[-1]:
            try:
                lines.append(self._lines.get(timeout=PATIENCE_S))
            except Empty:
                pytest.fail(f"no answer, but {lines}")
        return "".join(lines)


@pytest.fixture
def watch(workspace: Path) -> Iterator[Watch]:
    running = Watch(workspace)
    running.answer_with("Start with relu")
    yield running
    running.close()


def test_a_save_is_answered_with_what_is_next(workspace, solve, watch):
    """Once relu is right, weighted_sum is next; once it is wrong, its message is shown."""
    solve(workspace / "exercises", "relu")
    assert "1 of 14" in watch.answer_with("Next: weighted_sum")
    (workspace / "exercises" / "relu.py").write_text("def relu(z):\n    return -1\n")
    answer = watch.answer_with("Next: repair relu")
    assert "gave      -1" in answer


def test_half_a_file_is_survived(workspace, solve, watch):
    """A syntax error, an empty file and a deleted file are answered, and then the right one."""
    file = workspace / "exercises" / "relu.py"
    file.write_text("def relu(z:\n")
    watch.answer_with("SyntaxError")
    file.write_text("")
    watch.answer_with("relu.py has no function relu")
    file.unlink()
    watch.answer_with("there is no relu.py")
    solve(workspace / "exercises", "relu")
    watch.answer_with("Next: weighted_sum")


def test_a_file_that_is_replaced_counts_as_saved(workspace, watch):
    """Editors that write another file and rename it are noticed."""
    other = workspace / "exercises" / "relu.py.new"
    other.write_text("def relu(z):\n    return -2\n")
    other.replace(workspace / "exercises" / "relu.py")
    watch.answer_with("gave      -2")


def test_a_save_ends_an_endless_loop(workspace, solve, watch):
    """Whoever saves an endless loop and repairs it need not wait for its limit."""
    file = workspace / "exercises" / "relu.py"
    file.write_text("def relu(z):\n    while True: pass\n")
    time.sleep(0.5)
    solve(workspace / "exercises", "relu")
    watch.answer_with("Next: weighted_sum")


def test_two_edits_of_one_size_in_one_second_are_told_apart(workspace, watch):
    """Python's cache of compiled files would take the second for the first."""
    file = workspace / "exercises" / "relu.py"
    for value in range(1, 6):
        file.write_text(f"def relu(z):\n    return -{value}\n")
        watch.answer_with(f"gave      -{value}")


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to whole consoles only")
def test_ctrl_c_stops_it(watch):
    """Ctrl-C ends it without a traceback and with status 0."""
    watch.process.send_signal(signal.SIGINT)
    assert watch.rest() == "\nStopped.\n"
    assert watch.process.returncode == 0
