"""What a browser would send of a page's form, nothing typed: its fields with the values that are shown."""

from typing import Any

from django.test import Client
from lxml import html


def filled(client: Client, url: str) -> dict[str, Any]:
    """The fields of the first form of the page's content that is sent, as they stand."""
    answer = client.get(url)
    assert answer.status_code == 200, (answer.status_code, url)
    page = html.document_fromstring(answer.content.decode())
    form: Any = page.xpath('//main//form[@method="post"]')[0]
    names = {field.name for field in form.inputs if field.name and field.get("type") != "file"}
    values = {name: _value(form, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _value(form: Any, name: str) -> Any:
    """One value, or the list of those chosen."""
    value = form.inputs[name].value
    return list(value) if isinstance(value, set | html.MultipleSelectOptions) else value
