"""`make lab` opens JupyterLab on the index, and the index leads to the notebooks."""

import os
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from ..accessibility import violations
from ..course import BIN, ROOT, free_ports, wait_for_answer
from .browser import SECONDS, picture


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of the JupyterLab that `make lab` starts."""
    (port,) = free_ports(1)
    folder = tmp_path_factory.mktemp("lab")
    url, log = f"http://127.0.0.1:{port}", folder / "lab.log"
    options = f"--no-browser --allow-root --port={port} --IdentityProvider.token="
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "--old-file=.venv/ready", "lab", f"LAB_OPTIONS={options}"],
            cwd=ROOT,
            # Settings and open tabs of whoever runs the tests stay out of it.
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for_answer(f"{url}/api", process, log)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_make_lab_opens_on_the_index_and_the_index_on_a_notebook(lab, window):
    page = window()
    page.goto(lab)
    expect(page.get_by_role("heading", name="Redes neuronales artificiales")).to_be_visible(timeout=60 * SECONDS)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Idle")
    page.get_by_role("button", name="No", exact=True).click()  # JupyterLab offers its news
    picture(page, "indice")
    assert not violations(page, "'.jp-Notebook .jp-RenderedMarkdown'")
    page.get_by_role("link", name="Ejercicio del vino").click()
    expect(page.get_by_role("heading", name="Ejercicio del vino")).to_be_visible()
