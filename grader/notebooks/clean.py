"""What a student's notebook shows, made harmless for whoever looks at it: feedback pages, the formgrader, spreadsheets.

`clean_notebook` runs when a notebook is graded, `markdown2html` and `ClearTests` when it is made a page.
"""

import html
import re
import time
from collections.abc import Mapping
from typing import Any

import nbformat
import nh3
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import List, Unicode

from ..ground.bounded import bounded

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
KEPT = ("text/plain", "text/latex", "text/markdown", *PICTURES)  # and text/html, cleaned
TAGS = set(
    """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4
    h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th
    thead tr u ul var
    """.split()
)
ATTRIBUTES = {
    "*": {"class", "id", "title", "align", "style", "lang"},
    "a": {"href"},
    "img": {"alt", "width", "height", "src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
    "ol": {"start"},
}
# Classes that a text may carry; others can be those of the page, as Bootstrap's.
CLASSES = {"formula", "display", "dataframe", "anchor-link", "highlight"}
OWN_ID = "texto-"  # before ids in a text, and links to them: the page's own are not to be taken for these
_TOKEN = re.compile(r"[a-z][a-z0-9]{0,2}")  # Pygments's classes
STYLES = {"text-align", "color", "background-color", "font-weight", "font-style", "width"}
MAX_TAGS = 30_000  # of one text; where they lie one in another, cleaning costs the square of their number
MAX_GROWTH = 20_000_000  # characters: see _may_grow_to
CLEAN_SECONDS = 20  # of the processor, for the HTML of all outputs of a notebook
MAX_COLOURS = 20_000_000  # codes × characters of one text: nbconvert copies the rest of it at each
_RELATIVE = r"(?![a-z][a-z0-9+.-]*:|//|\\)"
_LINK = re.compile(f"(https?:|mailto:|{_RELATIVE})", re.IGNORECASE)
_PICTURE = re.compile(rf"(data:image/(png|jpeg|gif|svg\+xml);base64,|{_RELATIVE})", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = re.compile(r"<(/?)(style|script)\b", re.IGNORECASE)
_REST = re.compile(r"\s*>?")
_ESCAPE = re.compile(r"\x1b(?!\[[0-9;]*m)")  # but those of colours, which nbconvert understands
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TAG = re.compile(r"<[/a-z]", re.IGNORECASE)
_FORMATTING = re.compile(
    r"""<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b(?:[^>"']|"[^"]*"|'[^']*')*""", re.IGNORECASE
)


def attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that ATTRIBUTES allow, or None if it leads, or looks, where it may not."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES or (tag == "span" and _TOKEN.fullmatch(word)))
    if name == "id":
        return OWN_ID + value
    if (tag, name) == ("a", "href") and value.startswith("#"):
        return f"#{OWN_ID}{value[1:]}"
    allowed = {("a", "href"): _LINK, ("img", "src"): _PICTURE}.get((tag, name))
    return value if allowed is None or allowed.match(re.sub(r"[\x00-\x20]", "", value)) else None  # as browsers read it


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=attribute,
    url_schemes={"http", "https", "mailto", "data"},
    filter_style_properties=STYLES,
    link_rel=None,
)


def clean_html(text: str) -> str:
    """Return HTML without whatever runs, loads from elsewhere, or leaves its place on the page; as text, if cleaning it
    would cost out of all proportion to its size."""
    clean = _cleaned(text)
    return f"<pre>{html.escape(text, quote=False)}</pre>" if clean is None else clean


def _cleaned(text: str) -> str | None:
    """Return clean HTML, or None if it would cost too much."""
    text = _seen(text)
    tags = len(_TAG.findall(text))
    if tags > MAX_TAGS or _may_grow_to(text, tags) > MAX_GROWTH:
        return None
    clean = _cleaner.clean(text)
    return clean if len(clean) <= 5 * len(text) + 10_000 else None


def _seen(text: str) -> str:
    """Return HTML without what is in <style> and <script>, which may be long; in one pass."""
    parts: list[str] = []
    start, inside = 0, None
    for found in _UNSEEN.finditer(text):
        closes, name = found[1], found[2].lower()
        if inside is None and not closes:
            parts.append(text[start : found.start()])
            start, inside = found.start(), name
        elif closes and name == inside:
            rest = _REST.match(text, found.end())
            assert rest is not None  # it can be nothing
            start, inside = rest.end(), None
    return "".join([*parts, text[start:]])


def _may_grow_to(text: str, tags: int) -> int:
    """Return how many characters browsers, and nh3 as they, could make of HTML with so many tags: each kind of
    formatting that is not closed is opened again, up to three times, at any tag that follows."""
    return 3 * sum(map(len, set(_FORMATTING.findall(text)))) * tags


@bounded
def markdown2html(context: Context, source: str) -> str:
    """Render Markdown as nbconvert does, then clean it; a Jinja filter (HTMLExporter.filters)."""
    return clean_html(_exporter.markdown2html(context, source))


@bounded
def highlight_code(_: Context, source: str, metadata: Mapping[str, Any] | None = None) -> str:
    """Show code in colours, as nbconvert does; a Jinja filter (HTMLExporter.filters)."""
    shown: str = _highlighter(source, metadata=metadata)
    return shown


def clean_notebook(nb: NotebookNode) -> None:
    """Keep of the outputs and metadata of `nb`, in place, what the course needs, each of the type it must have.

    A kernel under a student's control can send anything at all as output, even what is no valid notebook.
    """
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3 (ipykernel)"}
    nb.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    ends = time.process_time() + CLEAN_SECONDS
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = _count(cell.get("execution_count"))
            cell.outputs = [clean for output in cell.outputs if (clean := _clean(output, ends)) is not None]
        cell.metadata.pop("magics_language", None)


class ClearTests(ClearHiddenTests):
    """nbgrader's ClearHiddenTests that lets students write its marks in cells of their own."""

    # nbconvert sets it for pages, and traitlets warns of that: nbgrader's own one is no option.
    display_data_priority = List(Unicode(), help="Kinds of outputs, as nbconvert has it.").tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clear the hidden tests of a graded cell."""
        if utils.is_grade(cell):
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


def _clean(output: NotebookNode, ends: float) -> NotebookNode | None:
    """Return a sound copy of an output, or None if there is nothing of it to show.

    ends: time of the processor from which on HTML is left as text.
    """
    shown: NotebookNode
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        shown = new_output("stream", name=name, text=_text(output.get("text")))
        return shown
    if kind == "error":
        lines = output.get("traceback")
        facts: dict[str, Any] = {"traceback": [_text(line) for line in lines] if isinstance(lines, list) else []}
        shown = new_output("error", ename=_text(output.get("ename")), evalue=_text(output.get("evalue")), **facts)
        return shown
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    clean = {name: _text(data[name]) for name in KEPT if name in data}
    if "text/html" in data:
        text = _text(data["text/html"])
        cleaned = _cleaned(text) if time.process_time() < ends else None
        if cleaned is not None:
            clean["text/html"] = cleaned
        else:
            clean["text/plain"] = f"{clean.get('text/plain', '')}\n{text}".strip()
    facts = {"execution_count": _count(output.get("execution_count"))} if kind == "execute_result" else {}
    shown = new_output(kind, clean, metadata=_picture_facts(output.get("metadata")), **facts)
    return shown


def _picture_facts(metadata: object) -> dict[str, dict[str, Any]]:
    """Return of an output's metadata the pictures' alternative texts and sizes."""
    kept: dict[str, dict[str, Any]] = {}
    for kind, facts in metadata.items() if isinstance(metadata, dict) else ():
        if kind in PICTURES and isinstance(facts, dict):
            kept[kind] = {"alt": _text(facts["alt"])} if "alt" in facts else {}
            kept[kind] |= {name: facts[name] for name in ("width", "height") if _is_size(facts.get(name))}
    return kept


def _is_size(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < 100_000


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _text(value: object) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    text = _ESCAPE.sub("", _UNFIT.sub("", text))
    return _COLOUR.sub("", text) if text.count("\x1b") * len(text) > MAX_COLOURS else text


_exporter = HTMLExporter()
_highlighter = Highlight2HTML(pygments_lexer="ipython3")
