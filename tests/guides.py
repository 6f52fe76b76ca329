"""The guides in docs/, for tests that run what they say."""

import re

from .course import ROOT


def blocks(guide, language, heading=""):
    """Return the code blocks of a language in a guide, all or those under a heading, in their order."""
    text = (ROOT / "docs" / guide).read_text("utf-8")
    if heading:
        text = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group(1)
    return re.findall(rf"^```{language}$\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(guide, heading=""):
    """Return the shell commands that a guide names, one a line, without comments."""
    lines = "".join(blocks(guide, "sh", heading)).splitlines()
    return [line.partition("  #")[0].strip() for line in lines]
