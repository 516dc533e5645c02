"""ReadDocument → HTML to show, and the PDF it carries.

Our own rendering, whatever stylesheet the sender attached (§3.9: a doubtful one is not to be run). The
fragment holds no style, no script, no image, no link but to itself: only the tags below, every text escaped.
A joined file is a link to `cda-file-…`, which whoever shows the fragment gives to what is in `joined`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from html import escape

from jalon.core import dates
from jalon.core.identifiers import display_ins
from jalon.formats.cda.body import PDF
from jalon.formats.cda.header import Author, Entity, Moment, Patient
from jalon.formats.cda.received import Attachment, Node, ReadDocument, ReadSection

TEXT = "text/plain"
_SAME = {"thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "tr": "tr", "sub": "sub", "sup": "sup"}
_BLOCKS = {"paragraph", "list", "table"}
_DROPPED = {"col", "colgroup", "footnoteRef"}
_STYLES = (("bold", "strong"), ("italic", "em"), ("emphasis", "em"), ("underline", "u"))
_ANCHOR = re.compile(r"[^A-Za-z0-9_.-]+")
_SEXES = {"M": "sexe masculin", "F": "sexe féminin", "U": "sexe indéterminé"}
# A wide table scrolls in its box, by the keyboard too.
_BOX = '<div class="cda-table" role="group" aria-label="Tableau" tabindex="0">'
_MAX_SPAN = 100
_MAX_HEADING = 6


def fragment(document: ReadDocument, *, heading: int = 2) -> str:
    """The whole document as one `article`; its title is an `h{heading}`. Safe to insert as it is."""
    title = document.title or (document.code.display if document.code else "") or "Document sans titre"
    return (
        f'<article class="cda"><header class="cda-header"><h{heading}>{escape(title)}</h{heading}>'
        f"{facts(document)}</header>{_body(document, heading + 1)}</article>"
    )


def pdf_of(document: ReadDocument) -> bytes | None:
    """The PDF to show first: the body of an N1, or the copy that an N3 carries (§2.2.1)."""
    if document.embedded:
        return document.embedded.data if document.embedded.media_type == PDF else None
    copies = (found.data for found in document.attachments if found.is_copy and found.media_type == PDF)
    return next(copies, None)


def joined(document: ReadDocument) -> tuple[Attachment, ...]:
    """The files that come with the text: a body that is neither a PDF nor words, then what entries carry."""
    body = document.embedded
    if body and body.media_type not in (PDF, TEXT):
        return (Attachment(body.media_type, body.data), *document.attachments)
    return document.attachments


def anchor(identifier: str) -> str:
    """An identifier of the document, prefixed so that no document can name an element of our page."""
    return f"cda-{_ANCHOR.sub('-', identifier)}"


# --- header ----------------------------------------------------------------------------------------


def facts(document: ReadDocument) -> str:
    """What the header says, as a `dl`: safe to insert as it is."""
    rows = (
        ("Personne", _person(document.patient)),
        ("Date", _when(document.effective_time)),
        ("Type", document.code.display if document.code else ""),
        ("Auteur", " ; ".join(filter(None, map(_author, document.authors)))),
        ("Responsable", _entity(document.legal_authenticator.entity) if document.legal_authenticator else ""),
        ("Conservé par", document.custodian.name if document.custodian else ""),
        ("Version", str(document.version or "")),
    )
    shown = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in rows if value)
    return f'<dl class="cda-facts">{shown}</dl>'


def _person(patient: Patient) -> str:
    name = " ".join(
        filter(None, (patient.birth_name.upper(), patient.first_name or patient.birth_first_names))
    )
    used = " ".join(filter(None, (patient.used_first_name, patient.used_name)))
    birth = patient.birth_date
    parts = (
        name,
        f"utilise {used}" if used else "",
        dates.born(patient.sex or "", birth, patient.birth_date_precision) if birth else "",
        _SEXES.get(patient.sex or "", ""),
        f"INS {display_ins(patient.ins.matricule, masked=True)}" if patient.ins else "",
    )
    return ", ".join(filter(None, parts))


def _when(moment: Moment | None) -> str:
    if moment is None:
        return ""
    at = f" à {dates.clock(moment)}" if isinstance(moment, dt.datetime) else ""
    return f"{dates.full_date(moment)}{at}"


def _author(author: Author) -> str:
    return _entity(author.entity) or (author.device.software if author.device else "")


def _entity(entity: Entity) -> str:
    name = entity.person.text if entity.person else ""
    profession = entity.profession.display if entity.profession else ""
    organization = entity.organization.name if entity.organization else ""
    return ", ".join(filter(None, (name, profession, organization)))


# --- sections --------------------------------------------------------------------------------------


def _body(document: ReadDocument, level: int) -> str:
    embedded = document.embedded
    if embedded is None:
        return "".join(_section(section, level) for section in document.sections)
    if embedded.media_type == TEXT:
        lines = escape(embedded.data.decode("utf-8", errors="replace")).splitlines()
        return f'<p class="cda-text">{"<br>".join(lines)}</p>'
    kind = "un PDF" if embedded.media_type == PDF else f"un fichier {escape(embedded.media_type)}"
    return f'<p class="cda-note">Le contenu de ce document est {kind}.</p>'


def _section(section: ReadSection, level: int) -> str:
    """A section without a title is no level of its own: what is inside keeps the one it would have had."""
    level = min(level, _MAX_HEADING)
    title = f"<h{level}>{escape(section.title)}</h{level}>" if section.title else ""
    inner = "".join(_section(found, level + bool(title)) for found in section.sections)
    narrative = (
        f'<div class="cda-narrative">{_children(section.narrative)}</div>' if section.narrative else ""
    )
    return f'<section class="cda-section">{title}{narrative}{inner}</section>'


# --- narrative -------------------------------------------------------------------------------------


def _children(children: Iterable[Node | str]) -> str:
    return "".join(escape(child) if isinstance(child, str) else _node(child) for child in children)


def _node(node: Node) -> str:
    if node.tag in _DROPPED:
        return ""
    return _RENDERERS.get(node.tag, _same)(node)


def _same(node: Node) -> str:
    """The HTML element of the same name, or only what is inside an element that we do not know."""
    tag = _SAME.get(node.tag)
    return f"<{tag}>{_children(node.children)}</{tag}>" if tag else _children(node.children)


def _anchor(node: Node) -> str:
    return f' id="{anchor(node.get("ID"))}"' if node.get("ID") else ""


def _styled(node: Node) -> str:
    """What is inside, in the styles that HTML can say without CSS."""
    style = node.get("styleCode").lower()
    inner = _children(node.children)
    for word, tag in _STYLES:
        if word in style:
            inner = f"<{tag}>{inner}</{tag}>"
    return inner


def _content(node: Node) -> str:
    return f"<span{_anchor(node)}>{_styled(node)}</span>" if node.get("ID") else _styled(node)


def _paragraph(node: Node) -> str:
    holds_blocks = any(isinstance(child, Node) and child.tag in _BLOCKS for child in node.children)
    tag = "div" if holds_blocks else "p"
    return f"<{tag}{_anchor(node)}>{_styled(node)}</{tag}>"


def _list(node: Node) -> str:
    tag = "ol" if node.get("listType") == "ordered" else "ul"
    captions = [child for child in node.children if isinstance(child, Node) and child.tag == "caption"]
    items = [child for child in node.children if isinstance(child, Node) and child.tag == "item"]
    title = "".join(f'<p class="cda-caption">{_children(caption.children)}</p>' for caption in captions)
    return f"{title}<{tag}{_anchor(node)}>{''.join(map(_item, items))}</{tag}>"


def _item(node: Node) -> str:
    return f"<li{_anchor(node)}>{_children(node.children)}</li>"


def _table(node: Node) -> str:
    return f"{_BOX}<table{_anchor(node)}>{_children(node.children)}</table></div>"


def _caption(node: Node) -> str:
    return f"<caption>{_children(node.children)}</caption>"


def _cell(node: Node) -> str:
    spans = _span(node, "colspan") + _span(node, "rowspan")
    inner = _styled(node)
    if node.tag == "td" or not inner.strip():  # an empty corner is the title of nothing
        return f"<td{_anchor(node)}{spans}>{inner}</td>"
    scope = "row" if node.get("scope") == "row" else "col"
    return f'<th{_anchor(node)}{spans} scope="{scope}">{inner}</th>'


def _span(node: Node, name: str) -> str:
    text = node.get(name)
    size = min(int(text), _MAX_SPAN) if re.fullmatch(r"\d{1,3}", text, re.ASCII) else 1
    return f' {name}="{size}"' if size > 1 else ""


def _link(node: Node) -> str:
    """Only a link inside the document stays a link."""
    target = node.get("href")
    inner = _children(node.children)
    return f'<a href="#{anchor(target[1:])}">{inner}</a>' if target.startswith("#") else inner


def _media(node: Node) -> str:
    target = anchor(f"file-{node.get('referencedObject')}")
    return f'<a class="cda-media" href="#{target}">Voir l’image ou le fichier joint</a>'


_RENDERERS: dict[str, Callable[[Node], str]] = {
    "content": _content,
    "paragraph": _paragraph,
    "list": _list,
    "item": _item,
    "table": _table,
    "caption": _caption,
    "th": _cell,
    "td": _cell,
    "br": lambda _: "<br>",
    "linkHtml": _link,
    "renderMultiMedia": _media,
    "footnote": lambda node: f"<small{_anchor(node)}>{_children(node.children)}</small>",
}
