"""LaTeX formulas as MathML, which browsers show by themselves: no script, no network."""

import html
import re
from xml.etree.ElementTree import tostring

from latex2mathml.converter import convert_to_element

MAX_LENGTH = 2000  # characters of one formula
TAGS = set(
    """
    math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub
    msubsup msup mtable mtd mtext mtr munder munderover
    """.split()
)
_WORD = re.compile(r"[a-z0-9 ]+")
_LENGTHS = re.compile(r"([0-2]?(\.\d+)?em|\dpt)( ([0-2]?(\.\d+)?em|\dpt))*")  # too small to leave its place
ATTRIBUTES = {
    **dict.fromkeys(("display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "form"), _WORD),
    **dict.fromkeys(("accent", "accentunder", "movablelimits", "columnalign", "notation", "separator"), _WORD),
    **dict.fromkeys(("width", "lspace", "rspace", "columnspacing", "rowspacing", "minsize", "maxsize"), _LENGTHS),
    **dict.fromkeys(("linethickness", "mathcolor"), re.compile(r"[a-z0-9]+|#[0-9a-fA-F]{3,6}")),
}
_DEFINES = re.compile(r"\\(def|newcommand|renewcommand|providecommand)\b")  # could grow without end
_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")


def mathml(latex: str, display: bool = False) -> str:
    """Return a formula as MathML that is safe to put into a page, or as plain code if it cannot be read.

    latex: without its dollar signs; display: on a line of its own.
    """
    if len(latex) > MAX_LENGTH or _DEFINES.search(latex):
        return _plain(latex)
    try:
        known = _ALIGNED.sub(r"\\\1{align*}", latex)  # latex2mathml knows that one only, which looks the same
        element = convert_to_element(known, display="block" if display else "inline")
    except Exception:  # of many kinds, some of Python's own; a student may write anything between dollar signs
        return _plain(latex)
    for part in element.iter():
        if part.tag not in TAGS:
            return _plain(latex)
        # latex2mathml leaves escaping to its own last step, which lets tags of the formula through.
        part.text = html.unescape(part.text or "")
        part.attrib = {k: v for k, v in part.attrib.items() if k in ATTRIBUTES and ATTRIBUTES[k].fullmatch(v)}
    return tostring(element, encoding="unicode", short_empty_elements=False)


def _plain(latex: str) -> str:
    return f"<code>{html.escape(latex)}</code>"
