"""The only place where student code runs.

Theory of operation
-------------------

A `Sandbox` owns a *fork server*: a process that is started by exec, with an empty environment, so
that nothing of the grader's memory is in it: no suite, no reference, no other submission. It loads
Python, the usual part of the standard library and numpy once (`server.py`), and then forks a
*guest* for each submission. A fork costs a few milliseconds where a new Python would cost hundreds.

Once, before the first guest, the server prepares the confinement (`isolation.py`):

1. It lists what a guest may read: the standard library's own entries, name by name, since the
   `site-packages` of a base interpreter lies beneath that folder, with suites and solutions in it;
   and numpy.
2. It enters namespaces where the machine lets it (`namespaces.py`): no network, no foreign
   processes, and a disk that has nothing but those folders and a small scratch folder in memory.
3. If it is root, it becomes nobody. Python may lie under root's home: the new disk shows it all the
   same, and where there is no new disk, descriptors that root has opened lead there.
4. It writes the Landlock rules (`landlock.py`) and the seccomp program (`seccomp.py`) down, so that
   a guest only has to install them.
5. It confines a child and lets it try what must fail. What is possible all the same, or missing on
   this machine, is said by `Sandbox.isolation`; nothing is taken on trust.

A guest (`child.py`), before it has seen any of the student's code: leads its standard streams to
/dev/null, installs Landlock, closes every descriptor but its pipe, sets its limits, installs
seccomp. Then it reads the sources from the pipe, loads each module or cell on its own
(`student_code.py`, `absent.py`), puts references in the place of replaced functions (`replace.py`),
reports what it found (`reach.py`), and answers requests: decode the arguments, call, look whether
the arguments were changed, encode the result (`calls.py`). Requests that are known beforehand are
sent along with the sources, so that nobody waits for anybody. Asked to, it loads the same sources
once more, into new modules and with more functions replaced (`Guest.load_again`), which costs a
tenth of a new process.

Only plain data crosses the pipe (`wire.py`), and the grader's end (`box.py`, `guest.py`) believes
none of it: it never reads more than the limit, and what is no well-formed reply counts as a crash.
A watch in the grader (`watch.py`) reads the clock and the guest's CPU clock, and kills it when it
is late. Which call was running then, and what had been printed, is on a page of shared memory
(`page.py`) that outlives the guest.

Two kinds of fault never mix: what goes wrong before a guest has said that it is confined, or in the
server, raises `SandboxError` and is nobody's mark; what goes wrong after that is the submission's.

On other systems and old kernels the same code runs with fewer parts: rlimits and a process of its
own remain. `Isolation.missing` says in plain words what lacks.
"""

from grader.sandbox.activations import Named, named
from grader.sandbox.box import Sandbox
from grader.sandbox.guest import Calls, Guest
from grader.sandbox.model import (
    Ending,
    Isolation,
    Limits,
    Loaded,
    Outcome,
    Problem,
    Program,
    Raised,
    Reply,
    Returned,
    SandboxError,
)
from grader.sandbox.wire import Opaque, WireError

__all__ = [
    "Calls",
    "Ending",
    "Guest",
    "Isolation",
    "Limits",
    "Loaded",
    "Named",
    "Opaque",
    "Outcome",
    "Problem",
    "Program",
    "Raised",
    "Reply",
    "Returned",
    "Sandbox",
    "SandboxError",
    "WireError",
    "named",
]
