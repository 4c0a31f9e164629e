"""Where the student's work lies: found from the current folder upwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nnv.manifest import FILE_NAME, Manifest, load, manifest

NOTEBOOK = "neural_networks.ipynb"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A student's folder.

    Attributes:
        root: the folder that is handed in: it holds ``answers.yaml``.
        folder: where the modules lie: ``root/exercises``, or ``root`` itself where they lie flat.
        manifest: the exercises.
    """

    root: Path
    folder: Path
    manifest: Manifest

    def file(self, module: str) -> Path:
        """The file of a module, whether it is there or not."""
        return self.folder / f"{module}.py"

    @property
    def notebook(self) -> Path | None:
        """The notebook with the exercises, where there is one."""
        for folder in dict.fromkeys((self.folder, self.root)):
            if (folder / NOTEBOOK).is_file():
                return folder / NOTEBOOK
        return None

    @property
    def checks(self) -> Path:
        """Where the self-checks lie: beside the modules, else in the copy that was installed."""
        if any((self.folder / f"test_{module}.py").is_file() for module in self.manifest.modules):
            return self.folder
        installed = original_exercises()
        return installed if installed is not None else self.folder


class NoWorkspaceError(Exception):
    """No exercises are in this folder or above it."""


def find(start: Path) -> Workspace:
    """Find the exercises from a folder upwards.

    Raises:
        NoWorkspaceError: there are none; the message says what to do.
        ManifestError: the manifest beside them is damaged.
    """
    start = start.resolve()
    for root in (start, *start.parents):
        for folder in (root / "exercises", root):
            if _holds_exercises(folder):
                home = folder.parent if folder.name == "exercises" else folder
                return Workspace(home, folder, manifest_of(folder))
    raise NoWorkspaceError(
        f"no exercises in {start} or above it; go to the folder that holds exercises/ first:\n"
        "  cd path/to/the/folder"
    )


def original_exercises() -> Path | None:
    """The exercises as they were handed out: beside this package, or its own copy of them."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_exercises", package.parent / "exercises"):
        if (folder / FILE_NAME).is_file():
            return folder
    return None


def _holds_exercises(folder: Path) -> bool:
    modules = [name for name in manifest().modules if (folder / f"{name}.py").is_file()]
    manifest_there = (folder / FILE_NAME).is_file()
    return len(modules) >= 2 or (bool(modules) and manifest_there) or (folder / NOTEBOOK).is_file()


def manifest_of(folder: Path) -> Manifest:
    """The manifest beside the modules, else the one that came with this installation."""
    return load(folder / FILE_NAME) if (folder / FILE_NAME).is_file() else manifest()
