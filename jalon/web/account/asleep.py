"""A page that nobody uses any more leaves the screen when its session ends, on a post that others share.

The browser does it by itself, without script: the answer says when, and where to go. That page holds nothing
of anybody, and is no use of the session.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET

from jalon.web.account.post import named, to_the_post, turn_of


@require_GET
def asleep(request: HttpRequest) -> HttpResponse:
    """« Reprendre »: the page that was left, or the door when the session has ended."""
    left = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(left, allowed_hosts=None)
    onward = left if ours else reverse("home:day")
    if not request.user.is_authenticated and named(request):
        return to_the_post({"next": onward, "qui": request.GET.get("qui", "")})
    return render(request, "account/asleep.html", {"onward": onward}, using="jinja2")


def falls_asleep(request: HttpRequest, answer: HttpResponse) -> None:
    """Tell the browser when to leave this page. Its words of search stay in nobody's address bar."""
    whole = (
        answer.headers.get("Content-Type", "").startswith("text/html") and "HX-Request" not in request.headers
    )
    if whole and answer.status_code not in range(300, 400) and request.path != reverse("asleep"):
        left = {"next": request.path if request.method == "GET" else reverse("home:day")}
        who = {"qui": turn_of(request)} if turn_of(request) else {}
        after = request.session.get_session_cookie_age()
        answer.headers["Refresh"] = f"{after}; url={reverse('asleep')}?{urlencode(left | who)}"


def is_use(request: HttpRequest) -> bool:
    """Does this request show that somebody is there?"""
    return request.path != reverse("asleep")
