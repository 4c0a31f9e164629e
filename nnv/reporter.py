"""How `pytest` tells a student about the self-checks: plain words in place of tracebacks.

`exercises/conftest.py` takes this module's hooks. They act only where nothing but self-checks is
run, so that pytest over other tests looks as it always does; with ``-v`` pytest's own report comes
back too.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from nnv import student_code
from nnv.manifest import Manifest, load
from nnv.results import Result, function_of, report
from nnv.selfcheck import SelfCheckError


class StudentPlugin:
    """The hooks that run and report the self-checks of one folder of exercises."""

    def __init__(self, folder: Path, config: pytest.Config) -> None:
        self._folder = folder
        self._config = config
        self._manifest = load(folder / "exercises.yaml")
        self._results: dict[str, Result] = {}
        self._unreadable: list[str] = []
        student_code.install(folder, self._manifest)
        # One file of self-checks that cannot be read must not keep the others from running.
        config.option.continue_on_collection_errors = True

    def pytest_plugin_registered(
        self, plugin: object, plugin_name: str, manager: pytest.PytestPluginManager
    ) -> None:
        """Put the plain report in place of pytest's own, where only self-checks are run."""
        if plugin_name != "terminalreporter" or isinstance(plugin, _Quiet):
            return
        if self._config.option.verbose <= 0 and self._all_ours():
            manager.unregister(plugin)
            manager.register(_Quiet(self._config), "terminalreporter")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Self-checks come in the manifest's order; a warning is no failure of theirs."""
        order = {name: number for number, name in enumerate(self._manifest.names)}
        ours = [item for item in items if self._function_of(item)]
        ours.sort(key=lambda item: order[self._function_of(item)])
        for item in ours:
            item.add_marker(pytest.mark.filterwarnings("ignore"))
        items[:] = [*ours, *(item for item in items if item not in ours)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what each self-check found; its report shows the message and no traceback."""
        made = yield
        name = self._function_of(item)
        if name and (call.when == "call" or made.failed):
            found = call.excinfo.value if call.excinfo else None
            result = _result(name, self._manifest, found, made)
            if isinstance(found, SelfCheckError):
                made.longrepr = found.message
            # The smallest example that fails is the one to show.
            if name not in self._results or self._results[name].passed:
                self._results[name] = result
        return made

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file of self-checks that cannot be read itself."""
        if report.failed:
            last = str(report.longrepr).strip().splitlines()[-1:]
            self._unreadable.append(f"{report.nodeid} cannot be read: {''.join(last)}")

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Tell the student what was found."""
        if not isinstance(terminalreporter, _Quiet):
            return
        results = [self._results[name] for name in self._manifest.names if name in self._results]
        for line in self._unreadable:
            terminalreporter.write_line(line, red=True)
        for shown in report(results, self._manifest, "pytest"):
            markup = {shown.colour: True} if shown.colour else {}
            terminalreporter.write_line(shown.text, **markup)

    def _all_ours(self) -> bool:
        start, named = self._config.invocation_params.dir, self._config.args
        paths = [(start / name.partition("::")[0]).resolve() for name in named]
        return all(self._folder in [path, *path.parents] for path in paths)

    def _function_of(self, item: pytest.Item) -> str:
        if item.path.parent != self._folder:
            return ""
        function = function_of(getattr(item, "originalname", None) or item.name, self._manifest)
        return function.name if function else ""


class _Quiet(TerminalReporter):  # type: ignore[misc]  # final, yet there is no other way
    """pytest's reporter without header, dots, tracebacks and summary."""

    @property
    def showheader(self) -> bool:
        """No line about versions and plugins."""
        return False

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self) -> Generator[None, None, None]:
        """No tracebacks and no list of failures."""
        return (yield)

    def pytest_runtest_logstart(self, *_args: object, **_kwargs: object) -> None:
        """Print nothing when a test starts."""

    def pytest_runtest_logreport(self, *_args: object, **_kwargs: object) -> None:
        """Print no dot."""

    def pytest_runtest_logfinish(self, *_args: object, **_kwargs: object) -> None:
        """Print no percentage."""

    def pytest_collection(self) -> None:
        """Print no line while tests are collected."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print no number of tests."""

    def summary_stats(self) -> None:
        """Print no closing line."""


def _result(
    name: str, manifest: Manifest, found: BaseException | None, made: pytest.TestReport
) -> Result:
    module = manifest.function(name).module
    printed = made.capstdout
    if found is None:
        return Result(name, module, "passed")
    if isinstance(found, SelfCheckError):
        return Result(name, module, found.status, found.message, printed)
    text = f"its self-check itself failed: {type(found).__name__}: {found}"
    return Result(name, module, "wrong", text, printed)
