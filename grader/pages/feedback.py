"""Feedback pages in Spanish: nbgrader's GenerateFeedback with the course's own page (templates/feedback_es).

A page runs no script and loads nothing: it can be kept, mailed, printed and read offline.
"""

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nh3
from jinja2 import meta
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from ..ground.bounded import PAGE_SECONDS, apart, bounded
from ..ground.text import printable
from ..notebooks.clean import attribute, clean_html
from ..notebooks.submitted import SECRET, TIMESTAMP
from ..office.freshness import drop_stale_pages
from .formulas import mathml

TEMPLATES = Path(__file__).with_name("templates")
EXCHANGED = (TIMESTAMP, SECRET)  # without which nbgrader's exchange releases no feedback
UNBOUNDED = (TimeoutError, RecursionError, MemoryError, ChildProcessError)  # what a hostile notebook can end in
LAST_RESORT = (
    '<!DOCTYPE html><html lang="es"><meta charset="utf-8"><title>Corrección</title><p>Tu cuaderno está corregido, pero '
    "mostrarlo lleva demasiado: pregunta a tu profesor por los puntos.</p></html>"
)
PAGE_MB = 2048  # of memory to make a page
LINE = 500  # characters of a heading that are shown
_FORMULA = re.compile(r'<span class="formula( display)?">([^<]*)</span>')
_CODE = re.compile(r"`([^`\n]+)`")


class FeedbackExporter(HTMLExporter):
    """Makes the page of a notebook that grader.pages.results.CourseGrades has been over."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, GenerateFeedback):
            assert self.template_file is not None  # an exporter to HTML has a default
            self._compile(self.template_file, set())
            drop_stale_pages(self.parent)

    def _compile(self, name: str, known: set[str]) -> None:
        """Have Jinja compile a template and those that it makes use of, here and not anew in the process of each page.

        known: names of those that are compiled.
        """
        known.add(name)
        self.environment.get_template(name)
        source, *_ = self.environment.loader.get_source(self.environment, name)
        for other in meta.find_referenced_templates(self.environment.parse(source)):
            if other and other not in known:
                self._compile(other, known)

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own, which returns text
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, HTML, and `resources`; without the notebook's cells if those take too long to show."""
        self._remove_what_is_no_page(resources)
        make = super().from_notebook_node
        try:
            page = apart(2 * PAGE_SECONDS, PAGE_MB, lambda: make(nb, resources, **kwargs)[0])
        except UNBOUNDED:
            page = self._without_cells(nb, resources, make, **kwargs)
        return page, self._init_resources(resources)

    def _without_cells(
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None,
        make: Callable[..., tuple[str, dict[str, Any]]],
        **kwargs: Any,
    ) -> str:
        """Return the page without the notebook's cells; if even that cannot be made, one that says so."""
        facts = {**(resources or {}), "without_cells": True}
        try:
            return apart(2 * PAGE_SECONDS, PAGE_MB, lambda: make(nb, facts, **kwargs)[0])
        except UNBOUNDED:
            where = facts.get("nbgrader", {})
            said = "The page of %s of %s cannot be made, what is in the notebook takes too long: it says only that."
            self.log.error(said, where.get("assignment"), printable(where.get("student")))
            return LAST_RESORT

    def _remove_what_is_no_page(self, resources: dict[str, Any] | None) -> None:
        """Remove what nbgrader has copied of the student's files: an index.html of theirs has no place beside ours."""
        if not isinstance(self.parent, GenerateFeedback):
            return
        assert resources is not None  # GenerateFeedback gives them
        where = resources["nbgrader"]
        for path in Path(self.parent._format_dest(where["assignment"], where["student"])).glob("*"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name not in EXCHANGED:
                path.unlink()

    @property
    def default_config(self) -> Config:
        """The template, which nbgrader sets for all exporters to its own."""
        config = Config(super().default_config)
        config.FeedbackExporter.template_name = "feedback_es"
        config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
        return config

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Add this page's filters to nbconvert's."""
        yield from super().default_filters()
        yield from {"prose": prose, "phrase": phrase, "message": message, "harmless": harmless}.items()
        numbers: dict[str, Callable[..., str]] = {"points": points, "lateness": lateness, "day": day}
        yield from numbers.items()

    def _init_resources(self, resources: dict[str, Any] | None) -> dict[str, Any]:
        resources = super()._init_resources(resources)
        resources["code_css"] = HtmlFormatter(style="default").get_style_defs(".highlight")
        resources["dark_code_css"] = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
        return resources


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, one level of headings lower, its formulas in spans for `_typeset`."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return super().heading(text, min(level + 1, 6), **attrs)

    def inline_math(self, body: str) -> str:
        return f'<span class="formula">{html.escape(body)}</span>'

    def block_math(self, body: str) -> str:
        return f'<span class="formula display">{html.escape(body)}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


@bounded
def prose(context: Context, source: str) -> str:
    """Return Markdown as clean HTML with its formulas as MathML; a Jinja filter."""
    attachments = (context.get("cell") or {}).get("attachments", {})
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return _reachable(_typeset(clean_html(MarkdownWithMath(renderer=renderer).render(source))))


@bounded
def harmless(_: Context, text: str) -> str:
    """Return HTML of an output without what could do harm; a Jinja filter."""
    return _reachable(clean_html(text))


def _reachable(clean: str) -> str:
    """Return clean HTML whose wide parts can be scrolled with the keyboard."""
    return re.sub("<(pre|table)(?=[ >])", r'<\1 tabindex="0"', clean)


@bounded
def phrase(_: Context, source: str) -> str:
    """Return one line of Markdown, as of a heading, as HTML that can stand in a link; a Jinja filter."""
    text = MarkdownWithMath(renderer=_Renderer(escape=False)).render(source[:LINE]).strip()
    tags, attributes = {"code", "em", "strong", "sub", "sup", "span"}, {"span": {"class"}}
    return _typeset(nh3.clean(text, tags, attributes=attributes, attribute_filter=attribute))


def message(text: str) -> str:
    """Return plain text as HTML, with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


def points(number: float) -> str:
    """Return points without superfluous zeros."""
    return f"{round(float(number), 2):g}"


def day(time: str) -> str:
    """Return the day of a time that begins with year, month and day, as it is written in Spanish."""
    year, month, number = time[:10].split("-")
    return f"{int(number)}/{int(month)}/{year}"


def lateness(seconds: float) -> str:
    """Return seconds as days, hours or minutes, in Spanish."""
    for size, one, many in ((86400, "día", "días"), (3600, "hora", "horas"), (60, "minuto", "minutos")):
        number = int(seconds / size)
        if number >= 1:
            return f"{number} {one if number == 1 else many}"
    return "menos de un minuto"


def _typeset(text: str) -> str:
    """Put MathML in the place of the formulas in clean HTML."""

    def typeset(found: re.Match[str]) -> str:
        formula = mathml(html.unescape(found[2]), display=bool(found[1]))
        return f'<span class="formula{found[1] or ""}">{formula}</span>'

    return _FORMULA.sub(typeset, text)
