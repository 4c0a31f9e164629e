"""Where Python and the project may lie, and who may run them: the confinement holds all the same.

A copy of the base interpreter is made in which `site-packages` lies beneath the standard library,
with the wheel of this project installed into it. It is run as root and as an ordinary user, in
a folder that all may enter and in one that only root may.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root"),
]

NEEDED = ("numpy", "numpy.libs", "msgpack", "yaml")
NOT_NEEDED = ("site-packages", "test", "idlelib", "lib2to3", "ensurepip", "__pycache__", "config-*")
ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534

SCRIPT = """
import json, sys
from grader.sandbox import Calls, Program, Raised, Returned, Sandbox, wire
import grader, numpy

site = grader.__path__[0].rsplit('/', 1)[0]
source = f'''
import json, statistics, decimal, textwrap, colorsys, numpy.polynomial, numpy.fft
from numpy.lib.stride_tricks import sliding_window_view
SITES = [{site!r}]
SITES += [f"/proc/self/fd/{{n}}{{below}}" for n in range(10) for below in ("/site-packages", "")]
SITES += [f"/proc/self/fd/{{n}}/../site-packages" for n in range(10)]
def reads(name):
    for site in SITES:
        try:
            open(f"{{site}}/{{name}}").read(1)
            return True
        except OSError:
            pass
    return False
def lists():
    import os
    for site in SITES:
        try:
            return any("solutions" in name for name in os.listdir(site))
        except OSError:
            pass
    return False
def relu(names):
    import os, numpy
    return {{
        "read": [name for name in names if reads(name)],
        "listed": lists(),
        "numpy": bool(open(numpy.__path__[0] + "/__init__.py").read(1)),
        "ids": [os.getuid(), os.geteuid(), os.getgid()],
    }}
'''
with Sandbox({'relu': 'relu'}, without=json.loads(sys.argv[1])) as box:
    with box.open(Program('modules', (('relu', source.encode()),))) as guest:
        names = ['solutions/memory.py', 'grader/suites/__init__.py', 'grader/cases.py',
                 'msgpack/__init__.py', 'exercises/exercises.yaml']
        reply = guest.run(Calls('relu', wire.encode_calls([((names,), {})]), 1))
        print(json.dumps({
            'isolation': str(box.isolation), 'namespaces': box.isolation.namespaces,
            'problems': [p.message for p in guest.loaded.problems],
            'found': reply.outcomes[0].value if reply.outcomes else reply.ending,
        }))
"""


def _copy_interpreter(target: Path) -> Path:
    """Copy the base interpreter, with numpy and the project in its own site-packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = Path(os.__file__).parent
    shutil.copytree(library, target / "lib" / version, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    for shared in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        shutil.copy(shared, target / "lib")
    (target / "bin").mkdir()
    python = target / "bin" / version
    shutil.copy(Path(sys.base_prefix, "bin", version), python)
    site = target / "lib" / version / "site-packages"
    site.mkdir()
    numpy = importlib.util.find_spec("numpy")
    assert numpy is not None
    assert numpy.origin is not None
    for name in NEEDED:
        source = Path(numpy.origin).parent.parent / name
        if source.is_dir():
            shutil.copytree(source, site / name, ignore=shutil.ignore_patterns("tests"))
    _install_wheel(site)
    return python


def _install_wheel(site: Path) -> None:
    """Build the project's wheel and lay it out as an installer does."""
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)


@pytest.fixture(scope="module")
def python() -> Iterator[Path]:
    """An interpreter with the project installed into it, in a folder that all may enter."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        (folder / "home").mkdir()
        yield _copy_interpreter(folder / "home" / "python")
    finally:
        shutil.rmtree(folder)


def _examine(python: Path, user: int, without: tuple[str, ...]) -> dict[str, object]:
    done = subprocess.run(
        [python, "-c", SCRIPT, json.dumps(without)],
        env={"LD_LIBRARY_PATH": str(python.parents[1] / "lib"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        user=user,
        group=user,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("without", [(), ("namespaces",)], ids=["with-namespaces", "without"])
@pytest.mark.parametrize(
    ("user", "mode"), [(0, 0o755), (0, 0o700), (NOBODY, 0o755)], ids=["root", "home", "user"]
)
def test_a_wheel_in_a_base_interpreter_stays_closed(python, user, mode, without):
    """Suites and solutions beneath the standard library cannot be read; the library itself can."""
    home = python.parents[2]
    home.chmod(mode)
    answer = _examine(python, user, without)
    assert answer["isolation"] == "full"
    assert answer["problems"] == []
    found = answer["found"]
    assert isinstance(found, dict)
    assert 0 not in found.pop("ids")
    assert found == {"read": [], "listed": False, "numpy": True}
