"""Feedback pages in Spanish: nbgrader's GenerateFeedback with the course's own page (templates/feedback_es).

A page runs no script and loads nothing: it can be kept, mailed, printed and read offline.
"""

import html
import re
from pathlib import Path

import bleach
from bs4 import BeautifulSoup
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.converters import GenerateFeedback
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from .clean import clean_html
from .formulas import mathml
from .freshness import drop_stale_pages

TEMPLATES = Path(__file__).with_name("templates")
_CODE = re.compile(r"`([^`\n]+)`")


class FeedbackExporter(HTMLExporter):
    """Makes the page of a notebook that grader.results.CourseGrades has been over."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if isinstance(self.parent, GenerateFeedback):
            drop_stale_pages(self.parent)

    @property
    def default_config(self):
        """The template, which nbgrader sets for all exporters to its own."""
        config = Config(super().default_config)
        config.FeedbackExporter.template_name = "feedback_es"
        config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
        return config

    def default_filters(self):
        """Add this page's filters to nbconvert's."""
        yield from super().default_filters()
        yield from {"prose": prose, "phrase": phrase, "message": message, "harmless": clean_html}.items()
        yield from {"points": points, "lateness": lateness}.items()

    def _init_resources(self, resources):
        resources = super()._init_resources(resources)
        resources["code_css"] = HtmlFormatter(style="default").get_style_defs(".highlight")
        resources["dark_code_css"] = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
        return resources


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, one level of headings lower, its formulas in spans for `_typeset`."""

    def heading(self, text, level, **attrs):
        return super().heading(text, min(level + 1, 6), **attrs)

    def inline_math(self, body):
        return f'<span class="formula">{html.escape(body)}</span>'

    def block_math(self, body):
        return f'<span class="formula display">{html.escape(body)}</span>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


@pass_context
def prose(context, source):
    """Return Markdown as clean HTML with its formulas as MathML; a Jinja filter."""
    attachments = (context.get("cell") or {}).get("attachments", {})
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return _typeset(clean_html(MarkdownWithMath(renderer=renderer).render(source)))


def phrase(source):
    """Return one line of Markdown, as of a heading, as HTML that can stand in a link."""
    text = MarkdownWithMath(renderer=_Renderer(escape=False)).render(source).strip()
    return _typeset(bleach.clean(text, {"code", "em", "strong", "sub", "sup", "span"}, {"span": ["class"]}, strip=True))


def message(text):
    """Return plain text as HTML, with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


def points(number):
    """Return points without superfluous zeros."""
    return f"{round(float(number), 2):g}"


def lateness(seconds):
    """Return seconds as days, hours or minutes, in Spanish."""
    for size, one, many in ((86400, "día", "días"), (3600, "hora", "horas"), (60, "minuto", "minutos")):
        number = int(seconds / size)
        if number >= 1:
            return f"{number} {one if number == 1 else many}"
    return "menos de un minuto"


def _typeset(text):
    """Put MathML in the place of the formulas in clean HTML."""
    if 'class="formula' not in text:
        return text
    soup = BeautifulSoup(text, "html.parser")
    for span in soup.select("span.formula"):
        formula = mathml(span.get_text(), display="display" in span["class"])
        span.clear()
        span.append(BeautifulSoup(formula, "html.parser"))
    return str(soup)
