"""What follows a sign-in, whatever door it came by: the library says so, and this listens."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from jalon.web.account.opened import begun


@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    begun(request)
