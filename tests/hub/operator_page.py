"""The commands of docs/operator.md, for tests that run them."""

import re

from ..conftest import ROOT

PAGE = (ROOT / "docs" / "operator.md").read_text("utf-8")


def documented(heading):
    """Return the shell commands that the page names under a heading, one a line, without comments."""
    block = re.search(rf"^## {heading}$.*?^```sh$\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)
    return [line.partition("  #")[0].strip() for line in block.splitlines()]
