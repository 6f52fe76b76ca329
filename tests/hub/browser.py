"""What students and instructors do in a browser, on the pages of JupyterLab and the formgrader."""

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium")
NO_CHROMIUM = "There is no Chromium: apt install chromium."
PICTURES = os.environ.get("SCREENSHOTS")  # a folder; without it no pictures are kept
SIZE = {"width": 1200, "height": 760}
SECONDS = 1000  # Playwright counts in milliseconds
SEEN = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # the notebook on top; the index may be open behind it


class Visitor:
    """One user's browser window on the hub."""

    def __init__(self, page, hub, user):
        self.page, self.hub, self.user = page, hub, user

    def open(self, path, ready, seconds=90):
        """Open a path of the user's server, logging in and starting the server if need be; wait for `ready` on it."""
        self.page.goto(f"{self.hub.url}/hub/user-redirect/{path}", wait_until="domcontentloaded")
        name, arrived = self.page.locator("#username_input"), self.page.locator(ready).first
        expect(name.or_(arrived).first).to_be_visible(timeout=seconds * SECONDS)
        if name.is_visible():
            name.fill(self.user.name)
            self.page.locator("#password_input").fill(self.hub.password)
            self.page.locator("#login_submit").click()
            expect(arrived).to_be_visible(timeout=seconds * SECONDS)

    # In JupyterLab

    def open_lab(self):
        """Open JupyterLab."""
        self.open("lab", ".jp-Launcher, .jp-NotebookPanel, .jp-FileBrowser")

    def menu(self, *names):
        """Choose an entry from a menu of JupyterLab."""
        for place, name in enumerate(names):
            bar = self.page.locator("#jp-MainMenu" if place == 0 else ".lm-Menu")
            bar.get_by_role("menuitem", name=name, exact=True).click()

    def assignment_list(self, status):
        """Open the assignment list, or look again; return its part "released", "fetched" or "submitted"."""
        tab = self.page.locator(".lm-TabBar-tab", has_text="Assignments")
        if tab.count():
            tab.click()
            self.page.locator("#refresh_assignments_list").click()
        else:
            self.menu("Nbgrader", "Assignment List")
        part = self.page.locator(f"#{status}_assignments_list")
        expect(part.locator(".list_loading")).to_be_hidden(timeout=30 * SECONDS)
        return part

    def fetch(self, assignment):
        """Fetch an assignment."""
        self.assignment_list("released").locator(".list_item", has_text=assignment).get_by_text("Fetch").click()
        fetched = self.page.locator("#fetched_assignments_list .list_item", has_text=assignment).first
        expect(fetched).to_be_visible(timeout=30 * SECONDS)

    def submit(self, assignment):
        """Submit an assignment."""
        self.assignment_list("fetched").get_by_role("button", name="Submit").click()
        submitted = self.page.locator("#submitted_assignments_list .list_item", has_text=assignment).first
        expect(submitted).to_be_visible(timeout=30 * SECONDS)

    def unfold(self, assignment):
        """Show the notebook of a fetched assignment in the list."""
        self.assignment_list("fetched").locator(".assignment-notebooks-link", has_text=assignment).click()

    def read_feedback(self, assignment):
        """Fetch the feedback of a submitted assignment and open it; return the body of the page."""
        self.assignment_list("submitted").get_by_role("button", name="Fetch Feedback").click()
        self.page.get_by_text("(view feedback)").click()
        self.page.locator(".jp-DirListing-item", has_text=f"{assignment}.html").dblclick()
        body = self.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
        expect(body).to_be_visible(timeout=30 * SECONDS)
        return body

    def open_notebook(self, assignment):
        """Open the notebook of an unfolded assignment."""
        self.page.locator("#fetched_assignments_list .nested_list_item a", has_text=assignment).click()
        expect(self.page.locator(f"{SEEN} .jp-Cell:visible").first).to_be_visible(timeout=60 * SECONDS)
        self.wait_until_idle()

    def wait_until_idle(self, seconds=120):
        """Wait until the kernel has nothing left to do."""
        status = self.page.locator("#jp-main-statusbar").get_by_text(re.compile(r"\| Idle$"))
        expect(status).to_be_visible(timeout=seconds * SECONDS)

    def bring(self, element):
        """Bring an element of the notebook to the middle of the window, and return it.

        JupyterLab lays cells out as they come into view, which moves the others: scroll until nothing moves.
        """
        place = None
        for _ in range(30):
            element.evaluate("element => element.scrollIntoView({block: 'center'})")
            self.page.wait_for_timeout(300)
            before, place = place, element.bounding_box()
            if place == before:
                return element
        raise AssertionError(f"The notebook did not come to rest around {element}")

    def write(self, text, source):
        """Replace the source of the code cell with this text."""
        cell = self.page.locator(".jp-Notebook .jp-CodeCell", has_text=text).first
        self.bring(cell).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def validate(self, seconds=180):
        """Press Validate; return the text of its answer, the dialog still open."""
        self.page.locator(f"{SEEN} .jp-NotebookPanel-toolbar").get_by_text("Validate", exact=True).click()
        answer = self.page.locator(".jp-Dialog #validation-message")
        expect(answer).to_be_visible(timeout=seconds * SECONDS)
        return answer.inner_text()

    def close_dialog(self):
        """Close JupyterLab's dialog."""
        self.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    # In the formgrader

    def open_formgrader(self, path, ready):
        """Open a page of the formgrader and wait for `ready` on it."""
        self.open(f"formgrader/{path}", ready)

    def press(self, row, column, seconds=60):
        """Press the button in a column of the row with this text; return what the formgrader says when it is done."""
        self.page.locator("tr", has_text=row).locator(f"td.{column} a").click()
        modal = self.page.locator("#success-modal, #error-modal")
        expect(modal).to_be_visible(timeout=seconds * SECONDS)
        text = modal.inner_text()
        modal.get_by_role("button", name="OK").click()
        expect(modal).to_have_count(0)
        return text


def picture(page, name):
    """Keep a picture of the page for the docs, if pictures are wanted."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


@contextmanager
def chromium(folder):
    """Yield a function that opens a window, with cookies of its own, in one browser for all.

    The last that each window showed is kept as a picture in `folder`.
    """
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root, and all pages here are the course's own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])

        def window(**options):
            page = browser.new_context(viewport=SIZE, locale="es-ES", **options).new_page()
            page.set_default_timeout(30 * SECONDS)
            return page

        try:
            yield window
        finally:
            for number, context in enumerate(browser.contexts):
                context.pages[0].screenshot(path=folder / f"last-{number}.png")
            browser.close()
