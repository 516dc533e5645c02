"""The pages of the sandbox: plain French HTML, readable by anyone, no script, no inline style."""

from collections.abc import Iterable, Mapping
from html import escape

from jalon_sandbox.psc.people import Professional
from jalon_sandbox.psc.wire import Response

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
p.note { border-left: .25rem solid #b34000; padding: .5rem 1rem; }
ul { list-style: none; padding: 0; }
li { margin: .75rem 0; }
button { font: inherit; text-align: left; width: 100%; padding: .75rem 1rem; cursor: pointer; }
button:focus-visible { outline: .2rem solid #0b5fff; outline-offset: .15rem; }
span { display: block; }
"""
NOTE = "Bac à sable\u00a0: ceci n’est pas Pro Santé Connect, et ces personnes sont fictives."


def style() -> Response:
    return Response(200, STYLE.encode(), (("Content-Type", "text/css; charset=utf-8"),))


def choose(
    professionals: Iterable[Professional], *, action: str, transaction: str, party: str, form_targets: str
) -> Response:
    """Who signs in? One button a person, and one to give up."""
    items = "".join(_choice(professional) for professional in professionals)
    return _page(
        "Qui se connecte\u00a0?",
        f"<p>Le logiciel «\u00a0{escape(party)}\u00a0» demande votre identité professionnelle.</p>"
        f'<form method="post" action="{escape(action)}">{_hidden({"transaction": transaction})}'
        f"<ul>{items}</ul>"
        '<button name="cancel" value="1">Annuler et revenir au logiciel</button></form>',
        form_targets=form_targets,
    )


def _choice(professional: Professional) -> str:
    name = f"{professional.given_name} {professional.family_name}"
    return (
        f'<li><button name="professional" value="{escape(professional.national_id)}">'
        f"<strong>{escape(name)}</strong><span>{escape(professional.label)}</span></button></li>"
    )


def device(requests: Mapping[str, tuple[Professional, str]], *, action: str) -> Response:
    """What waits on the telephones: a request may be accepted or refused."""
    items = "".join(_waiting(key, who, code, action) for key, (who, code) in requests.items())
    return _page("Application e-CPS", f"<ul>{items}</ul>" if items else "<p>Aucune demande n’attend.</p>")


def _waiting(key: str, who: Professional, code: str, action: str) -> str:
    name = f"{who.given_name} {who.family_name}"
    return (
        f'<li><form method="post" action="{escape(action)}">{_hidden({"auth_req_id": key})}'
        f"<p>{escape(name)}, le code affiché est-il <strong>{escape(code)}</strong>\u00a0?</p>"
        '<button name="answer" value="accept">Oui, je me connecte</button>'
        '<button name="answer" value="refuse">Non, ce n’est pas moi</button></form></li>'
    )


def message(title: str, text: str, status: int = 200) -> Response:
    return _page(title, f"<p>{escape(text)}</p>", status)


def _hidden(values: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in values.items()
    )


def _page(title: str, content: str, status: int = 200, *, form_targets: str = "") -> Response:
    html = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – bac à sable Pro Santé Connect</title>"
        '<link rel="stylesheet" href="/wallet/style.css">'
        f'</head><body><main><h1>{title}</h1><p class="note">{NOTE}</p>{content}</main></body></html>'
    )
    # Browsers apply form-action to the redirect that follows a form too: the software is named.
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {form_targets}"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy.strip()))
    return Response(status, html.encode(), headers)
