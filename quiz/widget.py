"""The quiz in a notebook (JupyterLab 4, Notebook 7): the same page, the same `answers.yaml`.

    from quiz.widget import QuizWidget
    QuizWidget()                  # answers.yaml beside the notebook
    QuizWidget(practice=True)     # the practice bank

Needs `anywidget` (nn-visually's extra `pages` installs it).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from quiz.loader import PRACTICE, bundled, load
from quiz.web.desk import desk_for
from quiz.web.document import front

_Widget: Any = object
try:
    import anywidget
except ImportError:  # an installation for terminals and browsers need not have it
    anywidget = None  # type: ignore[assignment]
else:
    _Widget = anywidget.AnyWidget


class QuizWidget(_Widget):  # type: ignore[misc]
    """Takes the quiz in a notebook; every answer is saved at once.

    Attributes:
        desk: Who replies to the page.
    """

    _esm = front("fields.js", "view.js", "widget.js")
    _css = front("quiz.css")

    def __init__(
        self,
        answers: str | Path = "answers.yaml",
        student: str = "",
        practice: bool = False,
        quiz: str | Path | None = None,
    ) -> None:
        """Open a quiz.

        Args:
            answers: Where the answers are saved; by default beside the notebook.
            student: The student's id; the page asks for it where it is neither given nor saved.
            practice: Whether to practise instead.
            quiz: A quiz file; left out: the lesson's.

        Raises:
            ImportError: There is no anywidget; the text says how to install it.
            QuizFileError: The quiz is wrong.
            QuizAnswersError: The saved answers cannot be used; the text says why.
        """
        if anywidget is None:
            raise ImportError("the quiz in a notebook needs anywidget: pip install anywidget")
        super().__init__()
        made = load(quiz or (bundled(PRACTICE) if practice else None))
        # a JupyterHub knows who it is, and calls students as its gradebook does
        suggested = os.environ.get("JUPYTERHUB_USER", "")
        self.desk = desk_for(made, Path(answers).absolute(), student, suggested)
        self.desk.check()
        self.on_msg(self._asked)

    def _asked(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self.send({"id": content.get("id"), "reply": self.desk.reply(content.get("request"))})
