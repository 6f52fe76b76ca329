"""axe-core, which finds what keeps people from using a page, in the browser of the tests."""

import sys
from pathlib import Path

AXE = Path(sys.prefix, "lib", "node_modules", "axe-core", "axe.min.js")
NO_AXE = "No axe-core in the environment: `make .venv/browser` installs it with npm."


def violations(page, within="document"):
    """Return what is seriously wrong on a page of Playwright's: [(rule, what it asks for, the first element)].

    within: JavaScript of what to look at.
    """
    assert AXE.exists(), NO_AXE
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run({within})")["violations"]
    return [
        (rule["id"], rule["help"], rule["nodes"][0]["html"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
