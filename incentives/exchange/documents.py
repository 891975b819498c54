"""Documents as PDF: set by typst from a template of the feature, with fonts that are embedded, so that every phone shows them.

A template is ``templates/<feature>/<name>.typ``. It begins with ``#import "/documents/house.typ": *`` and finds its
sentences, already in the reader's language, in ``data``: text never becomes markup. The same data give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import typst

from incentives.config import resource
from incentives.core.errors import Plain

ARCHIVE: Final = "a-2u"
"""PDF/A-2u: readable for decades, each sign with its meaning."""


def as_pdf(template: str, *, title: str, footer: str, lang: str, at: datetime, data: Mapping[str, Plain]) -> bytes:
    """A document as a file.

    Args:
        template: the feature's folder and the template's name, such as ``payroll/payslip``.
        title: what the document calls itself to readers of PDF.
        footer: a line at the foot of each page, beside the number of the page.
        lang: the language of the text, such as ``zh``.
        at: aware; when the document was made. Part of the bytes, so give the day of what it tells, not of the download.
        data: what the template shows; ``title``, ``footer`` and ``lang`` are added.
    """
    told = {**data, "title": title, "footer": footer, "lang": lang}
    templates = resource("templates")
    return typst.compile(
        str(templates / f"{template}.typ"),
        root=str(templates),
        font_paths=[str(resource("seeds") / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=[ARCHIVE],
        timestamp=at.replace(microsecond=0),
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
    )
