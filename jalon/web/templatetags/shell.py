"""The shell around the pages of one's own account: they are allauth's, written for Django's own templates."""

from typing import Any

from django.template import Library, engines
from django.utils.safestring import SafeString, mark_safe

from jalon.web.context import FRAME, shell

register = Library()


@register.simple_tag(takes_context=True)
def in_the_shell(context: dict[str, Any]) -> bool:
    """Is whoever reads this page in? A session still to be proved has no menu."""
    return _told(context).get("frame") == FRAME


@register.simple_tag(takes_context=True)
def frame_class(context: dict[str, Any]) -> str:
    """How the page stands: alone, or under the ribbon of the demonstration."""
    if not in_the_shell(context):
        return "seule"
    return "demo" if _told(context)["demo"] else ""


@register.simple_tag(takes_context=True)
def part(context: dict[str, Any], name: str) -> SafeString:
    """A part of the shell, as every page of professionals has it."""
    pages: Any = engines["jinja2"]
    drawn = pages.env.get_template(f"layout/{name}.html").render(_told(context))
    return mark_safe(drawn)  # noqa: S308  our own template, escaped by its engine


def _told(context: dict[str, Any]) -> dict[str, Any]:
    """What the shell says, asked once a page."""
    request = context["request"]
    if not hasattr(request, "shell_told"):
        request.shell_told = shell(request)
    told: dict[str, Any] = request.shell_told
    return told
