"""A form carries a key, drawn with its page: sent twice, it is the same act (`jalon.audit.actions.once`)."""

import hashlib
import uuid

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

KEY = "envoi"
# What differs from one sending to the other of a same form.
APART = {"csrfmiddlewaretoken"}


def key_input() -> SafeString:
    """The hidden field of the key."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, uuid.uuid4().hex)


def sent_form(request: HttpRequest) -> str:
    """64 characters that name the form that was sent and what it says; nothing when it carries no key.

    What it says counts: whoever goes back and writes something else acts a second time.
    """
    if not request.POST.get(KEY):
        return ""
    said = sorted((name, texts) for name, texts in request.POST.lists() if name not in APART)
    files = sorted((name, [_told(file) for file in files]) for name, files in request.FILES.lists())
    return hashlib.sha256(repr((request.path, said, files)).encode(errors="surrogatepass")).hexdigest()


def _told(file: UploadedFile) -> tuple[str, str]:
    """The name of a file and its bytes: a telephone names each picture « image.jpg »."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return str(file), digest.hexdigest()
