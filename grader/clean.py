"""What a student's notebook shows, made harmless for whoever looks at it: feedback pages, the formgrader, spreadsheets.

`clean_notebook` runs when a notebook is graded, `markdown2html` and `ClearTests` when it is made a page.
"""

import re

import bleach
import nbformat
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
KEPT = ("text/plain", "text/latex", "text/markdown", *PICTURES)  # and text/html, cleaned
TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li"),
    *("mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
ATTRIBUTES = {
    "*": ["class", "id", "title", "align", "style", "lang"],
    "a": lambda tag, name, value: name == "href" and _leads(value, _LINK),
    "img": lambda tag, name, value: name in ("alt", "width", "height") or (name == "src" and _leads(value, _PICTURE)),
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
    "details": ["open"],
    "ol": ["start"],
}
STYLES = CSSSanitizer(["text-align", "color", "background-color", "font-weight", "font-style", "width"])
_RELATIVE = r"(?![a-z][a-z0-9+.-]*:|//|\\)"
_LINK = re.compile(f"(https?:|mailto:|{_RELATIVE})", re.IGNORECASE)
_PICTURE = re.compile(rf"(data:image/(png|jpeg|gif|svg\+xml);base64,|{_RELATIVE})", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ESCAPE = re.compile(r"\x1b(?!\[[0-9;]*m)")  # but those of colours, which nbconvert understands


def clean_html(text):
    """Return HTML without whatever runs, loads from elsewhere, or leaves its place on the page."""
    text = _UNSEEN.sub("", text)  # bleach would show what is in them
    return bleach.clean(text, TAGS, ATTRIBUTES, protocols=["http", "https", "mailto", "data"], css_sanitizer=STYLES)


@pass_context
def markdown2html(context, source):
    """Render Markdown as nbconvert does, then clean it; a Jinja filter (HTMLExporter.filters)."""
    return clean_html(_exporter.markdown2html(context, source))


def clean_notebook(nb):
    """Keep of the outputs and metadata of `nb`, in place, what the course needs, each of the type it must have.

    A kernel under a student's control can send anything at all as output, even what is no valid notebook.
    """
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3 (ipykernel)"}
    nb.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = _count(cell.get("execution_count"))
            cell.outputs = [clean for output in cell.outputs if (clean := _clean(output)) is not None]
        cell.metadata.pop("magics_language", None)


class ClearTests(ClearHiddenTests):
    """nbgrader's ClearHiddenTests that lets students write its marks in cells of their own."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Clear the hidden tests of a graded cell."""
        if utils.is_grade(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


def _clean(output):
    """Return a sound copy of an output, or None if there is nothing of it to show."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        facts = {"traceback": [_text(line) for line in lines] if isinstance(lines, list) else []}
        return new_output("error", ename=_text(output.get("ename")), evalue=_text(output.get("evalue")), **facts)
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    clean = {name: _text(data[name]) for name in KEPT if name in data}
    if "text/html" in data:
        clean["text/html"] = clean_html(_text(data["text/html"]))
    facts = {"execution_count": _count(output.get("execution_count"))} if kind == "execute_result" else {}
    return new_output(kind, clean, metadata=_picture_facts(output.get("metadata")), **facts)


def _picture_facts(metadata):
    """Return of an output's metadata the pictures' alternative texts and sizes."""
    kept = {}
    for kind, facts in metadata.items() if isinstance(metadata, dict) else ():
        if kind in PICTURES and isinstance(facts, dict):
            kept[kind] = {"alt": _text(facts["alt"])} if "alt" in facts else {}
            kept[kind] |= {name: facts[name] for name in ("width", "height") if type(facts.get(name)) in (int, float)}
    return kept


def _count(value):
    return value if type(value) is int else None


def _text(value):
    text = "".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return _ESCAPE.sub("", _UNFIT.sub("", text))


def _leads(address, where):
    return bool(where.match(re.sub(r"[\x00-\x20]", "", address)))  # as browsers read it


_exporter = HTMLExporter()
