"""Writing a QTI 1.2 package as Canvas demands it.

The manifest names a resource of type `imsqti_xmlv1p2` that depends on `assessment_meta.xml`, the
identifiers agree, each item states its `question_type` and `points_possible`, and each key sets a
positive score: without that, Canvas takes a question silently and without a key.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from quiz.formats import qti_key
from quiz.formats.common import Exported, Warnings, clean, decimal, settled, token
from quiz.formats.markup import to_html
from quiz.model import AnyQuestion, Quiz

KINDS = {
    "single_choice": "multiple_choice_question",
    "multiple_choice": "multiple_answers_question",
    "true_false": "true_false_question",
    "numeric": "numerical_question",
    "short_answer": "short_answer_question",
    "matching": "matching_question",
    "fill_in": "fill_in_multiple_blanks_question",
    "free_text": "essay_question",
}
ASI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
EPOCH = (1980, 1, 1, 0, 0, 0)


def write(quiz: Quiz, student: str) -> Exported:
    """A quiz as a zip that Canvas imports.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers to take where numbers are drawn.
    """
    warnings = Warnings()
    made = settled(quiz, student, warnings, ("reread", "hints"))
    name = token(quiz.quiz)
    files = {
        "imsmanifest.xml": _manifest(name),
        f"{name}/{name}.xml": _assessment(made, name, warnings),
        f"{name}/assessment_meta.xml": _meta(made, name),
    }
    return Exported(_zipped(files), ".zip", warnings.all())


def _zipped(files: dict[str, ET.Element]) -> bytes:
    """A zip that is the same, byte for byte, every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for path, root in files.items():
            ET.indent(root)
            content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
            package.writestr(zipfile.ZipInfo(path, EPOCH), content + b"\n", zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _manifest(name: str) -> ET.Element:
    root = ET.Element("manifest", {"identifier": f"{name}_manifest", "xmlns": PACKAGE})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    quiz = ET.SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    ET.SubElement(quiz, "file", href=f"{name}/{name}.xml")
    ET.SubElement(quiz, "dependency", identifierref=f"{name}_meta")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    href = f"{name}/assessment_meta.xml"
    meta = ET.SubElement(resources, "resource", identifier=f"{name}_meta", type=kind, href=href)
    ET.SubElement(meta, "file", href=href)
    return root


def _meta(quiz: Quiz, name: str) -> ET.Element:
    root = ET.Element("quiz", {"identifier": name, "xmlns": CANVAS})
    ET.SubElement(root, "title").text = clean(quiz.title or quiz.quiz)
    ET.SubElement(root, "description").text = to_html(quiz.text) if quiz.text else ""
    fixed = all(question.fixed for question in quiz.questions)
    ET.SubElement(root, "shuffle_answers").text = "false" if fixed else "true"
    ET.SubElement(root, "scoring_policy").text = "keep_highest"
    ET.SubElement(root, "quiz_type").text = "assignment"
    ET.SubElement(root, "points_possible").text = decimal(quiz.max_points)
    attempts = quiz.policy.attempts or -1
    ET.SubElement(root, "allowed_attempts").text = str(attempts)
    return root


def _field(parent: ET.Element, label: str, entry: str) -> None:
    field = ET.SubElement(parent, "qtimetadatafield")
    ET.SubElement(field, "fieldlabel").text = label
    ET.SubElement(field, "fieldentry").text = entry


def _assessment(quiz: Quiz, name: str, warnings: Warnings) -> ET.Element:
    root = ET.Element("questestinterop", {"xmlns": ASI})
    title = clean(quiz.title or quiz.quiz)
    assessment = ET.SubElement(root, "assessment", ident=name, title=title)
    metadata = ET.SubElement(assessment, "qtimetadata")
    _field(metadata, "cc_maxattempts", str(quiz.policy.attempts or "unlimited"))
    section = ET.SubElement(assessment, "section", ident="root_section")
    for question in quiz.questions:
        if question.type not in KINDS:
            warnings.add(question.id, f"left out: Canvas' classic quizzes have no {question.type}")
        else:
            _item(section, question, warnings)
    return root


def _item(section: ET.Element, question: AnyQuestion, warnings: Warnings) -> None:
    if question.fixed:
        warnings.add(question.id, "fixed left out: Canvas shuffles the whole quiz or nothing")
    title = clean(question.title or question.id)
    item = ET.SubElement(section, "item", ident=token(question.id), title=title)
    metadata = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    _field(metadata, "question_type", KINDS[question.type])
    _field(metadata, "points_possible", decimal(question.points))
    options: Any = getattr(question, "options", ())
    _field(metadata, "original_answer_ids", ",".join(token(option.id) for option in options))
    _field(metadata, "assessment_question_identifierref", f"{token(question.id)}_ref")
    presentation = ET.SubElement(item, "presentation")
    text = question.text.replace("[[", "[").replace("]]", "]")
    mattext(presentation, question.text if question.type != "fill_in" else text)
    _PRESENTATIONS[question.type](presentation, question)
    processing = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(processing, "outcomes")
    limits = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    ET.SubElement(outcomes, "decvar", limits)
    feedback = qti_key.write(processing, question, warnings)
    for name, markdown in feedback.items():
        entry = ET.SubElement(item, "itemfeedback", ident=name)
        mattext(ET.SubElement(entry, "flow_mat"), markdown)


def mattext(parent: ET.Element, markdown: str) -> None:
    """Add a text to an element, as HTML."""
    text = ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype="text/html")
    text.text = to_html(markdown)


def _labels(parent: ET.Element, records: Any) -> None:
    choices = ET.SubElement(parent, "render_choice")
    for name, markdown in records:
        mattext(ET.SubElement(choices, "response_label", ident=name), markdown)


def _choice(presentation: ET.Element, question: Any) -> None:
    cardinality = "Single" if question.type == "single_choice" else "Multiple"
    response = ET.SubElement(
        presentation, "response_lid", ident="response1", rcardinality=cardinality
    )
    _labels(response, [(token(option.id), option.text) for option in question.options])


def _truth(presentation: ET.Element, question: Any) -> None:
    response = ET.SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    _labels(response, [("true_choice", "True"), ("false_choice", "False")])


def _typed(presentation: ET.Element, question: Any) -> None:
    response = ET.SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    kind = {"fibtype": "Decimal"} if question.type == "numeric" else {}
    fib = ET.SubElement(response, "render_fib", kind)
    ET.SubElement(fib, "response_label", ident="answer1", rshuffle="No")


def _matching(presentation: ET.Element, question: Any) -> None:
    for prompt in question.prompts:
        response = ET.SubElement(presentation, "response_lid", ident=f"response_{prompt.id}")
        mattext(response, prompt.text)
        _labels(response, [(token(choice.id), choice.text) for choice in question.choices])


def _blanks(presentation: ET.Element, question: Any) -> None:
    for blank in question.blanks:
        response = ET.SubElement(presentation, "response_lid", ident=f"response_{blank.id}")
        material = ET.SubElement(response, "material")
        ET.SubElement(material, "mattext").text = blank.id
        choices = ET.SubElement(response, "render_choice")
        for position, word in enumerate(blank.accept, 1):
            label = ET.SubElement(choices, "response_label", ident=f"{token(blank.id)}_{position}")
            ET.SubElement(ET.SubElement(label, "material"), "mattext").text = clean(word)


_PRESENTATIONS = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth,
    "numeric": _typed,
    "short_answer": _typed,
    "free_text": _typed,
    "matching": _matching,
    "fill_in": _blanks,
}
