"""The words of what instructors get, in the language of the edition: English, or one of templates/report/<language>.po.

A catalogue has the English sentences of the templates and of the code beside their translations, in gettext's format.
"""

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ..course import Course

CATALOGUES = Path(__file__).with_name("templates") / "report"


def wording(course: Course) -> tuple[str, gettext.NullTranslations]:
    """Return (language, gettext's translations) of a Course: "en" and none where its edition has no catalogue."""
    language = course.edition
    catalogue = CATALOGUES / f"{language}.po"
    if not catalogue.is_file():
        return "en", gettext.NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return language, gettext.GNUTranslations(compiled)
