"""XML from elsewhere, read safely: no entities, no DTD, nothing fetched."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from quiz.formats.common import MAX_BYTES, FormatError

MAX_DEPTH = 60


def parse(content: bytes) -> Element:
    """The root of an XML document.

    Raises:
        FormatError: It is too large, too deep, has a DTD, or is no XML.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > MAX_BYTES:
        raise FormatError(f"larger than {MAX_BYTES} bytes")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise FormatError("it declares a DTD or entities, which are not read") from None
    except (ParseError, ValueError, LookupError) as error:
        raise FormatError(f"it is no XML: {error}") from None
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(f"nested more than {MAX_DEPTH} levels deep")
        level = [child for element in level for child in element]


def child_text(element: Element, path: str) -> str:
    """The text at a path below an element; empty where there is none."""
    found = element.find(path)
    return (found.text or "") if found is not None else ""


def without_namespaces(root: Element) -> Element:
    """The same tree whose tags are bare words."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root
