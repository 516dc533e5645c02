"""A page with a form: shown, shown again with what is missing (422), or done and left."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse

from jalon.core.errors import DomainError
from jalon.web.http import Request


class DateInput(forms.DateInput):
    """A date with the browser's own picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class FormPage:
    """What such pages share. A page says its form, what saving does, its heading and where it leads."""

    template = "records/form.html"

    def form(self, data: Any = None) -> Any:
        """The form, filled with `data` when something was sent."""
        raise NotImplementedError

    def save(self, fields: dict[str, Any]) -> None:
        """Act on valid fields. Raises DomainError: shown above the form, and nothing typed is lost."""
        raise NotImplementedError

    def heading(self) -> str:
        raise NotImplementedError

    def back(self) -> HttpResponse:
        """Where the page leads once done."""
        raise NotImplementedError

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self._shown(self.form())

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.save(form.cleaned_data)
                messages.success(request, "Enregistré.")
                return self.back()
            except DomainError as refusal:
                form.add_error(None, str(refusal))
        return self._shown(form, 422)

    def _shown(self, form: Any, status: int = 200) -> HttpResponse:
        return self.show(status, form=form, heading=self.heading(), leave=self.back().headers["Location"])
