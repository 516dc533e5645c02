"""A form as a browser holds it, ready to be sent back."""

import re
from typing import Any

import lxml.html
from django.test import Client


def filled(client: Client, url: str) -> dict[str, Any]:
    """What the form of this page sends when nobody touches it."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return sent_by(page)


def sent_by(page: Any) -> dict[str, Any]:
    """The same, of a page that is there.

    The form is the one that posts to its own page. A browser drops the line end that opens a text area and
    those of a box of one line, and writes the others its own way.
    """
    (form,) = lxml.html.fromstring(page.content.decode()).xpath('//form[@method="post"][not(@action)]')
    areas = {area.name for area in form.xpath(".//textarea")}
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        text = re.sub(r"\r\n?|\n", "\r\n", value) if name in areas else re.sub(r"[\r\n]", "", value)
        sent.setdefault(name, []).append(text.removeprefix("\r\n") if name in areas else text)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}
