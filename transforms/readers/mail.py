"""What somebody wrote in an e-mail, without the history that it quotes and the signature below."""

import re
from typing import Any

from transforms.readers.html import html_text, tidy, tree_of, tree_text

MOST_LINES = 1000  # of a mail that are searched for the beginning of its history
_CLASSES = (
    "gmail_quote",
    "gmail_signature",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-signature",
    "protonmail_quote",
    "zendesk_quoted",
    "freshdesk_quote",
    "front-signature",
    "intercom-signature",
    "OutlookMessageHeader",
)
_FROM_HERE = ("appendonsend", "divRplyFwdMsg")  # by which Outlook marks where the history begins
_QUOTES = " | ".join(
    [
        *(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]" for name in _CLASSES),
        "//blockquote[@type='cite']",
        *(f"//*[@id='{id_}'] | //*[@id='{id_}']/following-sibling::node()" for id_ in _FROM_HERE),
    ]
)
_WROTE = re.compile(r"^(Le .{5,200} a écrit)\s*:\s*$", re.MULTILINE)  # with whatever space before the colon
_BELOW = re.compile(
    r"^(?:--|_{10,}|##- .{5,100} -##"
    r"|-{2,} ?(?:Original Message|Message d['’]origine|Forwarded message|Message transféré) ?-{2,}"
    r"|(?:Sent from (?:my|Outlook)|Get Outlook for|Envoyé (?:de|depuis|à partir de)|Télécharger Outlook) .{2,60})$",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^((?:(?:with )?(?:best|kind|kindest|warm|warmest) (?:regards|wishes)|regards|(?:yours )?(?:sincerely|faithfully)"
    r"|(?:bien |très )?cordialement|bien à (?:vous|toi)|cdlt|(?:sincères |meilleures )?salutations)\s*[,.!]?)\n"
    r"(?:.{1,80}(?:\n|\Z)){1,8}\Z",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^>.*\n?", re.MULTILINE)


def own_words(html: str) -> str:
    """The text that the sender wrote; all of it where nothing else would be left."""
    tree = tree_of(html)
    if tree is None:
        return _above(html_text(html))
    for quote in tree.xpath(_QUOTES):
        _take_out(quote)
    return _above(tree_text(tree)) or html_text(html)


def _take_out(node: Any) -> None:
    """Removes an element, and of a text beside one the words; what follows an element stays."""
    parent = node.getparent()
    if isinstance(node, str):
        parent.tail = None
    elif parent is not None:
        before = node.getprevious()
        tail = node.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(node)


def _above(text: str) -> str:
    """What stands above the history and the signature, without the lines that are quoted."""
    own = _unquoted(text)
    found = _BELOW.search(own)
    own = _QUOTED_LINE.sub("", own[: found.start()] if found else own).strip()
    return tidy(_CLOSING.sub(r"\1", own)) or text


def _unquoted(text: str) -> str:
    import quotequail

    lines = text.split("\n")
    head = _WROTE.sub(r"\1 :", "\n".join(lines[:MOST_LINES]))
    found = quotequail.unwrap(head)
    if not found:
        return text
    return found.get("text_top") or ""
